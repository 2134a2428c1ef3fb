"""A code is brought to its number: through the gate, one channel after another."""

from __future__ import annotations

import json
from typing import Any

import pytest

from askfirst.decision.decision import Decision
from askfirst.decision.policy import Policy, Terms
from askfirst.decision.reason import Reason
from askfirst.decision.reservation import CODE_ONCE
from askfirst.domain.codes.code import Channel, Result, StatusKind
from askfirst.domain.codes.code_limits import CodeRules, budget_use
from askfirst.domain.consent.event import Assurance, EventKind, Source
from askfirst.domain.tenants.sender import SenderState, TemplateState
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias, phone_alias
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.purpose import Category
from askfirst.domain.values.timestamp import DAY, SECOND
from askfirst.ports.consent.change import AliasesLinked, Committed, WriteBatch
from askfirst.ports.consent.ledger import Ledger
from askfirst.ports.sending.gate import DecisionRecord
from askfirst.usecases.codes.deliver_code import deliver_code, fall_back
from askfirst.usecases.inbound.take_webhook import take_webhook
from askfirst.usecases.sending.outbound.answers import RejectedByMeta
from tests.support.builders import ANA, BEN, BUSINESS, change, grant, sender, stop
from tests.support.clocks import NOON, at
from tests.support.code_desk import CodeDesk, open_code_desk, refusal
from tests.support.notices import typed
from tests.support.services import World, code_templates_of

WHATSAPP, SMS = Channel.WHATSAPP, Channel.SMS
FAILED, SENT, FALLBACK = StatusKind.FAILED, StatusKind.SENT, StatusKind.FALLBACK_USED
ONLY_WHATSAPP = (WHATSAPP,)


@pytest.fixture
async def desk(sqlite_world: World) -> CodeDesk:
    return await open_code_desk(sqlite_world)


async def test_the_message_is_metas_template_with_the_code_twice(desk: CodeDesk) -> None:
    code = await desk.ask(locale="fr")
    (message,) = desk.whatsapp
    template = message["template"]
    assert message["to"] == "+" + ANA.value
    assert (template["name"], template["language"]) == (CodeRules().template, {"code": "fr"})
    body, button = template["components"]
    assert body["parameters"] == button["parameters"]
    assert (button["sub_type"], button["index"]) == ("url", "0")
    assert message["biz_opaque_callback_data"] == f"{code.code_id}:1"
    (request,) = desk.world.connections.sent
    assert request.headers["authorization"] == "Bearer EAAG-meta"


async def test_the_wish_is_in_the_ledger_before_the_code_leaves(desk: CodeDesk) -> None:
    """The decision that let it leave rests on the wish: it was there before."""
    code = await desk.ask()
    (wish,) = await desk.events()
    assert (wish.kind, wish.purposes) == (EventKind.GRANTED, ("authentication",))
    assert (wish.surface.value, wish.assurance) == ("code", Assurance.ASSERTED)
    assert (wish.source, wish.occurred_at) == (Source.FORM, code.created_at)
    (record,) = await desk.services.decisions.decisions(BUSINESS, "", 9)
    assert record.decision.position == wish.position
    assert record.decision.reasons == (Reason.CODE_ASKED_FOR,)
    (once,) = record.decision.reservations
    assert (record.decision.rule, once.kind, once.key) == (8, CODE_ONCE, str(wish.position))
    assert record.contact_id == wish.contact_id
    assert await desk.history(code) == [(SENT, WHATSAPP, "")]


async def test_a_wish_that_was_shown_needs_no_exception(desk: CodeDesk) -> None:
    await desk.ask(token=await desk.token())
    (wish,) = await desk.events()
    assert wish.assurance is Assurance.SHOWN
    (record,) = await desk.services.decisions.decisions(BUSINESS, "", 9)
    assert record.decision.reasons == (Reason.OPTED_IN,)


async def test_a_wish_is_for_codes_and_for_nothing_else(desk: CodeDesk) -> None:
    await desk.ask(token=await desk.token())
    assert {purpose for event in await desk.events() for purpose in event.purposes} == {
        "authentication"
    }


