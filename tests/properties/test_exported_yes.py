"""Somebody with one yes is exported by a sample of it, and as everybody else is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from askfirst.domain.bulk.export import (
    ExportedContact,
    ExportKind,
    ExportOrder,
    LoneYes,
    YesSort,
    is_suppressed,
    positions_of,
)
from askfirst.domain.consent.event import Assurance, EventKind, NumberProof
from askfirst.domain.prompts.prompt import Surface
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


@given(YESES, KINDS, st.sampled_from([None, "ctc_other"]))
def test_a_filled_in_sample_is_the_line_of_the_standing(
    yes: LoneYes, kind: ExportKind, merged_into: str | None
) -> None:
    one = ExportedContact("ctc_1", yes, merged_into, None, 10**15, None)
    order = ExportOrder(business_id=BUSINESS, kind=kind)
    whole = one._replace(standing=yes.standing)
    assert contact_lines([one], order, yes.at) == contact_lines([whole], order, yes.at)


@given(YESES)
def test_it_is_the_standing_that_was_kept(yes: LoneYes) -> None:
    kept = encode_standing(yes.standing)
    found = only_yes(kept)
    assert found is not None
    assert LoneYes(YesSort._make(found.sort), found.at, found.position) == yes
    assert read_standing(kept) == yes.standing
    assert positions_of(yes) == positions_of(yes.standing)
    assert is_suppressed(yes, yes.at) == is_suppressed(yes.standing, yes.at)
