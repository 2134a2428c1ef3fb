"""A desk where codes are asked for, looked up on the phone and typed in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from askfirst.domain.codes.code import Channel, Code, Result, StatusChange, StatusKind
from askfirst.domain.codes.code_limits import CodeRules
from askfirst.domain.codes.code_template import LANGUAGES
from askfirst.domain.consent.event import Event
from askfirst.domain.prompts.prompt import PromptVersion, Surface
from askfirst.domain.tasks.task import Queue
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import CodeId
from askfirst.domain.values.phone import PhoneNumber
from askfirst.ports.codes.codes import Tried
from askfirst.ports.sending.http_connection import Answer
from askfirst.usecases.codes.check_code import Attempt, check_code
from askfirst.usecases.codes.deliver_code import deliver_code
from askfirst.usecases.codes.request_code import CodeOrder, Requested, request_code
from askfirst.usecases.context.services import Services
from askfirst.usecases.inbound.register_sender import register_sender
from tests.support.builders import ANA, BUSINESS, sender
from tests.support.reading import all_events
from tests.support.services import World, changed, code_templates_of
from tests.support.shown import shown_token
from tests.support.tasks import run_due

BOTH = (Channel.WHATSAPP, Channel.SMS)
WORDS = PromptVersion(
    key="code",
    locale="en",
    surface=Surface.CODE,
    purposes=("authentication",),
    text="Receive the code via WhatsApp.",
)


def refusal(code: int) -> Answer:
    """Meta does not take a message."""
    body = json.dumps({"error": {"code": code, "message": f"(#{code})"}}).encode()
    return Answer(status=400, content_type="application/json", body=body)


@dataclass(frozen=True, slots=True)
class CodeDesk:
    """One business with one sender, whose templates for codes are in service."""

    world: World

    @property
    def services(self) -> Services:
        return self.world.services

    def changed(self, **parts: Any) -> CodeDesk:
        """The same desk with other services."""
        return CodeDesk(replace(self.world, services=changed(self.services, **parts)))

    def with_rules(self, **parts: Any) -> CodeDesk:
        """The same desk with other rules for codes."""
        return self.changed(code_rules=CodeRules(**parts))

    async def order(self, number: Alias = ANA, **parts: Any) -> CodeOrder:
        """A code for Ana, by WhatsApp and then SMS."""
        known: dict[str, Any] = {
            "business_id": BUSINESS,
            "number": PhoneNumber(number.value),
            "country": "GB",
            "channels": BOTH,
            "locale": "en",
            "purpose": "login",
        }
        return CodeOrder(**(known | parts))

    async def request(self, number: Alias = ANA, **parts: Any) -> Requested:
        """Ask for a code; nothing has left when this returns."""
        return await request_code(self.services, await self.order(number, **parts))

    async def ask(self, number: Alias = ANA, **parts: Any) -> Code:
        """Ask for a code, and let it be delivered."""
        requested = await self.request(number, **parts)
        if requested.job:
            await deliver_code(self.services, requested.job)
        return requested.code

    async def type(self, code: Code, digits: str, **parts: Any) -> Result:
        """Type something in."""
        return (await self.tried(code, digits, **parts)).result

    async def tried(self, code: Code, digits: str, **parts: Any) -> Tried:
        known: dict[str, Any] = {
            "business_id": code.business_id,
            "code_id": code.code_id,
            "typed": digits,
            "purpose": code.purpose,
        }
        tried = await check_code(self.services, Attempt(**(known | parts)))
        assert tried is not None
        return tried

    async def now(self, code: Code) -> Code:
        """The request as it is now."""
        found = await self.services.codes.find(code.business_id, code.code_id)
        assert found is not None
        return found

    async def history(self, code: Code) -> list[tuple[StatusKind, Channel, str]]:
        """What happened to a request, without times."""
        lines: tuple[StatusChange, ...] = (await self.now(code)).history
        return [(line.what, line.channel, line.reason) for line in lines]

    async def events(self) -> list[Event]:
        """The ledger of the business."""
        return list(await all_events(self.world.store))

    async def token(self, words: PromptVersion = WORDS) -> str:
        """The token of a question that was just shown."""
        return await shown_token(self.services, BUSINESS, words)

    async def fail(self, code: Code, times: int = 3) -> None:
        """Type the wrong code so many times."""
        for _ in range(times):
            assert await self.type(code, "0") is Result.WRONG

    async def wait(self, seconds: float) -> int:
        """Let time pass, and then the process do what is due."""
        self.world.clock.advance(seconds)
        return await run_due(self.world, Queue.CODES)

    @property
    def whatsapp(self) -> list[dict[str, Any]]:
        """The messages that left for WhatsApp."""
        return [json.loads(request.body) for request in self.world.connections.sent]

    @property
    def bodies(self) -> list[bytes]:
        """The same messages, as they left."""
        return [request.body for request in self.world.connections.sent]

    @property
    def digits(self) -> str:
        """The code of the newest WhatsApp message."""
        parameters = self.whatsapp[-1]["template"]["components"][0]["parameters"]
        return str(parameters[0]["text"])

    @property
    def texted(self) -> str:
        """The code of the newest SMS."""
        return self.world.sms.sent[-1][1].split()[0]

    @property
    def reference(self) -> str:
        """What went along with the newest WhatsApp message, to come back with its reports."""
        return str(self.whatsapp[-1]["biz_opaque_callback_data"])


async def open_code_desk(world: World, languages: tuple[str, ...] = LANGUAGES) -> CodeDesk:
    """Furnish a world for codes; Meta has approved their templates in these languages."""
    services = world.services
    await services.directory.put_business(
        Business(business_id=BUSINESS, name="Acme"), world.clock.now()
    )
    await register_sender(services, sender(), "EAAG-meta")
    templates = (one for one in code_templates_of(sender()) if one.language in languages)
    await services.directory.put_templates(tuple(templates))
    return CodeDesk(world)


def code_id(number: int) -> CodeId:
    """An id that nobody has."""
    return CodeId(f"cod_{number:026d}")
