"""The patterns of the rules about wording, as they stand in files."""

from __future__ import annotations

import pytest

from askfirst.adapters.wording_pattern_files import built_in_wording_patterns, read_patterns
from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.locales import language_of


def test_every_language_of_the_built_in_prompts_has_patterns() -> None:
    spoken = {language_of(locale) for locale in built_in_catalogue().vocabularies}
    assert spoken <= set(built_in_wording_patterns().languages)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("a = ['x']", "xx.toml: b"),
        ("a = ['x']\nb = ['x']\nc = ['x']", "xx.toml: c"),
        ("a = ['x']\nb = []", "xx.toml: b"),
        ("a = ['x']\nb = ['']", "xx.toml: b"),
        ("a = ['x']\nb = 'x'", "xx.toml: b"),
    ],
)
def test_a_file_with_a_key_too_few_or_many_or_without_patterns_is_refused(
    text: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_patterns("xx", text, ("a", "b"))
    assert refused.value.field == field


def test_one_of_the_patterns_of_a_key_has_to_match() -> None:
    found = read_patterns("xx", r"a = ['offers?', '\bnews\b']", ("a",))["a"]
    assert [bool(found.search(words)) for words in ("an offer", "news", "newsagent")] == [
        True,
        True,
        False,
    ]