async def test_a_token_that_is_over_proves_nothing(desk: CodeDesk) -> None:
    token = await desk.token()
    desk.world.clock.advance(3600)
    await desk.ask(token=token)
    (wish,) = await desk.events()
    assert (wish.assurance, wish.prompt is not None) == (Assurance.ASSERTED, True)
    assert len(desk.whatsapp) == 1


async def test_each_code_has_a_wish_of_its_own_with_the_same_token_too(desk: CodeDesk) -> None:
    token = await desk.token()
    for _ in range(3):
        await desk.ask(token=token)
        desk.world.clock.advance(60)
    assert len(desk.whatsapp) == 3
    sure = [event.assurance for event in await desk.events()]
    assert sure == [Assurance.SHOWN, Assurance.ASSERTED, Assurance.ASSERTED]


async def test_a_token_that_answered_for_another_number_proves_nothing_for_this_one(
    desk: CodeDesk,
) -> None:
    token = await desk.token()
    await desk.ask(BEN, token=token)
    await desk.ask(ANA, token=token)
    bens, anas = await desk.events()
    assert (bens.assurance, anas.assurance) == (Assurance.SHOWN, Assurance.ASSERTED)


async def test_codes_go_on_where_policy_asks_for_sure_numbers(desk: CodeDesk) -> None:
    """Asking for the code before the code would shut everybody out."""
    strict = {
        **Policy().purposes,
        Category.AUTHENTICATION: Terms(assurance_min=Assurance.CONFIRMED),
    }
    strict_desk = desk.changed(policy=Policy(purposes=strict))
    for _ in range(3):
        code = await strict_desk.ask(token=await desk.token())
        assert await strict_desk.type(code, desk.digits) is Result.APPROVED
        desk.world.clock.advance(60)


@pytest.mark.parametrize("said", ["stop", "refused"])
async def test_a_no_holds_and_the_chain_goes_on(desk: CodeDesk, said: str) -> None:
    no = stop() if said == "stop" else grant(purposes=("authentication",))
    no = no if said == "stop" else replace(no, kind=EventKind.REFUSED)
    await desk.services.ledger.commit(change(no))
    desk.world.clock.set(at(86_401))
    code = await desk.ask()
    assert desk.whatsapp == []
    reason = "withdrawn" if said == "stop" else "refused"
    assert await desk.history(code) == [
        (FAILED, WHATSAPP, reason),
        (FALLBACK, SMS, ""),
        (SENT, SMS, ""),
    ]
    assert await desk.type(code, desk.texted) is Result.APPROVED


async def test_whoever_types_a_number_lifts_no_stop_of_its_holder_s(desk: CodeDesk) -> None:
    await desk.services.ledger.commit(change(stop()))
    desk.world.clock.set(at(90_000))
    await desk.ask(token=await desk.token())
    assert desk.whatsapp == []
    assert len(desk.world.sms.sent) == 1


async def test_who_chose_whatsapp_and_types_what_came_by_sms_gets_codes_there_again(
    desk: CodeDesk,
) -> None:
    await desk.services.ledger.commit(change(stop()))
    desk.world.clock.set(at(90_000))
    code = await desk.ask(token=await desk.token())
    assert await desk.type(await desk.now(code), desk.texted) is Result.APPROVED
    yes = (await desk.events())[-1]
    assert (yes.kind, yes.assurance) == (EventKind.GRANTED, Assurance.CONFIRMED)
    desk.world.clock.advance(60)
    await desk.ask(token=await desk.token())
    assert len(desk.whatsapp) == 1


async def test_a_stop_that_overtakes_the_message_holds_it_back(desk: CodeDesk) -> None:
    requested = await desk.request(token=await desk.token())
    desk.world.clock.advance(2)
    await take_webhook(desk.services, [typed("STOP", aliases=(ANA,))], b"")
    assert requested.job is not None
    await deliver_code(desk.services, requested.job)
    assert desk.whatsapp == []


