"""What a business reports about an answer, and how much of it is believed."""

from __future__ import annotations

from typing import Any

import pytest

from askfirst.domain.consent.attestation import Attestation
from askfirst.domain.consent.consent import Consent, ConsentVerb
from askfirst.domain.consent.event import Assurance, EventKind, NumberProof, Source, evidence_digest
from askfirst.domain.consent.standing import Answer, view
from askfirst.domain.prompts.prompt import PromptHash, Surface
from askfirst.domain.value import replace
from askfirst.domain.values.errors import Conflict, InvalidInput, UnknownReference
from askfirst.domain.values.purpose import MARKETING, UTILITY, Purpose
from askfirst.domain.values.timestamp import Instant
from askfirst.usecases.consent.record_consent import record_consent
from tests.support.builders import ANA, BEN, BUSINESS, RIVAL, prompt
from tests.support.clocks import NOON, at
from tests.support.reading import all_events, answer_of, standing_of
from tests.support.services import World
from tests.support.shown import show
from tests.support.stores import Home

YES = Consent(
    business_id=BUSINESS,
    verb=ConsentVerb.GRANT,
    alias=ANA,
    purposes=(MARKETING,),
    surface=Surface.SIGNUP,
    source=Source.API,
    prompt=prompt(),
)


@pytest.fixture
def world(sqlite_world: World) -> World:
    return sqlite_world


@pytest.mark.parametrize(
    ("verb", "kind"),
    [
        (ConsentVerb.GRANT, EventKind.GRANTED),
        (ConsentVerb.REFUSE, EventKind.REFUSED),
        (ConsentVerb.WITHDRAW, EventKind.WITHDRAWN),
        (ConsentVerb.CONFIRM, EventKind.CONFIRMED),
    ],
)
async def test_each_verb_is_one_event(world: World, verb: ConsentVerb, kind: EventKind) -> None:
    committed = await record_consent(world.services, replace(YES, verb=verb, evidence=b"{}"))
    (event,) = committed.events
    assert (event.kind, event.purposes, event.source) == (kind, ("marketing",), Source.API)
    assert (event.occurred_at, event.recorded_at) == (NOON, NOON)
    assert await all_events(world.store) == (event,)


@pytest.mark.parametrize(
    ("changed", "assurance"),
    [
        ({}, Assurance.ASSERTED),
        ({"prompt": None}, Assurance.ASSERTED),
        ({"surface": Surface.IMPORT}, Assurance.ASSERTED),
        ({"surface": Surface.IMPORT, "source": Source.IMPORT, "prompt": None}, Assurance.ASSERTED),
        ({"verb": ConsentVerb.CONFIRM, "evidence": b"{}"}, Assurance.ASSERTED),
        ({"verb": ConsentVerb.CONFIRM, "evidence": b"{}", "prompt": None}, Assurance.ASSERTED),
        ({"evidence": b"{}", "prompt": None}, Assurance.ASSERTED),
    ],
)
async def test_a_claim_stays_a_claim(
    world: World, changed: dict[str, object], assurance: Assurance
) -> None:
    committed = await record_consent(world.services, replace(YES, **changed))  # type: ignore[arg-type]
    assert committed.events[0].assurance is assurance


async def test_an_answer_may_name_a_prompt_that_is_known(world: World) -> None:
    await record_consent(world.services, YES)
    committed = await record_consent(world.services, replace(YES, prompt=prompt().hash))
    assert committed.events[0].prompt == prompt().hash
    assert committed.events[0].assurance is Assurance.ASSERTED


async def shown_yes(world: World, **changes: Any) -> Consent:
    """A yes that brings the token of what was just shown."""
    token = await show(world.services, BUSINESS, prompt())
    return replace(YES, prompt=token, **changes)


async def test_an_answer_with_the_token_of_its_prompt_was_shown(world: World) -> None:
    committed = await record_consent(world.services, await shown_yes(world))
    assert committed.events[0].prompt == prompt().hash
    assert committed.events[0].assurance is Assurance.SHOWN


async def test_a_token_that_came_too_late_proves_nothing(world: World) -> None:
    yes = await shown_yes(world)
    world.clock.advance(3599.999999)
    in_time = await record_consent(world.services, yes)
    assert in_time.events[0].assurance is Assurance.SHOWN
    late = await shown_yes(world)
    world.clock.advance(3600)
    committed = await record_consent(world.services, late)
    assert committed.events[0].assurance is Assurance.ASSERTED


async def test_the_same_answer_with_a_token_twice_is_written_once(world: World) -> None:
    yes = await shown_yes(world)
    first = await record_consent(world.services, yes)
    again = await record_consent(world.services, yes)
    assert (again.replayed, again.events) == (True, first.events)
    assert len(await all_events(world.store)) == 1


