"""What each kind of notice does to the ledger, the window and the registry."""

from __future__ import annotations

import pytest

from askfirst.decision.decide import decide
from askfirst.domain.consent.event import Assurance, Event, EventKind, Source
from askfirst.domain.consent.standing import Answer, native_stop
from askfirst.domain.inbound.inbound_event import InboundEvent, Preference
from askfirst.domain.prompts.prompt import CHAT_SURFACES, PromptHash, Surface
from askfirst.domain.prompts.quick_reply import Reply, ReplyVerb, reply_payload
from askfirst.domain.tenants.sender import TemplateState
from askfirst.domain.values.alias import AliasKind
from askfirst.domain.values.ids import Position
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import SECOND, Instant
from askfirst.ports.prompts.prompts import NEVER_PUBLISHED
from askfirst.ports.tenants.directory import UNROUTED
from askfirst.usecases.inbound.take_webhook import take_webhook
from tests.support.builders import (
    ANA,
    ANA_BSUID,
    BEN,
    BUSINESS,
    CLEO,
    MARKETING,
    OTHER_SENDER,
    RIVAL,
    SENDER,
    change,
    free_form,
    grant,
    prompt,
    question,
    sender,
    stop,
    template,
    unreachable,
)
from tests.support.clocks import NOON, at
from tests.support.notices import (
    NOWHERE,
    changed,
    moved,
    reported,
    sent_content,
    switched,
    tapped,
    template_changed,
    typed,
    unrecognised,
)
from tests.support.reading import all_events, answer_of, contact_of, standing_of
from tests.support.services import World
from tests.support.stores import Home

QUESTION = prompt("Offers on WhatsApp?", surface=Surface.CHAT)


@pytest.fixture
async def world(sqlite_world: World) -> World:
    """A world with one sender, in which Ana said yes to marketing and utility yesterday."""
    sqlite_world.clock.set(at(60))
    await sqlite_world.store.directory.put_sender(sender(), None, NOON)
    await sqlite_world.store.ledger.commit(
        change(
            grant(purposes=("marketing", "utility"), at=at(-86_400), prompt=QUESTION.hash),
            prompt=QUESTION,
        )
    )
    await sqlite_world.services.prompts.keep(BUSINESS, QUESTION, NEVER_PUBLISHED)
    return sqlite_world


async def hear(world: World, *notices: InboundEvent, body: bytes = b"{}") -> list[Event]:
    """Take the notices; gives the events they made."""
    head = await world.store.ledger.head(BUSINESS)
    made = (await take_webhook(world.services, notices, body)).events
    events = await world.store.ledger.events(BUSINESS, head, 99)
    assert made >= len(events)
    return list(events)


async def kinds(world: World, *notices: InboundEvent) -> list[EventKind]:
    return [event.kind for event in await hear(world, *notices)]


async def window(world: World) -> Instant | None:
    return (await world.store.gate.look(free_form())).window_opened_at


async def test_a_text_opens_the_window_and_says_nothing_else(world: World) -> None:
    assert await kinds(world, typed("Where is my order?")) == []
    assert await window(world) == NOON


async def test_content_opens_the_window(world: World) -> None:
    assert await kinds(world, sent_content("reaction")) == []
    assert await window(world) == NOON


@pytest.mark.parametrize("kind", ["edit", "revoke"])
async def test_changing_an_older_message_opens_no_window(world: World, kind: str) -> None:
    assert await kinds(world, changed(kind)) == []
    assert await window(world) is None


async def test_a_typed_stop_ends_everything_and_is_proven(world: World) -> None:
    (event,) = await hear(world, typed("STOP"))
    assert (event.kind, event.purposes, event.sender) == (EventKind.WITHDRAWN, (), SENDER)
    assert (event.source, event.surface) == (Source.WEBHOOK, Surface.CHAT)
    assert event.assurance is Assurance.CONFIRMED
    assert len(event.evidence_digest) == 32
    assert await answer_of(world.store) is Answer.WITHDRAWN
    assert await answer_of(world.store, purpose="utility") is Answer.WITHDRAWN