async def test_what_is_written_down_of_a_message_holds_no_code(desk: CodeDesk) -> None:
    kept: list[bytes] = []

    class Log:
        conclude = staticmethod(desk.services.decisions.conclude)

        async def record(self, record: DecisionRecord) -> Decision | None:
            kept.append(record.body)
            return await desk.services.decisions.record(record)

    await desk.changed(decisions=Log()).ask()
    (body,) = kept
    assert desk.digits.encode() not in body
    assert body.replace(b"*" * len(desk.digits), desk.digits.encode()) == desk.bodies[-1]


FAILURES: dict[str, tuple[dict[str, Any], str]] = {
    "not on WhatsApp": ({"reply": refusal(131026)}, "131026"),
    "limited": ({"reply": refusal(130429)}, "130429"),
    "pair limit": ({"reply": refusal(131056)}, "131056"),
    "template paused": ({"reply": refusal(132015)}, "132015"),
    "template missing": ({"reply": refusal(132001)}, "132001"),
    "token": ({"reply": refusal(190)}, "190"),
    "new owner": ({"reply": refusal(137000)}, "137000"),
    "unreadable": ({"reply": replace(refusal(1), body=b"<html>")}, "0"),
    "no line": ({"can_open": False}, "not_sent"),
    "broken line": ({"can_send": False}, "not_sent"),
}


@pytest.mark.parametrize("name", FAILURES)
async def test_each_failure_is_followed_by_sms_with_a_new_code(desk: CodeDesk, name: str) -> None:
    trouble, reason = FAILURES[name]
    for part, value in trouble.items():
        setattr(desk.world.connections, part, value)
    code = await desk.ask()
    assert await desk.history(code) == [
        (FAILED, WHATSAPP, reason),
        (FALLBACK, SMS, ""),
        (SENT, SMS, ""),
    ]
    (sms,) = desk.world.sms.sent
    assert sms[0] == ANA.value
    assert (
        sms[1] == f"{desk.texted} is your verification code for Acme. Do not share it with anyone."
    )
    assert sms[2] == f"{code.code_id}:2"
    if desk.whatsapp:
        assert desk.digits != desk.texted
        assert await desk.type(code, desk.digits) is Result.WRONG
    assert await desk.type(code, desk.texted) is Result.APPROVED


async def test_a_code_goes_in_a_language_that_is_there_where_the_readers_own_is_not(
    sqlite_world: World,
) -> None:
    """It is nearly all digits: in another language it is of use, not sent it is of none."""
    desk = await open_code_desk(sqlite_world, languages=("de",))
    await desk.ask(ANA, country="GB", token=await desk.token())
    (record,) = await desk.services.decisions.decisions(BUSINESS, "", 9)
    assert (record.decision.allowed, record.question.language) == (True, "de")


@pytest.mark.parametrize(("number", "country"), [(ANA, "GB"), (phone_alias("12025550123"), "US")])
async def test_a_template_that_is_not_there_is_named(
    sqlite_world: World, number: Alias, country: str
) -> None:
    """Not that there were no opt-in, or that it were marketing: neither leads to the cause."""
    desk = await open_code_desk(sqlite_world, languages=())
    code = await desk.ask(number, country=country, token=await desk.token())
    assert (await desk.history(code))[0] == (FAILED, WHATSAPP, "template_missing")
    (record,) = await desk.services.decisions.decisions(BUSINESS, "", 9)
    assert (record.decision.rule, record.decision.reason) == (3, Reason.TEMPLATE_MISSING)
    assert desk.whatsapp == []


async def spent(desk: CodeDesk) -> int:
    """Return what is spent of a budget of one hundred, and spend the rest."""
    one = replace(budget_use(desk.services.code_rules, SMS), amount=1)
    rest = 0
    while await desk.services.limits.take(BUSINESS, (one,), desk.world.clock.now()) is None:
        rest += 1
    return 100 - rest


DEAR = CodeRules(whatsapp_cost=40, sms_cost=7, budget=100)


