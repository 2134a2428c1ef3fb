"""The next version of a question: written, submitted, and published or declined by a colleague."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from askfirst.domain.prompts.catalogue import Control, Prompt, Wording
from askfirst.domain.prompts.drafts.draft_review import draft_hash
from askfirst.domain.prompts.prompt import PromptHash, parse_prompt_hash
from askfirst.domain.prompts.prompt_lint import LintFinding
from askfirst.domain.value import replace
from askfirst.domain.values.errors import (
    AskfirstError,
    Conflict,
    InvalidInput,
    NotPermitted,
    UnknownReference,
)
from askfirst.domain.values.locales import parse_locale
from askfirst.usecases.operators.review_draft import (
    decline_submitted,
    discard_draft,
    keep_locales,
    publish_submitted,
    submit_draft,
    write_wording,
)
from askfirst.usecases.prompts.manage_prompts import NotPublished, built_in_wording
from askfirst.usecases.prompts.show_prompt import vocabulary_in
from askfirst.web.console.desk import Desk, field_of
from askfirst.web.console.prompts.prompts import previewed, prompt_page, samples
from askfirst.web.pages.reader import html_dir, html_lang, language_names, name_of_language
from askfirst.web.problems import NotFound

_ALL: Final = ("text", "yes", "no", "open", "after", "kinds", "stop")
_FIELDS: Final[Mapping[Control, tuple[str, ...]]] = {
    Control.BOX: ("text", "open", "after", "kinds", "stop"),
    Control.LINK: ("text", "open", "after", "kinds", "stop"),
    Control.PAPER: ("text", "after", "kinds", "stop"),
    Control.NONE: ("text", "no", "after", "kinds", "stop"),
}
"""What people read of each kind of question; of those that are not here, all."""
LONG: Final = frozenset({"text", "after"})


async def show_draft(desk: Desk) -> Response:
    """The form for the words of one language."""
    return await _draft(desk, desk.request.query_params.get("in", ""))


async def take_wording(desk: Desk) -> Response:
    """Keep the words of one language in the draft."""
    form = await desk.form()
    locale = parse_locale(field_of(form, "in"), "in")
    try:
        wording = await _typed(desk, locale, form)
        await write_wording(
            desk.services, desk.operator, _key(desk), locale, wording, _seen_or_none(form)
        )
    except (Conflict, InvalidInput) as error:
        return await _draft(desk, locale, error, form)
    return desk.see(f"/prompts/{_key(desk)}/edit", "draft_saved", f"in={locale}")


async def take_languages(desk: Desk) -> Response:
    """Leave only the ticked languages in the draft."""
    form = await desk.long_form()
    kept = {name.removeprefix("keep.") for name in form if name.startswith("keep.")}
    try:
        await keep_locales(desk.services, desk.operator, _key(desk), kept, _seen_or_none(form))
    except (Conflict, InvalidInput) as error:
        return await _draft(desk, form.get("in", ""), error)
    return desk.see(f"/prompts/{_key(desk)}/edit", "draft_saved")


async def take_discard(desk: Desk) -> Response:
    """Throw the draft away."""
    await desk.form()
    await _known(discard_draft(desk.services, desk.operator, _key(desk)))
    return desk.see(f"/prompts/{_key(desk)}", "draft_discarded")


async def take_submission(desk: Desk) -> Response:
    """Ask colleagues to look at the draft."""

    async def step(form: Mapping[str, str]) -> None:
        await submit_draft(desk.services, desk.operator, _key(desk), _seen(form))

    return await _step(desk, step, "draft_submitted", "draft=1")


async def take_publication(desk: Desk) -> Response:
    """Publish a colleague's draft, as it was on the page."""

    async def step(form: Mapping[str, str]) -> None:
        await publish_submitted(desk.services, desk.operator, _key(desk), _seen(form))

    return await _step(desk, step, "prompt_published", "")


async def take_decline(desk: Desk) -> Response:
    """Decline a colleague's draft, and say what has to change."""

    async def step(form: Mapping[str, str]) -> None:
        text = form.get("reason", "")
        await decline_submitted(desk.services, desk.operator, _key(desk), _seen(form), text)

    return await _step(desk, step, "draft_declined", "draft=1")


