"""Writes the files of stop words in one shape: no word twice in a slot, lines of 98 characters.

`python scripts/format_lexicon.py` rewrites what needs it; with `--check` it only says so, and the
exit code is 1 where a file would change.
"""

import sys
import textwrap
import tomllib
import unicodedata
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "src" / "askfirst" / "adapters" / "lexicon"
WIDTH = 98


def main() -> int:
    """Rewrite, or check."""
    checked = "--check" in sys.argv[1:]
    wrong = []
    for path in sorted(FOLDER.glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        shaped = shape(text)
        if shaped != text:
            wrong.append(path.name)
            if not checked:
                path.write_text(shaped, encoding="utf-8")
    for name in wrong:
        print(f"{name}: {'run scripts/format_lexicon.py' if checked else 'rewritten'}")
    return 1 if wrong and checked else 0


def shape(text: str) -> str:
    """Write one file anew; the comments before its first key stay."""
    lines = []
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            break
        lines.append(line)
    for key, value in tomllib.loads(text).items():
        lines.append(
            f"{key} = {str(value).lower()}" if isinstance(value, bool) else slot(key, value)
        )
    return "\n".join(lines) + "\n"


def slot(key: str, value: str) -> str:
    """Write one slot: on one line where it fits."""
    value = unicodedata.normalize("NFC", value)
    words = [" ".join(word.split()) for word in value.split(",")]
    together = ", ".join(dict.fromkeys(word for word in words if word))
    line = f"{key} = '{together}'"
    if len(line) <= WIDTH:
        return line
    return (
        f"{key} = '''\n"
        + "\n".join(textwrap.wrap(together, WIDTH, break_on_hyphens=False))
        + "\n'''"
    )


if __name__ == "__main__":
    sys.exit(main())
