"""What the command line can do with prompts; needs no ledger and no server."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path

from askfirst.adapters.phone_numbers import WorldNumbering
from askfirst.bootstrap.catalogue_files import built_in_catalogue, catalogue_with, read_prompt_file
from askfirst.delivery.composer import question_body
from askfirst.domain.entry_points.chat_link import chat_link
from askfirst.domain.prompts.catalogue import Catalogue, Control
from askfirst.domain.prompts.interpolation import FilledPrompt, plain_text
from askfirst.domain.prompts.prompt_lint import LintFinding, lint_catalogue
from askfirst.domain.prompts.prompt_rule import parse_country
from askfirst.domain.values.errors import InvalidInput
from askfirst.usecases.contacts.read_number import read_own_number
from askfirst.usecases.prompts.render_prompt import PromptRequest, render_prompt
from askfirst.web.prompt_html import after_html, prompt_html

_CHAT_URL = "https://wa.me"


class PromptFormat(StrEnum):
    """How a question is written."""

    TEXT = "text"
    HTML = "html"
    WHATSAPP = "whatsapp"


def open_catalogue(file: Path | None) -> Catalogue:
    """Take the questions of a file, or the built-in ones."""
    return catalogue_with(read_prompt_file(file)) if file else built_in_catalogue()


def show_prompt(
    catalogue: Catalogue, request: PromptRequest, form: PromptFormat, number: str = ""
) -> tuple[str, FilledPrompt]:
    """Write a question, ready to paste; `number` is the business's own, for the link to it."""
    prompt = render_prompt(catalogue, request)
    sender = read_own_number(WorldNumbering(), number, "number") if number else None
    link = chat_link(_CHAT_URL, sender) if sender else ""
    match form:
        case PromptFormat.WHATSAPP if prompt.control is Control.NONE:
            raise InvalidInput("format", "must be text or html: a notice is no message of its own")
        case PromptFormat.WHATSAPP:
            return json.dumps(question_body(prompt), ensure_ascii=False, indent=2), prompt
        case PromptFormat.HTML:
            return _joined(prompt_html(prompt, link), after_html(prompt, link)), prompt
        case PromptFormat.TEXT:
            return _joined(prompt.version.text, _after(prompt, link)), prompt


def has_open_button(prompt: FilledPrompt) -> bool:
    """Whether a number would add a button that opens WhatsApp."""
    return prompt.control is Control.LINK or bool(prompt.after)


def lint_file(path: Path, country: str) -> tuple[LintFinding, ...]:
    """Examine a business's own questions.

    Raises:
        InvalidInput: the file is not understood, or the country has no profile.
    """
    profile = parse_country(country)
    own = read_prompt_file(path)
    if not own.prompts:
        raise InvalidInput("prompts", "must hold one prompt at least")
    return lint_catalogue(catalogue_with(own), country=profile, business=own.business)


def _after(prompt: FilledPrompt, link: str) -> str:
    text = plain_text(prompt.after, is_rtl=prompt.is_right_to_left)
    is_offered = link and has_open_button(prompt)
    return _joined(text, f"{prompt.open}: {link}" if is_offered else "")


def _joined(*parts: str) -> str:
    return "\n\n".join(part.strip("\n") for part in parts if part)