async def test_a_typed_stop_of_offers_ends_marketing_only(world: World) -> None:
    (event,) = await hear(world, typed("No more marketing messages please"))
    assert event.purposes == MARKETING
    assert await answer_of(world.store, purpose="utility") is Answer.GRANTED


async def test_a_stop_keeps_the_evidence_in_the_store(world: World, sqlite_home: Home) -> None:
    await hear(world, typed("STOP"))
    ((count,),) = await sqlite_home.raw("SELECT count(*) FROM evidence")
    assert count == 1


async def test_a_typed_yes_is_no_consent(world: World) -> None:
    assert await kinds(world, typed("YES", aliases=(BEN,))) == []
    assert await answer_of(world.store, BEN) is Answer.UNASKED


async def test_a_second_delivery_does_nothing(world: World) -> None:
    assert await kinds(world, typed("STOP")) == [EventKind.WITHDRAWN]
    assert await kinds(world, typed("STOP")) == []
    assert await kinds(world, typed("STOP", source_id="wamid.2")) == [EventKind.WITHDRAWN]


async def test_a_no_counts_from_the_end_of_its_second_and_a_yes_from_the_start(
    world: World,
) -> None:
    yes = reply_payload(Reply(verb=ReplyVerb.YES, purposes=MARKETING, prompt=QUESTION.hash))
    (stop,) = await hear(world, typed("STOP", occurred_at=at(10)))
    assert stop.occurred_at == at(10) + SECOND - 1
    await hear(world, tapped(yes, source_id="w2", occurred_at=at(10)))
    assert await answer_of(world.store) is Answer.WITHDRAWN
    await hear(world, tapped(yes, source_id="w3", occurred_at=at(11)))
    assert await answer_of(world.store) is Answer.GRANTED


async def test_a_no_never_counts_from_later_than_it_was_heard(world: World) -> None:
    (stop,) = await hear(world, typed("STOP", occurred_at=at(60)))
    assert stop.occurred_at == stop.recorded_at == at(60)


async def test_a_time_from_the_future_counts_as_now(world: World) -> None:
    (event,) = await hear(world, typed("STOP", occurred_at=at(999)))
    assert event.occurred_at == at(60)


async def test_a_notice_without_a_time_counts_as_now(world: World) -> None:
    (event,) = await hear(world, typed("STOP", occurred_at=None))
    assert event.occurred_at == at(60)
    assert await kinds(world, typed("STOP", occurred_at=None)) == []


@pytest.mark.parametrize(
    ("payload", "purposes"),
    [
        ("askfirst:stop:*", ()),
        ("askfirst:stop:marketing", MARKETING),
        ("askfirst:stop:marketing.offers,utility", ("marketing.offers", "utility")),
        ("askfirst:stop:", ()),
        ("askfirst:stop:Werbung", ()),
        ("askfirst:stop:service", ()),
        ("askfirst:stop:marketing,", ()),
        ("STOP", ()),
    ],
)
async def test_a_tapped_stop_stops_what_it_names_and_everything_where_that_is_unclear(
    world: World, payload: str, purposes: tuple[str, ...]
) -> None:
    (event,) = await hear(world, tapped(payload, "Stop"))
    assert (event.kind, event.purposes) == (EventKind.WITHDRAWN, purposes)
    assert await window(world) == NOON
    stored = (await all_events(world.store))[-1]
    assert stored == event


@pytest.mark.parametrize(
    ("verb", "kind"), [(ReplyVerb.YES, EventKind.GRANTED), (ReplyVerb.NO, EventKind.REFUSED)]
)
async def test_a_tapped_answer_to_a_known_prompt_counts_and_is_sure(
    world: World, verb: ReplyVerb, kind: EventKind
) -> None:
    payload = reply_payload(Reply(verb=verb, purposes=MARKETING, prompt=QUESTION.hash))
    (event,) = await hear(world, tapped(payload, "Yes, please", aliases=(BEN,)))
    assert (event.kind, event.purposes, event.prompt) == (kind, MARKETING, QUESTION.hash)
    assert (event.assurance, event.surface) == (Assurance.CONFIRMED, Surface.CHAT)
    assert event.evidence_digest


