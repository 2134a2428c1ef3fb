"""Draws the house from its contracts: the layers of import-linter, and the features on disk.

    python scripts/house_picture.py            write the picture into docs/architecture.md
    python scripts/house_picture.py --check    say whether it is up to date

An arrow is an import that there is; one that goes over another layer is left out.
"""

import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[1]
ARCHITECTURE = ROOT / "docs" / "architecture.md"
_HOUSE = ROOT / "src" / "askfirst"
_BEGIN = "<!-- The house, drawn by scripts/house_picture.py -->"
_END = "<!-- End of the house -->"
_STACK = "Rooms are stacked"
_FEATURES = [
    "consent",
    "prompts",
    "codes",
    "entry_points",
    "sending",
    "inbound",
    "opt_out",
    "tenants",
    "events",
    "transparency",
]


def main(arguments: Sequence[str]) -> int:
    """Write the picture, or check it; the exit code says whether something was to do."""
    if list(arguments) not in ([], ["--check"]):
        print("usage: python scripts/house_picture.py [--check]", file=sys.stderr)
        return 2
    text = ARCHITECTURE.read_text(encoding="utf-8")
    wanted = drawn_into(text)
    if wanted == text:
        return 0
    if arguments:
        print(f"{ARCHITECTURE.name} is not up to date; run python scripts/house_picture.py")
        return 1
    ARCHITECTURE.write_text(wanted, encoding="utf-8")
    return 0


def drawn_into(text: str) -> str:
    """Return a page with the picture of today between its two marks.

    Raises:
        ValueError: the page has no marks.
    """
    if _BEGIN not in text or _END not in text:
        message = f"no place for the picture: the page needs {_BEGIN} and {_END}"
        raise ValueError(message)
    before, rest = text.split(_BEGIN, 1)
    after = rest.split(_END, 1)[1]
    return f"{before}{_BEGIN}\n\n{picture()}\n\n{features()}\n\n{_END}{after}"


def ranks() -> list[list[str]]:
    """Return the layers of the contract, from the top; those side by side in one list."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (stack,) = [one for one in contracts if one["name"] == _STACK]
    rows = [[name.strip() for name in row.split("|")] for row in stack["layers"]]
    return [row for row in rows if (_HOUSE / row[0]).is_dir()]


def picture() -> str:
    """Return the layers as a Mermaid flowchart, each rank in a row of its own."""
    rows = ranks()
    lines = ["```mermaid", "flowchart TD"]
    for number, row in enumerate(rows):
        lines += [f"  subgraph rank{number}[ ]", "    direction LR"]
        lines += [f"    {_id(layer)}[{layer}/]" for layer in row]
        lines += ["  end"]
    lines += [
        f"  {upper} --> {lower}" for upper, lower in arrows([one for row in rows for one in row])
    ]
    return "\n".join([*lines, "```"])


def _id(layer: str) -> str:
    """Return a name that Mermaid has no meaning for, as it has for `graph`."""
    return f"the_{layer}"


def arrows(layers: Sequence[str]) -> list[tuple[str, str]]:
    """Return which layer imports which, without what follows from two other arrows."""
    graph = grimp.build_graph("askfirst", cache_dir=None)
    for layer in layers:
        graph.squash_module(f"askfirst.{layer}")
    below = {
        layer: {
            name.split(".")[1]
            for name in graph.find_modules_directly_imported_by(f"askfirst.{layer}")
            if name.split(".")[-1] in layers
        }
        for layer in layers
    }
    return [
        (upper, lower)
        for upper in layers
        for lower in layers
        if lower in below[upper] and not any(lower in below[one] for one in below[upper])
    ]


def features() -> str:
    """Return a table of features and the layers in which each has a folder."""
    layers = [layer for row in ranks() for layer in row if folders(layer)]
    head = ["feature", *(f"`{layer}`" for layer in layers)]
    rows = [head, ["---"] * len(head)]
    rows += [
        [f"`{feature}`", *("●" if feature in folders(layer) else "" for layer in layers)]
        for feature in _FEATURES
    ]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def folders(layer: str) -> set[str]:
    """Return the features that a layer has a folder for, however deep."""
    return {path.parent.name for path in (_HOUSE / layer).rglob("__init__.py")} & set(_FEATURES)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