@pytest.mark.parametrize("name", FAILURES)
async def test_what_was_certainly_not_sent_costs_nothing(desk: CodeDesk, name: str) -> None:
    for part, value in FAILURES[name][0].items():
        setattr(desk.world.connections, part, value)
    dear = desk.changed(code_rules=DEAR)
    await dear.ask()
    assert await spent(dear) == (47 if name == "unreadable" else 7)


async def test_what_the_gate_refuses_costs_nothing(desk: CodeDesk) -> None:
    await desk.services.ledger.commit(change(stop()))
    desk.world.clock.set(at(90_000))
    dear = desk.changed(code_rules=DEAR)
    await dear.ask(channels=ONLY_WHATSAPP)
    assert await spent(dear) == 0


async def test_what_may_have_been_sent_is_paid_for(desk: CodeDesk) -> None:
    dear = desk.changed(code_rules=DEAR)
    await dear.ask()
    desk.world.connections.is_answered = False
    await dear.ask(BEN)
    desk.world.sms.is_working = False
    await dear.wait(20)
    assert await spent(dear) == 2 * 47


async def test_a_failure_that_is_told_twice_is_given_back_once(desk: CodeDesk) -> None:
    dear = desk.changed(code_rules=DEAR)
    await dear.ask(channels=ONLY_WHATSAPP)
    code = await dear.ask(BEN, channels=ONLY_WHATSAPP)
    for _ in range(3):
        await fall_back(dear.services, await dear.now(code), RejectedByMeta(131026))
    assert await spent(dear) == 40


async def test_out_of_service_at_meta_is_no_way_either(desk: CodeDesk) -> None:
    paused = (
        replace(one, state=TemplateState.PAUSED, seen_at=at(1))
        for one in code_templates_of(sender())
    )
    await desk.services.directory.put_templates(tuple(paused))
    code = await desk.ask()
    assert (FAILED, WHATSAPP, "template_out_of_service") in await desk.history(code)
    assert await desk.type(code, desk.texted) is Result.APPROVED


async def test_a_sender_that_is_stopped_after_the_request_is_no_way(desk: CodeDesk) -> None:
    requested = await desk.request()
    banned = sender(state=SenderState.BANNED)
    await desk.services.directory.put_sender(banned, None, NOON)
    assert requested.job is not None
    await deliver_code(desk.services, requested.job)
    assert (FAILED, WHATSAPP, "sender_out_of_service") in await desk.history(requested.code)


async def test_without_another_channel_the_request_has_failed(desk: CodeDesk) -> None:
    desk.world.connections.reply = refusal(131026)
    code = await desk.ask(channels=ONLY_WHATSAPP)
    assert await desk.history(code) == [(FAILED, WHATSAPP, "131026")]
    assert await desk.wait(60) == 0


async def test_what_meta_says_of_the_number_when_it_refuses_a_code_counts(desk: CodeDesk) -> None:
    desk.world.connections.reply = refusal(137000)
    await desk.ask()
    kinds = [(event.kind, event.source) for event in await desk.events()]
    assert kinds == [(EventKind.GRANTED, Source.FORM), (EventKind.SUSPENDED, Source.GATEWAY)]


async def test_where_the_last_channel_fails_the_request_has_failed(desk: CodeDesk) -> None:
    desk.world.connections.can_open = desk.world.sms.is_working = False
    code = await desk.ask()
    assert (await desk.history(code))[-1] == (FAILED, SMS, "sms_not_sent")
    assert await desk.wait(60) == 0


async def test_sms_may_come_first(desk: CodeDesk) -> None:
    code = await desk.ask(channels=(SMS, WHATSAPP))
    assert desk.whatsapp == []
    assert await desk.events() == []
    assert await desk.wait(60) == 0
    assert await desk.type(code, desk.texted) is Result.APPROVED


async def test_whatsapp_follows_where_sms_fails(desk: CodeDesk) -> None:
    desk.world.sms.is_working = False
    code = await desk.ask(channels=(SMS, WHATSAPP))
    assert await desk.history(code) == [
        (FAILED, SMS, "sms_not_sent"),
        (FALLBACK, WHATSAPP, ""),
        (SENT, WHATSAPP, ""),
    ]
    assert await desk.type(code, desk.digits) is Result.APPROVED