@pytest.mark.parametrize("verb", [ReplyVerb.YES, ReplyVerb.NO])
async def test_a_tapped_answer_to_an_unknown_prompt_counts_for_nothing(
    world: World, verb: ReplyVerb
) -> None:
    unknown = PromptHash("sha256:" + "0" * 64)
    payload = reply_payload(Reply(verb=verb, purposes=MARKETING, prompt=unknown))
    assert await kinds(world, tapped(payload, aliases=(BEN,))) == []
    assert await answer_of(world.store, BEN) is Answer.UNASKED


@pytest.mark.parametrize(
    ("verb", "answer"), [(ReplyVerb.YES, Answer.UNASKED), (ReplyVerb.NO, Answer.REFUSED)]
)
async def test_a_tap_below_words_that_are_only_claimed_is_no_yes_and_may_be_a_no(
    world: World, verb: ReplyVerb, answer: Answer
) -> None:
    claimed = prompt("Whatever we say", surface=Surface.CHAT)
    await world.store.ledger.commit(change(grant(prompt=claimed.hash), prompt=claimed))
    payload = reply_payload(Reply(verb=verb, purposes=MARKETING, prompt=claimed.hash))
    await hear(world, tapped(payload, aliases=(CLEO,)))
    assert await answer_of(world.store, CLEO) is answer


@pytest.mark.parametrize("surface", sorted(set(Surface) - CHAT_SURFACES))
async def test_a_tap_on_a_question_that_is_not_asked_in_the_chat_is_no_yes(
    world: World, surface: Surface
) -> None:
    elsewhere = prompt(surface=surface)
    await world.services.prompts.keep(BUSINESS, elsewhere, NEVER_PUBLISHED)
    payload = reply_payload(Reply(verb=ReplyVerb.YES, purposes=MARKETING, prompt=elsewhere.hash))
    assert await kinds(world, tapped(payload, aliases=(BEN,))) == []


async def test_a_prompt_of_another_business_is_not_known_here(world: World) -> None:
    await world.store.directory.put_sender(sender(OTHER_SENDER, business_id=RIVAL), None, NOON)
    payload = reply_payload(Reply(verb=ReplyVerb.YES, purposes=MARKETING, prompt=QUESTION.hash))
    await take_webhook(world.services, [tapped(payload, phone_number_id=OTHER_SENDER)], b"{}")
    assert await world.store.ledger.head(RIVAL) == 0


async def test_a_tap_on_somebody_elses_button_only_opens_the_window(world: World) -> None:
    assert await kinds(world, tapped("ORDER-17", "Track my order")) == []
    assert await window(world) == NOON


async def test_metas_stop_is_a_layer_of_its_own_that_only_metas_resume_lifts(
    world: World,
) -> None:
    (stop,) = await hear(world, switched(Preference.STOP))
    assert (stop.kind, stop.sender) == (EventKind.NATIVE_STOPPED, SENDER)
    assert native_stop(await standing_of(world.store), None)
    assert await answer_of(world.store) is Answer.GRANTED
    resume = switched(Preference.RESUME, source_id="w2", occurred_at=at(5))
    assert await kinds(world, resume) == [EventKind.NATIVE_RESUMED]
    assert native_stop(await standing_of(world.store), None) is None


async def test_metas_resume_does_not_lift_a_withdrawal(world: World) -> None:
    await hear(world, typed("STOP"))
    await hear(world, switched(Preference.RESUME, source_id="w2", occurred_at=at(5)))
    assert await answer_of(world.store) is Answer.WITHDRAWN