async def _step(
    desk: Desk, step: Callable[[Mapping[str, str]], Awaitable[None]], done: str, view: str
) -> Response:
    form = await desk.form()
    try:
        await _known(step(form))
    except (NotPermitted, Conflict, NotPublished, InvalidInput) as error:
        words, status = _told(error)
        return await prompt_page(
            desk, of_draft=True, error=words, reason=form.get("reason", ""), status=status
        )
    return desk.see(f"/prompts/{_key(desk)}", done, view)


def _told(error: AskfirstError) -> tuple[str, HTTPStatus]:
    """Say why a step was not done."""
    match error:
        case NotPermitted():
            return "review.mine", HTTPStatus.FORBIDDEN
        case Conflict():
            return "review.moved", HTTPStatus.CONFLICT
        case NotPublished():
            return "review.lint", HTTPStatus.UNPROCESSABLE_ENTITY
        case _:
            return "review.reason_missing", HTTPStatus.UNPROCESSABLE_ENTITY


async def _known(act: Awaitable[None]) -> None:
    try:
        await act
    except UnknownReference as error:
        raise NotFound("there is no draft of a prompt with this key") from error


async def _draft(
    desk: Desk,
    wanted: str,
    error: AskfirstError | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    preview = await previewed(desk, (wanted, *desk.reader.wanted), of_draft=True)
    if preview is None:
        raise NotFound("there is no prompt with this key")
    prompt, known = preview.prompt, preview.known
    locale = parse_locale(wanted, "in") if wanted else preview.filled.version.locale
    wording = _words_in(desk, prompt, locale)
    fields = _FIELDS.get(prompt.control, _ALL)
    is_new = locale not in prompt.wordings
    return desk.page(
        "prompts/draft.html",
        _status(error),
        prompt=prompt,
        locale=locale,
        name=name_of_language(locale),
        names=language_names(),
        is_new=is_new,
        lang=html_lang(locale),
        dir=html_dir(locale),
        fields=fields,
        long=LONG,
        values={name: (typed or {}).get(name, getattr(wording, name)) for name in fields},
        vocabulary=vocabulary_in(desk.services, locale),
        findings={} if is_new else _by_field(preview.findings, prompt.key, locale),
        seen=(typed or {}).get("seen", draft_hash(known.draft) if known.draft else ""),
        has_draft=known.draft is not None,
        preview=preview,
        error=error,
        is_moved=isinstance(error, Conflict),
        **samples(preview),
    )


def _status(error: AskfirstError | None) -> HTTPStatus:
    if error is None:
        return HTTPStatus.OK
    is_moved = isinstance(error, Conflict)
    return HTTPStatus.CONFLICT if is_moved else HTTPStatus.UNPROCESSABLE_ENTITY


def _words_in(desk: Desk, prompt: Prompt, locale: str) -> Wording:
    """Return the words of a language; of one that is new, those that come with askfirst."""
    built_in = built_in_wording(desk.services, prompt.key, locale)
    return prompt.wordings.get(locale) or built_in or Wording(text="")


def _by_field(
    findings: tuple[LintFinding, ...], key: str, locale: str
) -> dict[str, list[LintFinding]]:
    """Gather what lint found in one language by its field; what is of all stands under ''."""
    start = f"prompts.{key}.texts.{locale}."
    found: dict[str, list[LintFinding]] = {}
    for one in findings:
        if one.where.startswith(start):
            found.setdefault(one.where.removeprefix(start), []).append(one)
        elif ".texts." not in one.where:
            found.setdefault("", []).append(one)
    return found


async def _typed(desk: Desk, locale: str, form: Mapping[str, str]) -> Wording:
    """Read the words of one language; what the form has no field for stays as it is."""
    preview = await previewed(desk, (locale, *desk.reader.wanted), of_draft=True)
    if preview is None:
        raise NotFound("there is no prompt with this key")
    fields = _FIELDS.get(preview.prompt.control, _ALL)
    words = {name: _lines(form.get(name, "")) for name in fields}
    return replace(_words_in(desk, preview.prompt, locale), **words)


def _lines(text: str) -> str:
    """Write line breaks as files have them: a form sends two signs for each."""
    return text.replace("\r\n", "\n").strip()


def _key(desk: Desk) -> str:
    key: str = desk.request.path_params["key"]
    return key


def _seen(form: Mapping[str, str]) -> PromptHash:
    return parse_prompt_hash(field_of(form, "seen"), "seen")


def _seen_or_none(form: Mapping[str, str]) -> PromptHash | None:
    return _seen(form) if form.get("seen") else None