@pytest.mark.parametrize("key", [None, ("another", b"k" * 32)])
async def test_a_token_is_no_yes_of_somebody_else(
    world: World, key: tuple[str, bytes] | None
) -> None:
    yes = await shown_yes(world)
    await record_consent(world.services, yes)
    with pytest.raises(Conflict, match="the prompt token was used before"):
        await record_consent(world.services, replace(yes, alias=BEN, idempotency=key))
    assert len(await all_events(world.store)) == 1


async def test_whoever_has_said_yes_may_say_no_with_the_same_token(world: World) -> None:
    yes = await shown_yes(world)
    await record_consent(world.services, yes)
    await record_consent(world.services, replace(yes, verb=ConsentVerb.REFUSE))
    assert await answer_of(world.store) is Answer.REFUSED


async def test_a_no_after_a_yes_counts_though_the_same_no_came_before_it(world: World) -> None:
    """A page with two buttons, and somebody who goes back and presses again."""
    yes = await shown_yes(world)
    no = replace(yes, verb=ConsentVerb.REFUSE)
    for answer in (no, replace(yes, source=Source.API), no):
        await record_consent(world.services, answer)
        world.clock.advance(60)
    assert await answer_of(world.store) is Answer.REFUSED
    assert len(await all_events(world.store)) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"business_id": RIVAL},
        {"surface": Surface.PAPER},
        {"purposes": (MARKETING, UTILITY)},
    ],
    ids=["another business", "another place", "more purposes"],
)
async def test_a_no_is_taken_though_its_token_does_not_fit(
    world: World, changes: dict[str, Any]
) -> None:
    no = replace(await shown_yes(world, **changes), verb=ConsentVerb.REFUSE)
    (event,) = (await record_consent(world.services, no)).events
    assert (event.kind, event.prompt) == (EventKind.REFUSED, None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"business_id": RIVAL}, "prompt.token"),
        ({"surface": Surface.PAPER}, "surface"),
        ({"purposes": (MARKETING, UTILITY)}, "purposes"),
    ],
)
async def test_a_token_covers_only_what_was_shown(
    world: World, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await record_consent(world.services, await shown_yes(world, **changes))
    assert refused.value.field == field
    assert await all_events(world.store) == ()


async def test_an_answer_to_an_unknown_prompt_is_refused(world: World) -> None:
    unknown = PromptHash("sha256:" + "0" * 64)
    with pytest.raises(UnknownReference):
        await record_consent(world.services, replace(YES, prompt=unknown))
    assert await all_events(world.store) == ()


async def test_a_time_in_the_future_is_refused_and_names_the_field(world: World) -> None:
    with pytest.raises(InvalidInput) as refused:
        await record_consent(world.services, replace(YES, occurred_at=Instant(NOON + 1)))
    assert refused.value.field == "occurred_at"
    assert await all_events(world.store) == ()


@pytest.mark.parametrize("moment", [NOON, at(-0.000001), at(-86_400 * 400)])
async def test_a_time_in_the_past_is_kept(world: World, moment: Instant) -> None:
    committed = await record_consent(world.services, replace(YES, occurred_at=moment))
    assert committed.events[0].occurred_at == moment


@pytest.mark.parametrize("verb", [ConsentVerb.GRANT, ConsentVerb.REFUSE])
async def test_a_yes_or_no_must_say_to_what(world: World, verb: ConsentVerb) -> None:
    with pytest.raises(InvalidInput) as refused:
        await record_consent(world.services, replace(YES, verb=verb, purposes=()))
    assert refused.value.field == "purposes"
    assert await all_events(world.store) == ()


async def test_a_withdrawal_without_purposes_is_of_everything(world: World) -> None:
    await record_consent(world.services, replace(YES, purposes=(MARKETING, UTILITY)))
    withdrawal = replace(YES, verb=ConsentVerb.WITHDRAW, purposes=(), prompt=None)
    committed = await record_consent(world.services, withdrawal)
    assert committed.events[0].purposes == ()
    assert await answer_of(world.store) is Answer.WITHDRAWN
    assert await answer_of(world.store, purpose="utility") is Answer.WITHDRAWN


async def test_confirming_needs_to_say_how_the_number_was_proven(world: World) -> None:
    with pytest.raises(InvalidInput) as refused:
        await record_consent(world.services, replace(YES, verb=ConsentVerb.CONFIRM))
    assert refused.value.field == "evidence"
    assert await all_events(world.store) == ()


async def test_confirming_makes_no_yes_where_there_was_none(world: World) -> None:
    confirmation = replace(YES, verb=ConsentVerb.CONFIRM, evidence=b"{}", prompt=None)
    await record_consent(world.services, confirmation)
    assert await answer_of(world.store) is Answer.UNASKED


async def test_an_import_cannot_revive(world: World) -> None:
    await record_consent(world.services, replace(YES, verb=ConsentVerb.WITHDRAW))
    world.clock.advance(60)
    await record_consent(world.services, replace(YES, surface=Surface.IMPORT))
    assert await answer_of(world.store) is Answer.WITHDRAWN
    await record_consent(world.services, replace(YES, prompt=None))
    assert await answer_of(world.store) is Answer.WITHDRAWN
    await record_consent(world.services, YES)
    assert await answer_of(world.store) is Answer.WITHDRAWN
    vouched = await shown_yes(world, number_proof=NumberProof.VOUCHED)
    await record_consent(world.services, replace(vouched, number_proof=NumberProof.TYPED))
    assert await answer_of(world.store) is Answer.WITHDRAWN
    vouched = await shown_yes(world, number_proof=NumberProof.VOUCHED)
    await record_consent(world.services, vouched)
    assert await answer_of(world.store) is Answer.GRANTED


async def test_a_business_can_vouch_for_a_number_but_never_prove_it(world: World) -> None:
    await record_consent(world.services, await shown_yes(world))
    confirm = replace(YES, verb=ConsentVerb.CONFIRM, prompt=None, evidence=b'{"x":1}')
    await record_consent(world.services, replace(confirm, number_proof=NumberProof.VOUCHED))
    seen = view(await standing_of(world.store), Purpose("marketing"))
    assert (seen.assurance, seen.number_proof) == (Assurance.SHOWN, NumberProof.VOUCHED)
    with pytest.raises(InvalidInput, match="only a message that Meta signed"):
        replace(confirm, number_proof=NumberProof.PROVEN)


async def test_the_same_request_twice_is_written_once(world: World) -> None:
    keyed = replace(YES, idempotency=("key-1", b"a" * 32))
    first = await record_consent(world.services, keyed)
    world.clock.advance(3600)
    again = await record_consent(world.services, keyed)
    assert (again.replayed, again.events) == (True, first.events)
    with pytest.raises(Conflict):
        await record_consent(world.services, replace(keyed, idempotency=("key-1", b"b" * 32)))
    assert len(await all_events(world.store)) == 1


async def test_evidence_is_committed_to_by_a_salted_hash(world: World) -> None:
    first = await record_consent(world.services, replace(YES, evidence=b'{"page":"/signup"}'))
    second = await record_consent(world.services, replace(YES, evidence=b'{"page":"/signup"}'))
    digests = {first.events[0].evidence_digest, second.events[0].evidence_digest}
    assert len(digests) == 2
    assert all(len(digest) == 32 for digest in digests)


@pytest.mark.parametrize("surface", [Surface.PHONE, Surface.PAPER])
async def test_a_yes_that_nobody_took_down_is_none(world: World, surface: Surface) -> None:
    spoken = replace(YES, surface=surface, prompt=None, evidence=b'{"call":"4711"}')
    with pytest.raises(InvalidInput) as refused:
        await record_consent(world.services, spoken)
    assert refused.value.field == "witness"
    assert await all_events(world.store) == ()
    for verb in (ConsentVerb.REFUSE, ConsentVerb.WITHDRAW):
        await record_consent(world.services, replace(spoken, verb=verb))


async def test_a_shown_yes_on_the_phone_needs_its_witness_as_well(world: World) -> None:
    token = await show(world.services, BUSINESS, prompt(surface=Surface.PHONE))
    spoken = replace(YES, surface=Surface.PHONE, prompt=token)
    with pytest.raises(InvalidInput):
        await record_consent(world.services, spoken)
    committed = await record_consent(
        world.services, replace(spoken, witness=Attestation(taken_by="agent 17"))
    )
    assert committed.events[0].assurance is Assurance.SHOWN


async def test_the_witness_is_kept_with_the_evidence(world: World, sqlite_home: Home) -> None:
    witness = Attestation(taken_by="shop 3", scan_sha256="0" * 64)
    evidence = b'{"till":"2","witness":"nobody"}'
    taken = replace(YES, surface=Surface.PAPER, prompt=None, witness=witness, evidence=evidence)
    event = (await record_consent(world.services, taken)).events[0]
    ((sealed, salt),) = await sqlite_home.raw("SELECT sealed, salt FROM evidence")
    kept = b'{"till":"2","witness":{"scan_sha256":"' + b"0" * 64 + b'","taken_by":"shop 3"}}'
    assert event.evidence_digest == evidence_digest(kept, salt)
    assert b"shop 3" not in sealed
