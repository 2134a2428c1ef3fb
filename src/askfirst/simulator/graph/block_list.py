"""People whom a business blocks. Source: Meta, "Block users"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from askfirst.domain.values.errors import InvalidInput
from askfirst.graph.platform.errors import ERRORS, GraphCode
from askfirst.simulator.graph.refused import Refused
from askfirst.simulator.state.state import Phone, World

AT_ONCE_MAX = 1_000
BLOCKED_MAX = 64_000


def block(
    world: World, node: str, users: Sequence[Mapping[str, Any]], now: float
) -> Mapping[str, Any]:
    """Answer `POST /{number}/block_users`: only people who wrote within a day can be blocked.

    Raises:
        Refused: some cannot be blocked; the others are, and the answer names both.
    """
    shut_out = world.belongings.shut_out.setdefault(node, {})

    def one(phone: Phone) -> GraphCode | None:
        if phone.wa_id == world.numbers[node].digits:
            return GraphCode.RECIPIENT_IS_SENDER
        if phone.wa_id not in shut_out and len(shut_out) >= BLOCKED_MAX:
            return GraphCode.BLOCKLIST_FULL
        if not phone.has_open_window(node, now):
            return GraphCode.WINDOW_CLOSED
        shut_out[phone.wa_id] = None
        return None

    return _each(world, users, one, "added_users")


def unblock(world: World, node: str, users: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Answer `DELETE /{number}/block_users`."""
    shut_out = world.belongings.shut_out.setdefault(node, {})

    def one(phone: Phone) -> None:
        shut_out.pop(phone.wa_id, None)

    return _each(world, users, one, "removed_users")


def _each(
    world: World,
    users: Sequence[Mapping[str, Any]],
    act: Callable[[Phone], GraphCode | None],
    what: str,
) -> Mapping[str, Any]:
    if not users:
        raise Refused(GraphCode.PARAMETER_INVALID, "The parameter block_users is required.")
    if len(users) > AT_ONCE_MAX:
        raise Refused(GraphCode.RATE_LIMIT, f"{AT_ONCE_MAX} users at most can be given at once.")
    done: list[Mapping[str, Any]] = []
    failed: list[Mapping[str, Any]] = []
    for user in users:
        name = str(user.get("user") or user.get("user_id") or "")
        try:
            phone = world.phone_of_user(name) or world.phone(name, keep=False)
        except InvalidInput:
            failed.append({"input": name, "errors": [_error(GraphCode.WINDOW_CLOSED)]})
            continue
        row = {"input": name, "wa_id": phone.wa_id}
        code = act(phone)
        (done if code is None else failed).append(
            row if code is None else row | {"errors": [_error(code)]}
        )
    answer: dict[str, Any] = {"messaging_product": "whatsapp", "block_users": {what: done}}
    if failed:
        answer["block_users"]["failed_users"] = failed
        details = "Failed to block some users, see the block_users response list for details"
        raise Refused(GraphCode.BLOCK_FAILED, details, answer)
    return answer


def _error(code: GraphCode) -> Mapping[str, Any]:
    title = ERRORS[code].title
    return {"message": title, "code": int(code), "error_data": {"details": title}}
