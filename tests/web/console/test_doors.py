"""Every door of the console: who may go through it, and that nobody else does.

`DOORS` of the application is the list; a door without a row here fails the first test.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from askfirst.domain.operators.operator import OperatorRole
from askfirst.web.console.app import DOORS
from askfirst.web.console.entrance import Door
from tests.support.builders import BUSINESS, RIVAL
from tests.support.evidence import said_at_sign_up
from tests.web.asgi_call import Got
from tests.web.console.office import Office
from tests.web.public.visitors import SITE, STRANGER, Visitor

V, S, M, C, A = OperatorRole
EVERYBODY = frozenset(OperatorRole)
LISTS = frozenset({M, C, A})
EXPORTERS = frozenset({C, A})
SEEN = f"sha256:{0:064}"
ID = "01KGA2V8M0Q3R5T7W9Y1B3D5F7"


class Row(NamedTuple):
    """Who may; what stands for the parts of the path; what the form sends."""

    may: frozenset[OperatorRole]
    form: dict[str, str] = {}  # noqa: RUF012 - never written


OPEN = frozenset(
    {
        "GET /sign-in",
        "POST /sign-in",
        "POST /sign-in/passkey",
        "POST /sign-in/passkey/question",
        "POST /sign-in/sso",
        "GET /sign-in/sso",
        "GET /join/{secret}",
        "POST /join/{secret}",
    }
)
ROWS = {
    "POST /sign-out": Row(EVERYBODY),
    "GET ": Row(EVERYBODY),
    "GET /people": Row(EVERYBODY),
    "POST /people": Row(EVERYBODY, {"person": f"con_{ID}"}),
    "GET /people/{contact}": Row(EVERYBODY),
    "POST /people/{contact}/number": Row(frozenset({S, C, A}), {"reason": "caller"}),
    "POST /people/{contact}/stop": Row(frozenset({S, M, C, A}), {"what": "everything"}),
    "GET /people/{contact}/erase": Row(frozenset({C, A})),
    "POST /people/{contact}/erase": Row(frozenset({C, A}), {"reason": "requested"}),
    "POST /people/{contact}/evidence": Row(frozenset({C, A})),
    "GET /figures": Row(EVERYBODY),
    "GET /stops": Row(EVERYBODY),
    "GET /stops/late": Row(EVERYBODY),
    "POST /stops/{position:int}/close": Row(
        frozenset({C, A}), {"outcome": "kept", "reason": "rang them"}
    ),
    "GET /imports": Row(LISTS),
    "POST /imports": Row(LISTS),
    "GET /imports/{import}": Row(LISTS),
    "POST /imports/{import}/answers": Row(LISTS),
    "POST /imports/{import}/confirm": Row(LISTS, {"hash": "0" * 64}),
    "POST /imports/{import}/give-up": Row(LISTS),
    "GET /imports/{import}/report": Row(LISTS),
    "GET /screens": Row(LISTS),
    "POST /screens": Row(LISTS),
    "GET /screens/{screen}": Row(LISTS),
    "POST /screens/{screen}/rows": Row(LISTS, {"verdict": "deny", "reason": "no_opt_in"}),
    "POST /screens/{screen}/give-up": Row(LISTS),
    "GET /not-sent": Row(EVERYBODY),
    "GET /held": Row(EVERYBODY),
    "POST /held/{held}/cancel": Row(frozenset({M, C, A})),
    "GET /prompts": Row(EVERYBODY),
    "GET /prompts/{key}": Row(EVERYBODY),
    "GET /prompts/{key}/edit": Row(frozenset({M, A})),
    "POST /prompts/{key}/edit": Row(frozenset({M, A}), {"in": "en", "text": "Yes?"}),
    "POST /prompts/{key}/languages": Row(frozenset({M, A}), {"keep.en": "1"}),
    "POST /prompts/{key}/discard": Row(frozenset({M, A})),
    "POST /prompts/{key}/submit": Row(frozenset({M, A}), {"seen": SEEN}),
    "POST /prompts/{key}/publish": Row(frozenset({C, A}), {"seen": SEEN}),
    "POST /prompts/{key}/decline": Row(frozenset({C, A}), {"seen": SEEN, "reason": "no"}),
    "GET /entry-points": Row(EVERYBODY),
    "POST /entry-points": Row(frozenset({M, A}), {"name": "Till", "words": "Hi", "locale": "en"}),
    "POST /entry-points/{entry}/end": Row(frozenset({M, A})),
    "GET /exports": Row(EXPORTERS),
    "POST /exports": Row(
        EXPORTERS, {"kind": "ledger", "to": "warehouse", "every": "24", "format": "jsonl"}
    ),
    "GET /exports/{schedule}": Row(EXPORTERS),
    "POST /exports/{schedule}": Row(
        EXPORTERS, {"to": "warehouse", "every": "24", "format": "jsonl"}
    ),
    "POST /exports/{schedule}/state": Row(EXPORTERS, {"state": "paused"}),
    "POST /exports/{schedule}/run": Row(EXPORTERS),
    "POST /exports/{schedule}/remove": Row(EXPORTERS),
    "GET /webhooks": Row(frozenset({A})),
    "POST /webhooks/receivers/{receiver}/state": Row(frozenset({A}), {"state": "paused"}),
    "POST /webhooks/receivers/{receiver}/again": Row(frozenset({A}), {"since": "2026-01-01"}),
    "POST /webhooks/events/{subscription}/state": Row(frozenset({A}), {"state": "paused"}),
    "POST /webhooks/events/{subscription}/again": Row(frozenset({A}), {"after": "0"}),
    "GET /senders": Row(EVERYBODY),
    "POST /senders/pause": Row(frozenset({M, C, A}), {"holds": "marketing", "reason": "a slip"}),
    "POST /brakes/{brake}/lift": Row(frozenset({M, C, A}), {"reason": "a slip"}),
    "GET /templates": Row(EVERYBODY),
    "GET /team": Row(frozenset({A})),
    "POST /team": Row(frozenset({A}), {"email": "new@example.com", "role": "viewer"}),
    "POST /team/{operator}/role": Row(frozenset({A}), {"role": "viewer"}),
    "POST /team/{operator}/end": Row(frozenset({A})),
    "GET /audit": Row(frozenset({C, A})),
    "GET /account": Row(EVERYBODY),
    "POST /account/sessions/{session}/end": Row(EVERYBODY),
    "GET /account/authenticator": Row(EVERYBODY),
    "POST /account/authenticator": Row(EVERYBODY, {"secret": "A" * 32, "code": "000000"}),
    "POST /account/authenticator/remove": Row(EVERYBODY),
    "POST /account/passkeys": Row(EVERYBODY, {"label": "laptop", "answer": "{}"}),
    "POST /account/passkeys/question": Row(EVERYBODY),
    "POST /account/passkeys/{passkey}/name": Row(EVERYBODY, {"label": "laptop"}),
    "POST /account/passkeys/{passkey}/remove": Row(EVERYBODY),
}
GUARDED = [door for door in DOORS if door.permission is not None]
FORMS = [door for door in GUARDED if door.method == "POST"]
ENDINGS = ("/role", "/end", "/erase", "/sign-out")
PARTS = {
    "{brake}": f"brk_{ID}",
    "{entry}": f"ent_{ID}",
    "{held}": f"hld_{ID}",
    "{import}": f"imp_{ID}",
    "{operator}": f"opr_{ID}",
    "{key}": "signup",
    "{passkey}": f"psk_{ID}",
    "{receiver}": f"rcv_{ID}",
    "{schedule}": f"exs_{ID}",
    "{screen}": f"scr_{ID}",
    "{subscription}": f"sub_{ID}",
    "{session}": f"ses_{ID}",
    "{position:int}": "1",
}


def place_of(door: Door) -> int:
    """What ends something comes last, and the session last of all."""
    found = [number for number, end in enumerate(ENDINGS, 1) if door.path.endswith(end)]
    return found[0] if found else 0


def name_of(door: Door) -> str:
    return f"{door.method} {door.path}"


async def path_of(office: Office, door: Door) -> str:
    """Fill the path: the person is a real one, what else it names is nobody's."""
    path = door.path
    if "{contact}" in path:
        path = path.replace("{contact}", await office.person())
    for part, filled in PARTS.items():
        path = path.replace(part, filled)
    return path