async def test_to_a_number_that_wants_no_codes_nothing_is_sent_and_the_answer_is_the_same(
    desk: CodeDesk,
) -> None:
    await take_webhook(desk.services, [typed("STOP", aliases=(ANA,))], b"")
    before = await desk.events()
    code = await desk.ask()
    other = await desk.ask(BEN)
    assert [one["to"] for one in desk.whatsapp] == ["+" + BEN.value]
    assert await desk.wait(60) == 1  # Ben's, which nobody has reported of
    assert [to for to, *_ in desk.world.sms.sent] == [BEN.value]
    assert len(await desk.events()) == len(before) + 1
    assert (await desk.history(code)) == [(FAILED, WHATSAPP, "codes_unwanted")]
    same = ("channels", "locale", "tries_max", "expires_at", "resend_at", "state")
    assert [getattr(code, name) for name in same] == [getattr(other, name) for name in same]
    assert await desk.type(code, "12345678") is Result.WRONG


async def test_that_nothing_was_sent_is_a_decision_like_others(desk: CodeDesk) -> None:
    """Whatever the ledger would allow, and without another wish in it."""
    services = desk.services
    await services.ledger.commit(
        change(grant(purposes=("authentication",), assurance=Assurance.CONFIRMED))
    )
    await services.codes.suppress(BUSINESS, ANA, at(DAY // SECOND))
    code = await desk.ask(channels=(WHATSAPP,))
    (decided,) = await services.decisions.decisions(BUSINESS, "", 9)
    assert decided.decision.reasons == (Reason.CODES_UNWANTED,)
    assert not decided.decision.allowed
    assert (len(await desk.events()), desk.whatsapp) == (1, [])
    assert await desk.history(code) == [(FAILED, WHATSAPP, "codes_unwanted")]


async def test_a_number_that_wants_no_codes_gets_none_by_sms_either(desk: CodeDesk) -> None:
    await desk.services.codes.suppress(BUSINESS, ANA, at(DAY // SECOND))
    code = await desk.ask(channels=(SMS,))
    assert await desk.history(code) == [(FAILED, SMS, "codes_unwanted")]
    assert desk.world.sms.sent == []


async def test_nor_does_it_where_the_process_died(desk: CodeDesk) -> None:
    await desk.services.codes.suppress(BUSINESS, ANA, at(DAY // SECOND))
    requested = await desk.request()
    assert await desk.wait(60) == 1
    assert (await desk.events(), desk.world.sms.sent) == ([], [])
    assert await desk.history(requested.code) == [(FAILED, WHATSAPP, "interrupted")]
    assert await desk.wait(60) == 0


async def test_a_number_that_stops_in_between_gets_no_fallback(desk: CodeDesk) -> None:
    code = await desk.ask()
    await take_webhook(desk.services, [typed("STOP", aliases=(ANA,))], b"")
    await desk.wait(20)
    assert desk.world.sms.sent == []
    assert (await desk.history(code))[-1] == (FAILED, WHATSAPP, "not_delivered")


class LearnsNothing:
    """A ledger that cannot write names down, and does everything else."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    async def commit(self, change: WriteBatch) -> Committed:
        acts = [act for item in change.items for act in item.acts]
        if any(isinstance(act, AliasesLinked) for act in acts):
            raise Unavailable("the database cannot be written now")
        return await self._ledger.commit(change)


async def test_a_code_that_meta_took_is_not_followed_by_another_when_names_cannot_be_kept(
    desk: CodeDesk,
) -> None:
    named = {"messages": [{"id": "wamid.1"}], "contacts": [{"user_id": "GB.1234567890123"}]}
    desk.world.connections.reply = replace(
        desk.world.connections.reply, body=json.dumps(named).encode()
    )
    troubled = desk.changed(ledger=LearnsNothing(desk.services.ledger))
    code = await troubled.ask()
    assert len(desk.whatsapp) == 1
    assert await desk.history(code) == [(SENT, WHATSAPP, "")]
    assert desk.world.sms.sent == []