async def test_metas_sign_up_is_a_yes_to_marketing_that_also_resumes(world: World) -> None:
    await hear(world, switched(Preference.STOP, aliases=(BEN,)))
    signup = switched(Preference.SIGNUP, aliases=(BEN,), source_id="w2", occurred_at=at(5))
    events = await hear(world, signup)
    assert [event.kind for event in events] == [EventKind.NATIVE_RESUMED, EventKind.GRANTED]
    assert (events[1].surface, events[1].purposes) == (Surface.LINK, MARKETING)
    assert await answer_of(world.store, BEN) is Answer.GRANTED
    assert native_stop(await standing_of(world.store, BEN), None) is None


async def test_a_preference_opens_no_window(world: World) -> None:
    await hear(world, switched(Preference.STOP))
    assert await window(world) is None


async def test_a_report_that_the_user_stopped_marketing_is_metas_stop(world: World) -> None:
    (event,) = await hear(world, reported(131050))
    assert (event.kind, event.purposes) == (EventKind.NATIVE_STOPPED, MARKETING)


async def test_a_report_of_a_changed_identity_suspends_every_yes(world: World) -> None:
    assert await kinds(world, reported(137000)) == [EventKind.SUSPENDED]
    assert await answer_of(world.store) is Answer.SUSPENDED
    assert await answer_of(world.store, purpose="utility") is Answer.SUSPENDED


async def test_an_undeliverable_number_is_remembered_and_says_nothing_about_consent(
    world: World,
) -> None:
    assert await kinds(world, reported(131026)) == []
    contact = await contact_of(world.store)
    assert await world.store.ledger.unreachable_at(BUSINESS, contact) == NOON
    assert await answer_of(world.store) is Answer.GRANTED


async def test_a_message_from_an_unreachable_number_clears_it(world: World) -> None:
    await world.store.ledger.commit(change(unreachable()))
    await hear(world, typed("hello", occurred_at=at(5)))
    contact = await contact_of(world.store)
    assert await world.store.ledger.unreachable_at(BUSINESS, contact) is None


@pytest.mark.parametrize("status", ["sent", "delivered", "read", "played", "failed"])
async def test_other_reports_say_nothing(world: World, status: str) -> None:
    assert await kinds(world, reported(131047, status=status)) == []
    assert await window(world) is None


async def test_one_report_may_hold_several_codes(world: World) -> None:
    assert await kinds(world, reported(131050, 137000)) == [
        EventKind.NATIVE_STOPPED,
        EventKind.SUSPENDED,
    ]


async def test_a_number_change_suspends_the_old_number_and_promises_nothing_for_the_new(
    world: World,
) -> None:
    assert await kinds(world, moved(BEN)) == [EventKind.SUSPENDED]
    assert await answer_of(world.store, ANA) is Answer.SUSPENDED
    assert await world.store.ledger.find(BUSINESS, BEN) is None


async def test_a_number_change_copies_every_no_to_the_new_number(world: World) -> None:
    await world.store.ledger.commit(change(stop(ANA)))
    assert await kinds(world, moved(BEN)) == [
        EventKind.SUSPENDED,
        EventKind.SUSPENDED,
        EventKind.WITHDRAWN,
    ]
    assert await answer_of(world.store, BEN) is Answer.WITHDRAWN


async def test_a_number_change_suspends_what_the_new_numbers_last_owner_said(
    world: World,
) -> None:
    await world.store.ledger.commit(change(grant(BEN)))
    await hear(world, moved(BEN))
    assert await answer_of(world.store, BEN) is Answer.SUSPENDED


async def test_a_yes_of_the_old_numbers_next_owner_does_not_follow_the_person(
    world: World,
) -> None:
    await hear(world, moved(BEN))
    await world.store.ledger.commit(change(grant(ANA, at=at(90)), at=at(90)))
    assert await answer_of(world.store, ANA) is Answer.GRANTED
    look = await world.store.gate.look(question(BEN))
    assert not decide(look, world.services.policy, question(BEN), at(91)).allowed