async def go(
    office: Office,
    door: Door,
    visitor: Visitor,
    *,
    token: str = "",
    origin: str = SITE,
    business: str = BUSINESS,
) -> Got:
    """Go through a door with somebody's browser."""
    path = f"/console/{business}{await path_of(office, door)}"
    if door.method == "GET":
        return (await visitor.get(path)).got
    form = {"form_token": token, **ROWS[name_of(door)].form}
    return (await visitor.post(path, form, origin)).got


@pytest.fixture
async def busy(office: Office) -> Office:
    """There is a person to look at."""
    await said_at_sign_up(office.world)
    return office


def test_every_door_has_a_row() -> None:
    assert {name_of(door) for door in GUARDED} == set(ROWS)
    assert {name_of(door) for door in DOORS if door.permission is None} == OPEN


@pytest.mark.parametrize("role", OperatorRole)
async def test_a_role_goes_through_where_it_may_and_nowhere_else(
    busy: Office, role: OperatorRole
) -> None:
    """What ends a session, a role or a person comes last."""
    token = await busy.token(role)
    for door in sorted(GUARDED, key=place_of):
        got = await go(busy, door, busy.at(role), token=token)
        is_allowed = role in ROWS[name_of(door)].may
        assert (got.status != 403) is is_allowed, (name_of(door), got.status)
        assert got.status < 500, name_of(door)


