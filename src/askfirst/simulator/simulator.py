"""A WhatsApp to develop against: one value that holds a world and what acts on it.

It never reads a clock or throws dice: both come in from outside, so a test can repeat a day.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterable

from askfirst.domain.value import replace
from askfirst.domain.values.errors import UnknownReference
from askfirst.simulator.graph.code_templates import read_choice, stored_components
from askfirst.simulator.graph.link_list import mint_code
from askfirst.simulator.inbound import webhooks
from askfirst.simulator.inbound.phones import Phones
from askfirst.simulator.inbound.webhook_dispatcher import Courier, Deliver
from askfirst.simulator.state.state import BusinessNumber, Template, World

DEFAULT_TOKEN = "simulated-meta-token"  # noqa: S105  # visibly fake, and good for nothing else
DEFAULT_APP_SECRET = b"simulated-app-secret"
DEFAULT_SMS_SECRET = "whsec_simulated/sms/secret/good/for/nothing/at/all"  # noqa: S105  # the same
DEFAULT_EVENTS_SECRET = "whsec_simulated/events/secret/good/for/nothing/all"  # noqa: S105  # the same
DEFAULT_WABA_ID = "100000000000001"
DEFAULT_PHONE_NUMBER_ID = "200000000000001"

_WAMID_BYTES = 21
_COPY_CODE = {"type": "OTP", "otp_type": "COPY_CODE"}


_WORDS = {
    "en_US": (
        "Your order {{1}} is on its way.",
        "Summer at Café Lune: a second iced coffee is on us this week.",
        "Stop promotions",
    ),
    "fr": (
        "Votre commande {{1}} est en route.",
        "L’été au Café Lune : le deuxième café glacé est offert cette semaine.",
        "Arrêter les promotions",
    ),
    "de": (
        "Ihre Bestellung {{1}} ist unterwegs.",
        "Sommer im Café Lune: Der zweite Eiskaffee geht diese Woche auf uns.",
        "Werbung stoppen",
    ),
    "ar": (
        "طلبك {{1}} في الطريق.",
        "الصيف في Café Lune: القهوة المثلجة الثانية علينا هذا الأسبوع.",
        "إيقاف العروض",
    ),
    "ja": (
        "ご注文{{1}}を発送しました。",
        "夏のCafé Lune: 今週はアイスコーヒー2杯目が無料です。",
        "宣伝を停止",
    ),
}
"""The café's templates: an order on its way, an offer, and the button that stops offers."""


class Simulator:
    """Numbers, templates and phones, and the webhooks that tell about them.

    `now` gives Unix seconds, `entropy` so many random bytes; `deliver` posts a signed webhook
    to the receiver and gives its status. `monotonic_ns` dates the log of sends. `sms_secret`
    is what call-outs for text messages are signed with, `events_secret` those with events.
    """

    def __init__(
        self,
        *,
        now: Callable[[], float],
        entropy: Callable[[int], bytes],
        app_secret: bytes = DEFAULT_APP_SECRET,
        access_tokens: Iterable[str] = (DEFAULT_TOKEN,),
        deliver: Deliver | None = None,
        monotonic_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self.now = now
        self.monotonic_ns = monotonic_ns
        self.access_tokens = frozenset(access_tokens)
        self.app_secret = app_secret
        self.sms_secret = DEFAULT_SMS_SECRET
        self.events_secret = DEFAULT_EVENTS_SECRET
        self.world = World()
        self.courier = Courier(deliver=deliver, app_secret=app_secret)
        self._entropy = entropy
        self.phones = Phones(self.world, self.courier, now=now, mint_id=self.mint_wamid)

    @classmethod
    def with_defaults(
        cls,
        *,
        now: Callable[[], float],
        entropy: Callable[[int], bytes],
        app_secret: bytes = DEFAULT_APP_SECRET,
        access_tokens: Iterable[str] = (DEFAULT_TOKEN,),
        deliver: Deliver | None = None,
        sms_secret: str = DEFAULT_SMS_SECRET,
    ) -> Simulator:
        """Make one with a café that has a number, and templates in four languages."""
        simulator = cls(
            now=now,
            entropy=entropy,
            app_secret=app_secret,
            access_tokens=access_tokens,
            deliver=deliver,
        )
        simulator.sms_secret = sms_secret
        cafe = BusinessNumber(
            phone_number_id=DEFAULT_PHONE_NUMBER_ID,
            waba_id=DEFAULT_WABA_ID,
            digits="15550100001",
            name="Café Lune",
        )
        simulator.world.numbers[cafe.phone_number_id] = cafe
        for template in _default_templates():
            simulator.world.put_template(template)
        return simulator

    def mint_wamid(self) -> str:
        """Make a message id that looks like Meta's."""
        return "wamid." + base64.b64encode(self._entropy(_WAMID_BYTES)).decode()

    def mint_node_id(self) -> str:
        """Make an id of digits for a new template."""
        return str(10**14 + int.from_bytes(self._entropy(5), "big"))

    def mint_link_code(self) -> str:
        """Make a code for a managed link."""
        return mint_code(self._entropy)

    async def change_template(
        self,
        name: str,
        language: str,
        *,
        status: str | None = None,
        category: str | None = None,
        waba_id: str = DEFAULT_WABA_ID,
    ) -> int:
        """Give a template another state or category, as Meta does on its own; tells by webhook."""
        old = self.world.named_template(waba_id, name, language)
        if old is None:
            raise UnknownReference("name", "is not a template in this language")
        new = replace(old, status=status or old.status, category=category or old.category)
        self.world.put_template(new)
        told = 0
        if status is not None:
            told = await self.announce_state(new)
        if category is not None:
            value = webhooks.template_category(new, old.category)
            told = await self._announce(waba_id, "template_category_update", value)
        return told

    async def announce_state(self, template: Template) -> int:
        """Tell by webhook which state a template is in."""
        value = webhooks.template_status(template)
        return await self._announce(template.waba_id, "message_template_status_update", value)

    async def _announce(self, waba_id: str, field: str, value: webhooks.Value) -> int:
        body = webhooks.body_of(waba_id, field, value, at=int(self.now()))
        return await self.courier.bring(waba_id, body)


def _default_templates() -> Iterable[Template]:
    def template(last: int, name: str, language: str, category: str, *parts: object) -> Template:
        return Template(
            template_id=f"3000000000000{last}",
            waba_id=DEFAULT_WABA_ID,
            name=name,
            language=language,
            category=category,
            components=[part for part in parts if isinstance(part, dict)],
        )

    def body(text: str, *example: str) -> dict[str, object]:
        part: dict[str, object] = {"type": "BODY", "text": text}
        return part | {"example": {"body_text": [list(example)]}} if example else part

    asked: list[dict[str, object]] = [
        {"type": "BODY"},
        {"type": "BUTTONS", "buttons": [_COPY_CODE]},
    ]
    code = stored_components(read_choice("verification_code", ["en_US"], asked), "en_US")
    for place, (language, (shipped, _, _)) in enumerate(_WORDS.items()):
        yield template(10 + place, "order_update", language, "UTILITY", body(shipped, "A1234"))
    for place, (language, (_, offer, stop)) in enumerate(_WORDS.items()):
        end = {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": stop}]}
        yield template(20 + place, "summer_offer", language, "MARKETING", body(offer), end)
    yield template(30, "verification_code", "en_US", "AUTHENTICATION", *code)
