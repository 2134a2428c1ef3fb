"""The registry of templates: read it, accept what Meta did, make templates for codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import Path, Query

from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.tenants.sender import TEMPLATE_NAME_MAX, Template, is_template_name
from askfirst.domain.tenants.template_content import TemplateContent
from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.domain.values.ids import PhoneNumberId, parse_node_id
from askfirst.domain.values.timestamp import Instant, to_rfc3339
from askfirst.usecases.tenants.code_templates import CodeTemplatesMade, create_code_templates
from askfirst.usecases.tenants.manage_templates import (
    LintedTemplate,
    accept_template,
    list_templates,
    show_template,
)
from askfirst.web.api.platform.cursor import cut, read_cursor, write_cursor
from askfirst.web.api.platform.models import PageQuery
from askfirst.web.api.platform.route import ApiRoute
from askfirst.web.api.platform.strict_route import Caller, World
from askfirst.web.api.tenants.template_models import (
    AcceptRequest,
    ButtonAnswer,
    CodeTemplatesAnswer,
    CodeTemplatesRequest,
    ContentAnswer,
    TemplateAnswer,
    TemplateFindingAnswer,
    TemplateList,
    TemplatePage,
    TroubleAnswer,
)
from askfirst.web.problems import NotFound

TemplateName = Annotated[
    str, Path(description="The name of the template.", examples=["summer_offer"])
]


async def get_templates(
    page: Annotated[PageQuery, Query()], services: World, caller: Caller
) -> TemplatePage:
    """Return the templates by name and language, as Meta last described them.

    `findings` say what is amiss with each: a marketing template without a way to stop, a utility
    template that reads like an advertisement, one that Meta moved to marketing.
    """
    after = read_cursor(page.after)
    templates = await list_templates(services, caller.business_id, after, page.limit + 1)
    return render_templates(templates, page.limit)


async def get_template(name: TemplateName, services: World, caller: Caller) -> TemplateList:
    """Return one template in all its languages, with what is amiss with each."""
    if not is_template_name(name):
        raise InvalidInput("name", f"must be {TEMPLATE_NAME_MAX} visible characters at most")
    found = await show_template(services, caller.business_id, name)
    if not found:
        raise NotFound("Meta has listed no template of this name")
    return TemplateList(data=[render_template(one) for one in found])


async def post_accept(
    name: TemplateName, body: AcceptRequest, services: World, caller: Caller
) -> TemplateList:
    """Accept that Meta moved a template to marketing: from now on it is sent as that.

    It needs an opt-in for marketing then, and Meta charges for marketing. If Meta moves it back and
    once more to marketing, that is another change, to be accepted anew.
    """
    if not await accept_template(services, caller.business_id, name, body.language):
        raise NotFound("no template of this name is marketing")
    found = await show_template(services, caller.business_id, name)
    return TemplateList(data=[render_template(one) for one in found])


async def post_code_templates(
    body: CodeTemplatesRequest, services: World, caller: Caller
) -> CodeTemplatesAnswer:
    """Make askfirst's templates for codes in the customer's account, in the languages wanted.

    Nothing else makes them. What is there already stays as it is. Meta looks at new ones first;
    until then codes go by the next channel.
    """
    sender = PhoneNumberId(parse_node_id(body.sender, "sender"))
    try:
        made = await create_code_templates(services, caller.business_id, sender, body.languages)
    except UnknownReference as error:
        raise NotFound("the business has no sender with this phone number id") from error
    return render_made(made)


def render_templates(templates: Sequence[LintedTemplate], limit: int) -> TemplatePage:
    page, more = cut(templates, limit)
    end = page[-1].template if more else None
    last = f"{end.name}/{end.language}/{end.waba_id}" if end else ""
    return TemplatePage(
        data=[render_template(one) for one in page],
        next_cursor=write_cursor(last) if more else None,
    )


def render_template(linted: LintedTemplate) -> TemplateAnswer:
    template = linted.template
    return TemplateAnswer(
        waba_id=template.waba_id,
        name=template.name,
        language=template.language,
        category=template.category,
        previous_category=template.previous_category,
        category_changed_at=_time(template.category_changed_at),
        is_accepted=not template.became_marketing,
        state=template.state,
        state_changed_at=_time(template.state_changed_at),
        quality=template.quality,
        quality_changed_at=_time(template.quality_changed_at),
        content=_content(template.content) if template.content else None,
        content_changed_at=_time(template.content_changed_at),
        has_stop=_has_stop(template),
        findings=[
            TemplateFindingAnswer(
                flag=one.flag, message=one.flag.says, fix=one.flag.fix, words=one.words
            )
            for one in linted.findings
        ],
        seen_at=to_rfc3339(template.seen_at),
    )


def render_made(made: CodeTemplatesMade) -> CodeTemplatesAnswer:
    return CodeTemplatesAnswer(
        name=made.name,
        made=[one.language for one in made.made],
        there=[one.language for one in made.there],
        troubles=[
            TroubleAnswer(
                fault=one.fault, languages=list(one.languages), status=one.status, code=one.code
            )
            for one in made.troubles
        ],
    )


def _content(content: TemplateContent) -> ContentAnswer:
    return ContentAnswer(
        header=content.header,
        body=content.body,
        footer=content.footer,
        more=list(content.more),
        buttons=[ButtonAnswer(kind=one.kind, label=one.label) for one in content.buttons],
    )


def _has_stop(template: Template) -> bool | None:
    return template.reading.has_stop if template.reading else None


def _time(instant: Instant | None) -> str | None:
    return to_rfc3339(instant) if instant is not None else None


TEMPLATE_ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/v1/templates",
        scope=ApiScope.TEMPLATES_READ,
        function=get_templates,
        summary="List templates",
        answer=TemplatePage,
        problems={
            422: "`after` is not a cursor of this list, or `limit` is not between 1 and 1000.",
        },
    ),
    ApiRoute(
        method="GET",
        path="/v1/templates/{name}",
        scope=ApiScope.TEMPLATES_READ,
        function=get_template,
        summary="Get a template",
        answer=TemplateList,
        problems={
            404: "The registry has no template of this name.",
            422: "`name` is too long, or has characters that cannot be seen.",
        },
    ),
    ApiRoute(
        method="POST",
        path="/v1/templates/{name}/accept",
        scope=ApiScope.TEMPLATES_WRITE,
        function=post_accept,
        summary="Accept that a template is marketing",
        request=AcceptRequest,
        answer=TemplateList,
        problems={404: "No template of this name is marketing."},
    ),
    ApiRoute(
        method="POST",
        path="/v1/code-templates",
        scope=ApiScope.TEMPLATES_WRITE,
        function=post_code_templates,
        summary="Make templates for codes",
        request=CodeTemplatesRequest,
        answer=CodeTemplatesAnswer,
        problems={
            404: "The business has no such sender.",
            422: "A language is none of askfirst's, or the sender has no token.",
            503: "Meta does not answer. Send the call again.",
        },
    ),
)
