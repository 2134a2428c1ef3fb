"""List held messages, look one up, and take one back."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import Path, Query
from pydantic import Field

from askfirst.domain.held.held_message import HeldMessage, HeldState
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.ids import HeldId, Prefix, parse_id
from askfirst.domain.values.timestamp import to_rfc3339
from askfirst.usecases.held.manage_held import cancel_held, find_held, list_held
from askfirst.web.api.platform.cursor import cut, read_cursor, write_cursor
from askfirst.web.api.platform.models import ContactIdText, PageQuery, Time, Told
from askfirst.web.api.platform.route import ApiRoute
from askfirst.web.api.platform.strict_route import Caller, World
from askfirst.web.problems import NotFound

IdPath = Annotated[
    str,
    Path(
        alias="id",
        description="The id that the gateway answered in place of Meta's.",
        examples=["hld_01KGA2V8M0Q3R5T7W9Y1B3D5F7"],
    ),
]


class HeldQuery(PageQuery):
    """Which held messages."""

    state: Literal["open", "ended"] = Field(
        "open", description="Those that wait, or those that ended: sent, or for another reason."
    )


class HeldAnswer(Told):
    """A message that was handed over to wait until it may leave. Its text is not here."""

    id: str = Field(description="Its id.")
    state: HeldState = Field(
        description="`held`: it waits. `leaving`: it is on its way out. `sent`: Meta took it. "
        "`refused`: decided anew, it may not leave. `failed`: Meta did not take it. `unknown`: it "
        "was allowed to leave, and nobody knows what became of it. `expired`: its latest moment "
        "came first. `stopped`: the person said no meanwhile. `cancelled`: you took it back."
    )
    reason: str | None = Field(
        description="What it waits for, or what ended it: the code of a reason of the gate's, the "
        "kind of the person's no, or the code of Meta's error."
    )
    contact: ContactIdText
    sender: str = Field(description="Meta's id of the sender's number.")
    purpose: str = Field(description="What the message is for.")
    campaign: str | None = Field(description="The label that it is counted under.")
    decision: str = Field(
        description="The id of the decision that let it wait, or of the one that sent it."
    )
    message_id: str | None = Field(description="Meta's id of it, once it was sent.")
    held_at: Time = Field(description="When it was handed over.")
    due_at: Time = Field(description="When it is decided on anew.")
    expires_at: Time = Field(description="Its latest moment.")
    ended_at: Time | None = Field(description="When it ended. Null: it has not.")


class HeldPage(Told):
    """A part of the list."""

    data: list[HeldAnswer] = Field(description="The messages, the oldest first.")
    next_cursor: str | None = Field(description="Give it as `after`; null: this was the last.")


async def get_held_messages(
    query: Annotated[HeldQuery, Query()], services: World, caller: Caller
) -> HeldPage:
    """Return the messages that wait, or those that ended.

    Those that ended are kept for as long as bodies of webhooks are.
    """
    found = await list_held(
        services,
        caller.business_id,
        read_cursor(query.after),
        query.limit + 1,
        is_open=query.state == "open",
    )
    shown, more = cut(found, query.limit)
    return HeldPage(
        data=[_render(one) for one in shown],
        next_cursor=write_cursor(shown[-1].held_id) if more else None,
    )


async def get_held_message(held_id: IdPath, services: World, caller: Caller) -> HeldAnswer:
    """Return one held message: where it is, or how it ended."""
    return _known(await find_held(services, caller.business_id, _id(held_id)))


async def delete_held_message(held_id: IdPath, services: World, caller: Caller) -> HeldAnswer:
    """Take a message back that waits, and return it as cancelled. It does not leave any more."""
    return _known(await cancel_held(services, caller.business_id, _id(held_id)))


def _id(text: str) -> HeldId:
    return HeldId(parse_id(Prefix.HELD, text, "id"))


def _known(found: HeldMessage | None) -> HeldAnswer:
    if found is None:
        raise NotFound("there is no held message with this id")
    return _render(found)


def _render(one: HeldMessage) -> HeldAnswer:
    return HeldAnswer(
        id=one.held_id,
        state=one.state,
        reason=one.reason or None,
        contact=one.contact_id,
        sender=one.sender,
        purpose=one.purpose,
        campaign=one.campaign or None,
        decision=one.decision_id,
        message_id=one.message_id or None,
        held_at=to_rfc3339(one.held_at),
        due_at=to_rfc3339(one.due_at),
        expires_at=to_rfc3339(one.expires_at),
        ended_at=None if one.ended_at is None else to_rfc3339(one.ended_at),
    )


_NONE: Final = {
    404: "There is no held message with this id.",
    422: "The id has not the form of one.",
}
ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/v1/held",
        scope=ApiScope.SEND,
        function=get_held_messages,
        summary="List held messages",
        answer=HeldPage,
        problems={
            422: "`after` is not a cursor of this list, `state` is neither `open` nor `ended`, or "
            "`limit` is not between 1 and 1000.",
        },
    ),
    ApiRoute(
        method="GET",
        path="/v1/held/{id}",
        scope=ApiScope.SEND,
        function=get_held_message,
        summary="Get a held message",
        answer=HeldAnswer,
        problems=_NONE,
    ),
    ApiRoute(
        method="DELETE",
        path="/v1/held/{id}",
        scope=ApiScope.SEND,
        function=delete_held_message,
        summary="Take a held message back",
        answer=HeldAnswer,
        problems={409: "It has ended otherwise, or is on its way out.", **_NONE},
    ),
)
