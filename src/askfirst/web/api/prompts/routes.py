"""Keep the business's own prompts, and render any."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Final

from fastapi import Path, Query

from askfirst.domain.prompts.catalogue import Prompt, Wording
from askfirst.domain.prompts.interpolation import Filling, plain_text
from askfirst.domain.prompts.prompt_lint import LintFinding
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.locales import parse_locale
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.prompts.business_name import name_of
from askfirst.usecases.prompts.manage_prompts import (
    BUILT_IN,
    KnownPrompt,
    check_prompt,
    delete_draft,
    find_prompt,
    lint_for,
    list_prompts,
    publish_prompt,
    put_draft,
)
from askfirst.usecases.prompts.show_prompt import ShownPrompt, show_prompt
from askfirst.web.api.platform.route import ApiRoute, Call, RawReply, raw_route
from askfirst.web.api.platform.strict_route import Caller, World
from askfirst.web.api.prompts.models import (
    FieldNames,
    FindingAnswer,
    PromptAnswer,
    PromptList,
    PromptRequest,
    PromptSummary,
    PublicationAnswer,
    RenderingAnswer,
    RenderQuery,
    WordsAnswer,
)
from askfirst.web.problems import NotFound
from askfirst.web.prompt_html import after_html, field_names, prompt_html

Key = Annotated[str, Path(description="The name of the question.", examples=["signup"])]


async def get_prompts(services: World, caller: Caller) -> PromptList:
    """Return every prompt that you can show: the built-in ones and your own."""
    known = await list_prompts(services, caller.business_id)
    return PromptList(data=[PromptSummary.model_validate(_summary(one)) for one in known])


async def get_prompt(key: Key, services: World, caller: Caller) -> PromptAnswer:
    """Return a prompt in all its languages, with what lint finds in it.

    Where there is a draft, its words are returned.
    """
    known = await find_prompt(services, caller.business_id, key)
    if known is None:
        raise _unknown()
    shown = known.draft or known.prompt
    return _answer(known, await lint_for(services, caller.business_id, shown))


async def replace_draft(
    key: Key, body: PromptRequest, services: World, caller: Caller
) -> PromptAnswer:
    """Save a draft and lint it. Nobody is shown a draft until you publish it.

    The draft replaces the one before.
    """
    prompt = check_prompt(services, _prompt(key, body))
    findings = await put_draft(services, caller.business_id, prompt)
    known = await find_prompt(services, caller.business_id, key)
    if known is None:
        raise _unknown()
    return _answer(known, findings)


async def remove_draft(key: Key, services: World, caller: Caller) -> None:
    """Delete a draft. What was published stays for ever."""
    if not await delete_draft(services, caller.business_id, key):
        raise NotFound("there is no draft of that name")


async def post_publication(key: Key, services: World, caller: Caller) -> PublicationAnswer:
    """Publish the draft of a prompt. Its words never change again; lint errors stop it.

    The next revision of the prompt replaces it wherever the prompt is rendered. Answers to earlier
    revisions keep the words that were shown.
    """
    revision, findings = await publish_prompt(services, caller.business_id, key)
    return PublicationAnswer(key=key, revision=revision, findings=[_finding(f) for f in findings])


async def get_rendering(call: Call, query: RenderQuery) -> RawReply[RenderingAnswer]:
    """Return a prompt in the reader's language, as text and as HTML, with a token.

    Show it, and send the token along with the answer to `POST /v1/consents`: it proves what the
    person was shown. A token works once, for an hour. So render anew for each page that you show.
    A notice has no answer: send its token with the verb `inform`, or `refuse` for a no.
    """
    business = await name_of(call.services, call.business_id)
    filling = Filling(
        business=business,
        purposes=tuple(query.purpose),
        kinds=query.kinds,
        order=query.order,
    )
    key = call.names[0]
    shown = await show_prompt(call.services, call.business_id, key, query.locale, filling)
    return RawReply(rendering(shown, query.open_url))


def rendering(shown: ShownPrompt, open_url: str = "") -> RenderingAnswer:
    """Write what was rendered."""
    filled, version = shown.filled, shown.filled.version
    answer, token = field_names(filled)
    return RenderingAnswer(
        key=version.key,
        kind=version.kind,
        locale=version.locale,
        dir="rtl" if filled.is_right_to_left else "ltr",
        surface=version.surface,
        purposes=list(version.purposes),
        hash=version.hash,
        text=version.text,
        html=prompt_html(filled, open_url, shown.token),
        after=plain_text(filled.after, is_rtl=filled.is_right_to_left),
        after_html=after_html(filled, open_url),
        yes=filled.yes,
        no=filled.no,
        open=filled.open,
        token=shown.token,
        expires_at=to_rfc3339(shown.expires_at),
        fields=FieldNames(answer=answer, token=token),
    )


def _prompt(key: str, body: PromptRequest) -> Prompt:
    wordings: dict[str, Wording] = {}
    for name, words in body.texts.items():
        locale = parse_locale(name, "texts")
        if locale in wordings:
            raise InvalidInput("texts", f"must not have {locale} twice")
        wordings[locale] = Wording(**words.model_dump())
    try:
        return Prompt(
            key=key,
            kind=body.kind,
            surface=body.surface,
            purposes=tuple(body.purposes),
            wordings=wordings,
        )
    except InvalidInput as error:
        raise InvalidInput(error.field.removeprefix("prompt."), error.message) from error


def _summary(known: KnownPrompt) -> dict[str, object]:
    return {
        "key": known.prompt.key,
        "kind": known.prompt.kind,
        "surface": known.prompt.surface,
        "purposes": list(known.prompt.purposes),
        "locales": list(known.prompt.wordings),
        "source": "built_in" if known.revision == BUILT_IN else "own",
        "revision": known.revision if known.revision > 0 else None,
        "has_draft": known.draft is not None,
    }


def _answer(known: KnownPrompt, findings: tuple[LintFinding, ...]) -> PromptAnswer:
    shown = known.draft or known.prompt
    texts = {locale: WordsAnswer(**asdict(words)) for locale, words in shown.wordings.items()}
    return PromptAnswer.model_validate(
        {**_summary(known), "texts": texts, "findings": [_finding(one) for one in findings]}
    )


def _finding(finding: LintFinding) -> FindingAnswer:
    rule = finding.rule
    return FindingAnswer(
        rule=rule.id,
        severity=finding.severity,
        where=finding.where,
        message=finding.message,
        reason=rule.reason,
        source=rule.source,
        fix=rule.fix,
    )


def _unknown() -> NotFound:
    return NotFound("there is no prompt of that name")


ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/v1/prompts",
        scope=ApiScope.PROMPTS_READ,
        function=get_prompts,
        summary="List prompts",
        answer=PromptList,
    ),
    ApiRoute(
        method="GET",
        path="/v1/prompts/{key}",
        scope=ApiScope.PROMPTS_READ,
        function=get_prompt,
        summary="Get a prompt",
        answer=PromptAnswer,
        problems={
            404: "There is no prompt with this key.",
            422: "The key is not well formed.",
        },
    ),
    ApiRoute(
        method="PUT",
        path="/v1/prompts/{key}",
        scope=ApiScope.PROMPTS_WRITE,
        function=replace_draft,
        summary="Save a draft",
        request=PromptRequest,
        answer=PromptAnswer,
        problems={
            404: "The draft was deleted by somebody else at the same moment.",
        },
    ),
    ApiRoute(
        method="DELETE",
        path="/v1/prompts/{key}",
        scope=ApiScope.PROMPTS_WRITE,
        function=remove_draft,
        summary="Delete a draft",
        status=204,
        problems={
            404: "There is no draft with this key.",
            422: "The key is not well formed.",
        },
    ),
    ApiRoute(
        method="POST",
        path="/v1/prompts/{key}/publish",
        scope=ApiScope.PROMPTS_WRITE,
        function=post_publication,
        summary="Publish a draft",
        answer=PublicationAnswer,
        status=201,
        problems={
            422: "There is no draft to publish, or lint found errors in it; `errors` say which, "
            "and how to correct them.",
        },
    ),
    raw_route(
        "GET",
        "/v1/prompts/{key}/render",
        ApiScope.PROMPTS_READ,
        get_rendering,
        "Render a prompt",
        request=None,
        query=RenderQuery,
        answer=RenderingAnswer,
        parameters={"key": Key, "query": Annotated[RenderQuery, Query()]},
        problems={
            422: "There is no prompt with this key, or a parameter is wrong; `errors` name it.",
        },
    ),
)
