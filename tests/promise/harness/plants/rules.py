"""Bugs in what counts: who is whose, what ends what, which evidence is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from askfirst.bootstrap.database.store import Store
from askfirst.domain.consent import standing
from askfirst.domain.consent.event import Event
from askfirst.domain.consent.stamp import Stamp, joined
from askfirst.domain.consent.standing import (
    PurposeState,
    Standing,
)
from askfirst.domain.value import replace
from askfirst.storage.consent.contact_book import ContactBook
from askfirst.usecases.inbound import handle_event as hear_notice
from tests.promise.harness.plants.patching import put


def _no_native(_: Store) -> None:
    """Meta's own switch is acknowledged and dropped."""
    put(hear_notice, "_preference", lambda *_: ())


def _merge_newest(_: Store) -> None:
    """A merge keeps what was said last, on whichever side: the younger yes wins."""

    def merge(one: Standing, other: Standing, link: Stamp) -> Standing:
        # The event of the merge itself is of the survivor's side; what was said counts.
        newer = max((one, other), key=_last_said)
        return replace(newer, through=link.position)

    put(standing, "merge", merge)


def _last_said(side: Standing) -> int:
    scopes = side.scopes.values()
    noes = [scope.no.position for scope in scopes if scope.no]
    return max([*noes, *(yes.mark.position for scope in scopes for yes in scope.yeses)], default=0)


def _rebind_merges(_: Store) -> None:
    """A number that turns up with another id is taken for the same person."""
    put(ContactBook, "_contradicted", lambda *_: [])


def _fold_by_time(_: Store) -> None:
    """A no ends only what was said before it by the clocks."""

    def deny(scopes: dict[str, PurposeState], purpose: str, event: Event) -> None:
        no = Stamp(event.occurred_at, event.position, event.kind)
        standing._keep(scopes, purpose, lambda yes: yes.mark.at > no.at)
        scope = scopes.get(purpose, PurposeState())
        scopes[purpose] = scope._replace(no=joined(scope.no, no))

    put(standing, "_deny_now", deny)


RULE_PLANTS: Mapping[str, Callable[[Store], None]] = {
    "no_native": _no_native,
    "merge_newest": _merge_newest,
    "rebind_merges": _rebind_merges,
    "fold_by_time": _fold_by_time,
}