async def test_a_stranger_is_sent_to_sign_in(busy: Office) -> None:
    for door in GUARDED:
        got = await go(busy, door, busy.at(None))
        assert got.status == 303, name_of(door)
        assert got.headers["location"] == f"/console/{BUSINESS}/sign-in", name_of(door)


async def test_an_admin_of_another_business_is_a_stranger(busy: Office) -> None:
    own, token = busy.at(A, RIVAL), await busy.token(A, RIVAL)
    renamed = Visitor(busy.app, {"cookie": own.headers["cookie"].replace(RIVAL, BUSINESS)})
    for door in GUARDED:
        for visitor in (own, renamed):
            got = await go(busy, door, visitor, token=token)
            assert got.status == 303, name_of(door)
            assert got.headers["location"].endswith("/sign-in"), name_of(door)


async def test_a_person_of_another_business_is_not_found_by_their_id(busy: Office) -> None:
    admin, token = busy.at(A, RIVAL), await busy.token(A, RIVAL)
    doors = [door for door in GUARDED if "{contact}" in door.path]
    before = len(await busy.events())
    for door in doors:
        got = await go(busy, door, admin, token=token, business=RIVAL)
        assert got.status == 422, name_of(door)
    assert len(await busy.events()) == before
    assert len(doors) == 6


async def test_a_form_needs_the_token_of_its_session(busy: Office) -> None:
    others = await busy.token(S)
    lines = await busy.acts()
    for door in FORMS:
        for token in ("", "0" * 64, others):
            got = await go(busy, door, busy.at(A), token=token)
            assert got.status == 403, name_of(door)
    assert await busy.acts() == lines


async def test_a_form_of_another_site_does_nothing(busy: Office) -> None:
    token, lines = await busy.token(A), await busy.acts()
    for door in FORMS:
        for origin in (STRANGER, ""):
            got = await go(busy, door, busy.at(A), token=token, origin=origin)
            assert got.status == 403, name_of(door)
    assert await busy.acts() == lines
