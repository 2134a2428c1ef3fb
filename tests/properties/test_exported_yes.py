"""Somebody with one yes is exported by a sample of it, and as everybody else is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.bulk.export import (
    ExportedContact,
    ExportedEvidence,
    ExportedName,
    ExportKind,
    ExportOrder,
    LoneYes,
    YesSort,
    is_suppressed,
    positions_of,
)
from askfirst.domain.consent.event import Assurance, EventKind, NumberProof
from askfirst.domain.consent.pauses import Pause
from askfirst.domain.consent.stamp import Doubt, Notice, Stamp
from askfirst.domain.consent.standing import NOTHING_SAID
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.value import replace
from askfirst.domain.values.ids import Position
from askfirst.domain.values.timestamp import Instant
from askfirst.storage.consent.standing_codec import encode_standing, only_yes, read_standing
from askfirst.web.exports.export_lines import contact_lines
from tests.support.builders import BUSINESS

YESES = st.builds(
    LoneYes,
    sort=st.builds(
        YesSort,
        purpose=st.sampled_from(["marketing", "utility.orders", "authentication", "*"]),
        kind=st.sampled_from([EventKind.GRANTED.value, EventKind.CONFIRMED.value]),
        assurance=st.sampled_from([int(one) for one in Assurance]),
        surface=st.sampled_from([one.value for one in Surface if one is not Surface.CODE]),
        number_proof=st.sampled_from([int(one) for one in NumberProof]),
        can_lift=st.booleans(),
    ),
    at=st.integers(0, 10**16).map(Instant),
    position=st.integers(1, 10**12),
)
KINDS = st.sampled_from([ExportKind.CONTACTS, ExportKind.SUPPRESSIONS])


NAMES = st.lists(st.builds(ExportedName, st.just("phone"), st.just("+447700900123")), max_size=2)
EVIDENCE = st.lists(
    st.builds(
        ExportedEvidence,
        st.just(Position(1)),
        st.binary() | st.sampled_from([b'{"a": "\xc3\xa9 %who %more"}', b"7", b'"\xe2\x80\xa8"']),
        st.booleans(),
    ),
    max_size=2,
)


@given(YESES, KINDS, st.sampled_from([None, "ctc_other"]), st.sampled_from([None, 10**15]))
def test_a_filled_in_sample_is_the_line_of_the_standing(
    yes: LoneYes, kind: ExportKind, merged_into: str | None, deferred_until: int | None
) -> None:
    one = ExportedContact("ctc_1", yes, merged_into, None, deferred_until, None)
    order = ExportOrder(business_id=BUSINESS, kind=kind)
    whole = one._replace(standing=yes.standing)
    assert contact_lines([one], order, yes.at) == contact_lines([whole], order, yes.at)


@given(YESES, NAMES, EVIDENCE, st.booleans(), st.booleans())
def test_so_it_is_with_what_only_some_exports_have(
    yes: LoneYes,
    names: list[ExportedName],
    evidence: list[ExportedEvidence],
    with_numbers: bool,
    with_evidence: bool,
) -> None:
    more = (tuple(names), tuple(evidence))
    one = ExportedContact("ctc_1", yes, None, None, None, None, *more)
    order = ExportOrder(
        business_id=BUSINESS,
        kind=ExportKind.CONTACTS,
        with_numbers=with_numbers,
        with_evidence=with_evidence,
    )
    whole = one._replace(standing=yes.standing)
    assert contact_lines([one], order, yes.at) == contact_lines([whole], order, yes.at)


@given(YESES)
def test_it_is_the_standing_that_was_kept(yes: LoneYes) -> None:
    kept = encode_standing(yes.standing)
    assert only_yes(kept) == yes
    assert read_standing(kept) == yes.standing
    assert positions_of(yes) == positions_of(yes.standing)
    assert is_suppressed(yes, yes.at) == is_suppressed(yes.standing, yes.at)


@given(YESES)
def test_whoever_has_anything_else_did_not_say_one_yes(yes: LoneYes) -> None:
    standing, mark = yes.standing, Stamp(Instant(1), 1, EventKind.WITHDRAWN)
    ((name, scope),) = standing.scopes.items()
    others = [
        scope._replace(no=mark),
        scope._replace(is_suspended=True),
        scope._replace(yeses=scope.yeses * 2),
        scope._replace(yeses=(scope.yeses[0]._replace(mark=mark._replace(ended=yes.at)),)),
        scope._replace(yeses=(scope.yeses[0]._replace(surface=Surface.CODE),)),
        scope._replace(notices=(Notice(mark, Surface.SIGNUP, NumberProof.VOUCHED),)),
    ]
    kept = [replace(standing, scopes={name: one}) for one in others]
    kept += [
        replace(standing, scopes={**standing.scopes, "utility": scope}),
        replace(standing, suspended=mark),
        replace(standing, native_stops={"1": mark}),
        replace(standing, doubt=Doubt(mark, first=mark.position)),
        replace(standing, pauses={name: Pause(mark, yes.at)}),
        NOTHING_SAID,
    ]
    assert [only_yes(encode_standing(one)) for one in kept] == [None] * len(kept)
