"""Words are loaded in a compiled form, which counts for the very sources that it was made from."""

from __future__ import annotations

from pathlib import Path

import pytest

from askfirst.adapters import compiled_lexicon
from askfirst.adapters.compiled_lexicon import PLACE, SUFFIX, key_of, load_compiled, sources
from askfirst.adapters.lexicon_files import FOLDER, read_built_in, read_lexicon
from askfirst.domain.opt_out.classifier import OptOutClassifier
from askfirst.domain.opt_out.compiled_words import compile_words
from askfirst.domain.opt_out.lexicon import CompiledWords, Lexicon

WORDS = {
    "every_language": "stop = 'stop'",
    "xx": "stop = 'halt, =hált'\nsend = 'writ*'\nme = 'me'\nopt_out = 'leave me be'",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in WORDS.items():
        (tmp_path / f"{name}{SUFFIX}").write_text(text, encoding="utf-8")
    return tmp_path


class Reader:
    """Counts how often the files are read."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.times = folder, 0

    def __call__(self) -> Lexicon:
        self.times += 1
        return read_lexicon({one.stem: one.read_text("utf-8") for one in sources(self.folder)})


def stops(compiled: CompiledWords, text: str) -> bool:
    return OptOutClassifier(compiled).read_typed(text).is_stop


def test_words_are_compiled_once(folder: Path) -> None:
    read = Reader(folder)
    first, second = load_compiled(folder, read), load_compiled(folder, read)
    assert read.times == 1
    assert OptOutClassifier(first).stop_words("xx") == ("leave me be", "halt", "hált")
    for compiled in (first, second):
        assert stops(compiled, "halt")
        assert stops(compiled, "please leave me be")
        assert not stops(compiled, "be me leave")


def test_what_is_loaded_is_what_was_compiled() -> None:
    load_compiled(FOLDER, read_built_in)
    loaded, made = load_compiled(FOLDER, pytest.fail), compile_words(read_built_in())
    for field, one in made._asdict().items():
        assert _plain(getattr(loaded, field)) == _plain(one), field


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def test_a_changed_word_is_read_at_once(folder: Path) -> None:
    read = Reader(folder)
    assert not stops(load_compiled(folder, read), "basta")
    (folder / f"xx{SUFFIX}").write_text("stop = 'basta'", encoding="utf-8")
    assert stops(load_compiled(folder, read), "basta")
    (folder / f"yy{SUFFIX}").write_text("stop = 'genug'", encoding="utf-8")
    assert stops(load_compiled(folder, read), "genug")
    (folder / f"yy{SUFFIX}").unlink()
    assert not stops(load_compiled(folder, read), "genug")


def test_a_changed_program_compiles_anew(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = key_of(folder)
    program = tmp_path_factory.mktemp("program") / "spelling.py"
    program.write_text("def fold(text): return text", encoding="utf-8")

    class Spelling:
        __file__ = str(program)

    monkeypatch.setattr(compiled_lexicon, "_PROGRAM", (Spelling,))
    assert key_of(folder) != before


@pytest.mark.parametrize(
    "spoil",
    [
        lambda written: b"",
        lambda written: written[: len(written) // 2],
        lambda written: written.replace(b"halt", b"hilt"),
        lambda written: b"{}\n{}\n{}",
    ],
)
def test_a_spoilt_form_is_not_read_but_made_anew(folder: Path, spoil: object) -> None:
    read = Reader(folder)
    load_compiled(folder, read)
    place = folder / PLACE
    assert callable(spoil)
    written = place.read_bytes()
    place.write_bytes(spoil(written))
    assert stops(load_compiled(folder, read), "halt")
    assert read.times == 2
    assert place.read_bytes() == written


def test_an_installation_that_nobody_may_write_to_works(folder: Path) -> None:
    # A file where the folder should be: this stops root as well.
    (folder / PLACE.parent).write_text("", encoding="utf-8")
    read = Reader(folder)
    assert stops(load_compiled(folder, read), "halt")
    assert stops(load_compiled(folder, read), "halt")
    assert read.times == 2


def test_nothing_half_written_is_left(folder: Path) -> None:
    load_compiled(folder, Reader(folder))
    assert [one.name for one in (folder / PLACE.parent).iterdir()] == [PLACE.name]
