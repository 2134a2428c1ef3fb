"""WhatsApp's marks in a text, as HTML: *bold*, _italic_, ~struck~, ```mono```, and addresses.

Source: WhatsApp's help, "How to format your messages".
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_ADDRESS = re.compile(r"(https?://[^\s<>\"]+[^\s<>\".,;:!?)\]}'])")
_MONO = re.compile(r"```(.+?)```", re.DOTALL)
_MARKS = tuple(
    (re.compile(rf"(?<![\w{mark}]){mark}(?=\S)([^{mark}\n]+?)(?<=\S){mark}(?![\w{mark}])"), tag)
    for mark, tag in ((r"\*", "strong"), ("_", "em"), ("~", "s"))
)


def formatted(text: str) -> Markup:
    """Return a text as safe HTML; whatever is no mark is escaped."""
    pieces = _ADDRESS.split(text)
    return Markup().join(
        _linked(piece) if place % 2 else _marked(piece) for place, piece in enumerate(pieces)
    )


def plain(text: str) -> str:
    """Return a text in one line, without its marks."""
    return formatted(text).striptags()


def _linked(address: str) -> Markup:
    return Markup('<a href="{0}" target="_blank" rel="noreferrer">{0}</a>').format(address)


def _marked(text: str) -> Markup:
    pieces = _MONO.split(text)
    return Markup().join(
        Markup("<code>{}</code>").format(piece) if place % 2 else _emphasised(piece)
        for place, piece in enumerate(pieces)
    )


def _emphasised(text: str) -> Markup:
    html = str(escape(text))
    for mark, tag in _MARKS:
        html = mark.sub(rf"<{tag}>\1</{tag}>", html)
    return Markup(html)  # noqa: S704  # escaped above; only our own tags were added