async def test_a_changed_identity_without_a_new_number_suspends(world: World) -> None:
    assert await kinds(world, moved()) == [EventKind.SUSPENDED]


async def test_names_that_meta_signs_together_are_learnt(world: World) -> None:
    await hear(world, typed("hello", aliases=(ANA, ANA_BSUID)))
    assert ANA_BSUID.kind is AliasKind.BSUID
    assert await contact_of(world.store, ANA_BSUID) == await contact_of(world.store, ANA)


async def test_a_notice_without_a_person_is_kept_and_does_nothing(
    world: World, sqlite_home: Home
) -> None:
    assert await kinds(world, typed("STOP", aliases=())) == []
    assert await sqlite_home.raw("SELECT business_id FROM webhook") == [(BUSINESS,)]


async def test_an_unrecognised_notice_is_kept_and_does_nothing(
    world: World, sqlite_home: Home
) -> None:
    assert await kinds(world, unrecognised()) == []
    assert await sqlite_home.raw("SELECT business_id FROM webhook") == [(BUSINESS,)]


async def test_a_sender_that_nobody_registered_is_kept_apart_and_acted_on_nowhere(
    world: World, sqlite_home: Home
) -> None:
    assert await kinds(world, typed("STOP", **NOWHERE)) == []
    assert await answer_of(world.store) is Answer.GRANTED
    assert await sqlite_home.raw("SELECT business_id FROM webhook") == []
    assert await sqlite_home.raw("SELECT business_id FROM dead_letter") == [(UNROUTED,)]
    assert await world.store.ledger.head(UNROUTED) == Position(0)


async def test_an_empty_webhook_is_kept(world: World, sqlite_home: Home) -> None:
    assert (await take_webhook(world.services, [], b"{}")).events == 0
    assert await sqlite_home.raw("SELECT business_id FROM webhook") == [(UNROUTED,)]


async def test_a_webhook_for_two_businesses_acts_on_each(world: World) -> None:
    await world.store.directory.put_sender(sender(OTHER_SENDER, business_id=RIVAL), None, NOON)
    theirs = typed("STOP", phone_number_id=OTHER_SENDER, source_id="w2")
    assert (await take_webhook(world.services, [typed("STOP"), theirs], b"{}")).events == 2
    assert await world.store.ledger.head(RIVAL) == 1


async def test_a_template_change_is_taken_by_the_business_of_the_account_alone(
    world: World,
) -> None:
    await world.store.directory.put_sender(sender(OTHER_SENDER, business_id=RIVAL), None, NOON)
    await hear(world, template_changed(state=TemplateState.PAUSED))
    (found,) = await world.store.directory.templates(BUSINESS, "", 9)
    assert (found.name, found.state) == ("offer", TemplateState.PAUSED)
    assert await world.store.directory.templates(RIVAL, "", 9) == ()


async def test_a_template_change_leaves_the_rest_as_it_was(world: World) -> None:
    await world.store.directory.put_templates(
        (template(category=Category.UTILITY, seen_at=at(-9)),)
    )
    await hear(world, template_changed(state=TemplateState.OUT_OF_SERVICE))
    (found,) = await world.store.directory.templates(BUSINESS, "", 9)
    assert (found.category, found.state) == (Category.UTILITY, TemplateState.OUT_OF_SERVICE)


@pytest.mark.parametrize("name", ["off\0er", "n" * 513, "\ud800"])
async def test_a_template_of_an_impossible_name_holds_up_nothing(world: World, name: str) -> None:
    assert await kinds(world, template_changed(name=name), typed("STOP")) == [EventKind.WITHDRAWN]
    assert await world.store.directory.templates(BUSINESS, "", 9) == ()


async def test_words_of_any_length_and_script_are_evidence(world: World) -> None:
    (event,) = await hear(world, tapped("askfirst:stop:*", "\0" + "🛑" * 5000))
    assert event.evidence_digest
