"""Make and list the entry points to the business's chat."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path, Query
from pydantic import Field

from askfirst.domain.entry_points.entry_point import TEXT_MAX as ENTRY_TEXT_MAX
from askfirst.domain.entry_points.entry_point import EntryPoint
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.ids import PhoneNumberId, Prefix, parse_id, parse_node_id
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.context.services import Services
from askfirst.usecases.entry_points.manage_entries import (
    EntryOrder,
    end_entry,
    find_entry,
    link_of,
    list_entries,
    make_entry,
    page_of,
)
from askfirst.web.api.platform.cursor import read_cursor, write_cursor
from askfirst.web.api.platform.models import Asked, Locale, PageQuery, PromptKey, Time, Told
from askfirst.web.api.platform.route import ApiRoute
from askfirst.web.api.platform.strict_route import Caller, World
from askfirst.web.problems import NotFound


class EntryRequest(Asked):
    """A link and QR code with which customers start the chat."""

    name: str = Field(max_length=80, description="Yours, to tell entries apart.")
    text: str = Field(
        max_length=ENTRY_TEXT_MAX,
        description="What stands ready in the customer's message box; the code is added.",
        examples=["Hello Café Lune!"],
    )
    locale: Locale = Field("en", description="The language of the landing page and of the prompt.")
    prompt: PromptKey = Field("chat", description="The question that answers the first message.")
    sender: str | None = Field(None, description="Phone number id; default: the first in service.")
    managed: bool = Field(False, description="Ask Meta for a link of its own, too.")


class EntryAnswer(Told):
    """An entry point."""

    id: str = Field(description="The id of the entry point.")
    name: str = Field(description="Your name for it.")
    code: str = Field(description="The code in the text, by which messages are counted.")
    text: str = Field(description="What stands ready in the customer's message box.")
    locale: str = Field(description="The language of the landing page and of the prompt.")
    prompt: str = Field(description="The key of the prompt that answers the first message.")
    sender: str = Field(description="The id of the phone number that the chat is with.")
    link: str = Field(description="Opens the chat with the text ready.")
    page: str = Field(description="Landing page with link, QR code and posters.")
    qr_svg: str = Field(description="The QR code as SVG.")
    qr_png: str = Field(description="The QR code as PNG.")
    arrivals: int = Field(description="Messages that came in through it.")
    created_at: Time = Field(description="When it was created.")
    ended_at: Time | None = Field(description="When it was ended. Null: it works.")


class EntryPage(Told):
    """A part of the entries."""

    data: list[EntryAnswer] = Field(description="The entry points.")
    next_cursor: str | None = Field(description="Send it as `after`. Null: this was the last page.")


EntryIdPath = Annotated[
    str,
    Path(
        alias="id",
        description="The `id` of the entry point.",
        examples=["ent_01KGA2V8M0Q3R5T7W9Y1B3D5F7"],
    ),
]


async def post_entry(body: EntryRequest, services: World, caller: Caller) -> EntryAnswer:
    """Create a link and QR code with which customers start a chat with you.

    A first message through it is counted for this entry point, and opens the 24-hour window. It is
    no opt-in: askfirst answers it with the prompt, once.
    """
    sender = PhoneNumberId(parse_node_id(body.sender, "sender")) if body.sender else None
    order = EntryOrder(
        business_id=caller.business_id,
        name=body.name,
        words=body.text,
        locale=body.locale,
        prompt_key=body.prompt,
        sender=sender,
        is_managed=body.managed,
    )
    return await _answer(services, await make_entry(services, order))


async def get_entries(
    page: Annotated[PageQuery, Query()], services: World, caller: Caller
) -> EntryPage:
    """Return the entry points, the oldest first. Those that have ended are included."""
    after = read_cursor(page.after)
    found = await list_entries(services, caller.business_id, after, page.limit + 1)
    shown = found[: page.limit]
    return EntryPage(
        data=[await _answer(services, entry) for entry in shown],
        next_cursor=write_cursor(shown[-1].entry_id) if len(found) > page.limit else None,
    )


async def get_entry(entry_id: EntryIdPath, services: World, caller: Caller) -> EntryAnswer:
    """Return an entry point, with the number of messages that came in through it."""
    entry = await find_entry(services, caller.business_id, parse_id(Prefix.ENTRY, entry_id, "id"))
    if entry is None:
        raise _unknown()
    return await _answer(services, entry)


async def remove_entry(entry_id: EntryIdPath, services: World, caller: Caller) -> None:
    """End an entry point. No message is counted for it any more, and nobody is asked.

    Printed QR codes still open the chat. A link of Meta's own is deleted at Meta; where that fails,
    the answer is 503 and the entry point has ended all the same. Send the call again to delete the
    link.
    """
    if not await end_entry(services, caller.business_id, parse_id(Prefix.ENTRY, entry_id, "id")):
        raise _unknown()


async def _answer(services: Services, entry: EntryPoint) -> EntryAnswer:
    page = page_of(services, entry)
    return EntryAnswer(
        id=entry.entry_id,
        name=entry.name,
        code=entry.code,
        text=entry.text,
        locale=entry.locale,
        prompt=entry.prompt_key,
        sender=entry.sender,
        link=await link_of(services, entry),
        page=page,
        qr_svg=f"{page}/qr.svg",
        qr_png=f"{page}/qr.png",
        arrivals=entry.arrivals,
        created_at=to_rfc3339(entry.created_at),
        ended_at=to_rfc3339(entry.ended_at) if entry.ended_at is not None else None,
    )


def _unknown() -> NotFound:
    return NotFound("there is no such entry")


ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/v1/entries",
        scope=ApiScope.ENTRIES_READ,
        function=get_entries,
        summary="List entry points",
        answer=EntryPage,
        problems={
            422: "`after` is not a cursor of this list, or `limit` is not between 1 and 1000.",
        },
    ),
    ApiRoute(
        method="POST",
        path="/v1/entries",
        scope=ApiScope.ENTRIES_WRITE,
        function=post_entry,
        summary="Create an entry point",
        request=EntryRequest,
        answer=EntryAnswer,
        status=201,
        problems={
            409: "No sender is in service, or the sender has no access token of Meta's for a "
            "`managed` link.",
        },
    ),
    ApiRoute(
        method="GET",
        path="/v1/entries/{id}",
        scope=ApiScope.ENTRIES_READ,
        function=get_entry,
        summary="Get an entry point",
        answer=EntryAnswer,
        problems={
            404: "There is no entry point with this id.",
            422: "The id is not one of this kind.",
        },
    ),
    ApiRoute(
        method="DELETE",
        path="/v1/entries/{id}",
        scope=ApiScope.ENTRIES_WRITE,
        function=remove_entry,
        summary="End an entry point",
        status=204,
        problems={
            404: "There is no entry point with this id.",
            422: "The id is not one of this kind.",
            503: "The database does not answer, or Meta did not delete its link. Send the call "
            "again.",
        },
    ),
)
