"""Words and code as HTML: Markdown is rendered, code is coloured, nothing else is let through."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from markdown_it import MarkdownIt
from markupsafe import Markup
from pygments import highlight  # type: ignore[import-untyped]
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]

_FORMATTER: Final = HtmlFormatter(nowrap=True)


def rendered(text: str) -> Markup:
    """Render Markdown; HTML in it is shown as it is written."""
    return Markup(_markdown().render(text))  # noqa: S704 - it escapes


def rendered_inline(text: str) -> Markup:
    """Render Markdown that stands inside a paragraph."""
    return Markup(_markdown().renderInline(" ".join(text.split())))  # noqa: S704 - the same


@lru_cache(maxsize=64)
def coloured(code: str, language: str) -> Markup:
    """Mark up code with classes, for a style sheet to colour."""
    return Markup(_coloured(code, language, "").rstrip("\n"))  # noqa: S704 - the same


def _coloured(code: str, language: str, _: str) -> str:
    marked: str = highlight(code, get_lexer_by_name(language or "text"), _FORMATTER)
    return marked


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "highlight": _coloured}).enable("table")
