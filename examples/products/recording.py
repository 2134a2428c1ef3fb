"""Recorded calls: what a product asks of Meta, a step at a time, in a TOML file.

A step has `says`, what it is about, and one of

    call      a request, written as "METHOD /path?query"
    customer  what a customer does: "says yes", "sends a picture", or a text that they type
    hears     what stands in the next webhook that the product gets, by its path in it
    phone     the text of the newest message on the customer's phone

In texts `$waba`, `$number`, `$app`, `$key`, `$customer`, `$callback`, `$word` and whatever `keep`
has kept are filled in.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

HERE = Path(__file__).parent
NAMES = tuple(sorted(path.stem for path in HERE.glob("*.toml")))


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that happens.

    A call goes with the key as `auth` says, `json`, a `form` or the picture as its body (`file`:
    the name of its field in a form; `raw`: on its own), or a `flow` in the picture's place. Its
    answer has `status`, and of a refusal the `code`. `keep` names what later steps need, by its
    path in the answer; `expect` is what
    stands at a path. `is_picture`: the answer is the customer's picture, byte for byte. `pages`:
    the addresses in `paging.next` are followed to the end.
    """

    says: str
    call: str = ""
    auth: str = "Bearer"
    headers: Mapping[str, str] = field(default_factory=dict)
    json: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    file: str = ""
    flow: str = ""
    raw: bool = False
    status: int = 200
    code: int = 0
    keep: Mapping[str, str] = field(default_factory=dict)
    expect: Mapping[str, Any] = field(default_factory=dict)
    is_picture: bool = False
    pages: bool = False
    customer: str = ""
    hears: Mapping[str, Any] = field(default_factory=dict)
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Recording:
    """What a product does, and where that can be read."""

    product: str
    source: str
    steps: tuple[Step, ...]


def read_recording(name: str) -> Recording:
    """Read the file of a product."""
    content = tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))
    steps = tuple(Step(**step) for step in content["step"])
    return Recording(product=content["product"], source=content["source"], steps=steps)


def filled(text: str, known: Mapping[str, str]) -> str:
    """Fill in what is known; a name that is not known is a mistake in the file."""
    return Template(text).substitute(known)


def at(content: Any, path: str) -> Any:
    """Return what stands at a path such as `data.0.id`; None where nothing does."""
    for name in path.split("."):
        if isinstance(content, list):
            content = content[int(name)] if int(name) < len(content) else None
        elif isinstance(content, dict):
            content = content.get(name)
        else:
            return None
    return content


def decoded(body: bytes) -> Any:
    """Read JSON; an answer that is none is nothing."""
    try:
        return json.loads(body)
    except ValueError:
        return None
