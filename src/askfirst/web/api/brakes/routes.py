"""List brakes, pause by hand, and lift what is on."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Path, Query
from pydantic import Field

from askfirst.domain.brakes.brake import (
    REASON_MAX,
    Brake,
    BrakeChange,
    BrakeStep,
    Cause,
    Colour,
    Hold,
)
from askfirst.domain.brakes.subject import NAME_MAX, BrakeScope
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.errors import UnknownReference
from askfirst.domain.values.timestamp import parse_rfc3339, to_rfc3339
from askfirst.usecases.brakes.manage_brakes import (
    Pause,
    lift_brake,
    list_brakes,
    set_brake,
    show_brake,
)
from askfirst.web.api.platform.cursor import read_cursor, write_cursor
from askfirst.web.api.platform.models import Asked, PageQuery, Time, Told
from askfirst.web.api.platform.route import ApiRoute
from askfirst.web.api.platform.strict_route import Caller, World
from askfirst.web.problems import NotFound

_NO_BRAKE: Final = "no brake of this id is on"


class BrakeQuery(PageQuery):
    """Which brakes."""

    lifted: bool = Field(False, description="`true`: those that were lifted, too.")


class BrakeAnswer(Told):
    """A hold on what you send."""

    id: str = Field(description="The id of the brake.")
    scope: BrakeScope = Field(description="What kind of thing it is on.")
    name: str = Field(
        description="Which one: an id, a template's name, a campaign's label. Empty: your business."
    )
    holds: Hold = Field(description="Which messages it is about, and no others.")
    colour: Colour = Field(
        description="`yellow`: half of the people may get marketing each day. `red`: none of what "
        "it holds is sent. `restricted`: Meta sends none of it."
    )
    cause: Cause = Field(description="Why it is on.")
    detail: str = Field(description="What it rests on, in words and numbers.")
    since: Time = Field(description="Since when it is on.")
    lifts_at: Time | None = Field(
        description="When it eases or lifts by itself, if nothing speaks against it. Null: not by "
        "time."
    )
    set_by: str = Field(description="Who paused by hand. Empty: a rule did.")
    reason: str = Field(description="The reason that they gave.")
    lifted_at: Time | None = Field(description="When it was lifted. Null: it is on.")


class BrakePage(Told):
    """A part of the list."""

    data: list[BrakeAnswer] = Field(description="The brakes, the newest first.")
    next_cursor: str | None = Field(description="Send it as `after`. Null: this was the last page.")


class BrakeChangeAnswer(Told):
    """One thing that happened to a brake."""

    id: str = Field(description="The id of the change, as webhooks have it.")
    at: Time = Field(description="When it happened.")
    step: BrakeStep = Field(description="What happened.")
    colour: Colour = Field(description="How hard it held after that.")
    detail: str = Field(description="What it rested on.")
    by: str = Field(description="Who did it. Empty: a rule did.")
    reason: str = Field(description="Why.")


class BrakeHistory(Told):
    """A brake, and what happened to it."""

    brake: BrakeAnswer = Field(description="The brake as it is now.")
    changes: list[BrakeChangeAnswer] = Field(description="What happened to it, the oldest first.")


class PauseRequest(Asked):
    """A pause by hand."""

    scope: Annotated[BrakeScope, Field(strict=False)] = Field(
        BrakeScope.BUSINESS, description="What is paused. Default: all that your business sends."
    )
    name: str = Field(
        "", max_length=NAME_MAX, description="Which one. Empty for the whole business."
    )
    holds: Annotated[Hold, Field(strict=False)] = Field(
        Hold.MARKETING, description="`marketing`, or `everything`: codes and replies, too."
    )
    until: str | None = Field(
        None,
        description="When it lifts by itself (RFC 3339). Default: when somebody lifts it.",
        examples=["2026-12-01T08:00:00Z"],
    )
    by: str = Field(max_length=100, description="Who pauses. Refusals name them.")
    reason: str = Field(max_length=REASON_MAX, description="Why; without personal data.")


class LiftRequest(Asked):
    """Who lifts a brake, and why."""

    by: str = Field(max_length=100, description="Who lifts it.")
    reason: str = Field(max_length=REASON_MAX, description="Why; without personal data.")


IdPath = Annotated[
    str,
    Path(
        alias="id",
        description="The `id` of the brake.",
        examples=["brk_01KGA2V8M0Q3R5T7W9Y1B3D5F7"],
    ),
]


async def get_brakes(
    page: Annotated[BrakeQuery, Query()], services: World, caller: Caller
) -> BrakePage:
    """Return the brakes that are on: holds because of objections, of Meta, or by hand."""
    before = read_cursor(page.after)
    found = await list_brakes(
        services, caller.business_id, before, page.limit + 1, with_lifted=page.lifted
    )
    shown = found[: page.limit]
    return BrakePage(
        data=[render_brake(brake) for brake in shown],
        next_cursor=write_cursor(shown[-1].brake_id) if len(found) > page.limit else None,
    )


async def get_brake(name: IdPath, services: World, caller: Caller) -> BrakeHistory:
    """Return a brake, lifted or not, and what happened to it."""
    try:
        changes = await show_brake(services, caller.business_id, name)
    except UnknownReference as error:
        raise NotFound("there is no brake of this id") from error
    return BrakeHistory(
        brake=render_brake(changes[-1].brake), changes=[_render(change) for change in changes]
    )


async def post_brake(body: PauseRequest, services: World, caller: Caller) -> BrakeAnswer:
    """Pause marketing, or everything, by hand. Refusals name who paused it, and why.

    Messages that were decided before it may still leave for two seconds.
    """
    pause = Pause(
        business_id=caller.business_id,
        scope=body.scope,
        subject=body.name,
        holds=body.holds,
        until=None if body.until is None else parse_rfc3339(body.until, "until"),
        by=body.by,
        reason=body.reason,
    )
    return render_brake(await set_brake(services, pause))


async def post_lift(
    name: IdPath, body: LiftRequest, services: World, caller: Caller
) -> BrakeAnswer:
    """Lift a brake. What people did before is not counted against it again.

    What Meta restricts stays restricted there: its next answer sets the brake again.
    """
    try:
        lifted = await lift_brake(services, caller.business_id, name, body.by, body.reason)
    except UnknownReference as error:
        raise NotFound(_NO_BRAKE) from error
    return render_brake(lifted)


def render_brake(brake: Brake) -> BrakeAnswer:
    """Write a brake."""
    lifts_at, lifted_at = brake.lifts_at, brake.lifted_at
    return BrakeAnswer(
        id=brake.brake_id,
        scope=brake.subject.scope,
        name=brake.subject.name,
        holds=brake.holds,
        colour=brake.colour,
        cause=brake.cause,
        detail=brake.detail,
        since=to_rfc3339(brake.since),
        lifts_at=to_rfc3339(lifts_at) if lifts_at is not None else None,
        set_by=brake.set_by,
        reason=brake.reason,
        lifted_at=to_rfc3339(lifted_at) if lifted_at is not None else None,
    )


def _render(change: BrakeChange) -> BrakeChangeAnswer:
    return BrakeChangeAnswer(
        id=change.change_id,
        at=to_rfc3339(change.at),
        step=change.step,
        colour=change.brake.colour,
        detail=change.brake.detail,
        by=change.by,
        reason=change.reason,
    )


ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/v1/brakes",
        scope=ApiScope.BRAKES_READ,
        function=get_brakes,
        summary="List brakes",
        answer=BrakePage,
        problems={422: "`after` is not a cursor, or `limit` is not between 1 and 1000."},
    ),
    ApiRoute(
        method="POST",
        path="/v1/brakes",
        scope=ApiScope.BRAKES_WRITE,
        function=post_brake,
        summary="Pause by hand",
        request=PauseRequest,
        answer=BrakeAnswer,
        problems={422: "A field is missing or not understood; `errors` names it."},
    ),
    ApiRoute(
        method="GET",
        path="/v1/brakes/{id}",
        scope=ApiScope.BRAKES_READ,
        function=get_brake,
        summary="Read a brake and what happened to it",
        answer=BrakeHistory,
        problems={404: "There is no such brake.", 422: "`id` is not the id of a brake."},
    ),
    ApiRoute(
        method="POST",
        path="/v1/brakes/{id}/lift",
        scope=ApiScope.BRAKES_WRITE,
        function=post_lift,
        summary="Lift a brake",
        request=LiftRequest,
        answer=BrakeAnswer,
        problems={
            404: "No brake of this id is on.",
            422: "A field is missing or not understood; `errors` names it.",
        },
    ),
)
