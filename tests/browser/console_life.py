"""A little life in a café, for whoever looks at it in the console."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

from askfirst.decision.question import MessageKind, SendRequest
from askfirst.domain.brakes.brake import Hold
from askfirst.domain.brakes.subject import BrakeScope
from askfirst.domain.bulk.export import ExportKind, FileFormat
from askfirst.domain.bulk.import_job import ImportJob
from askfirst.domain.bulk.import_settings import ImportSettings
from askfirst.domain.bulk.screen_job import ScreenSettings
from askfirst.domain.consent.consent import Consent, ConsentVerb
from askfirst.domain.consent.event import EventFilter, NumberProof, Source
from askfirst.domain.held.held_message import HeldMessage, HeldState
from askfirst.domain.operators.operator import OperatorRole
from askfirst.domain.prompts.drafts.draft_review import draft_hash
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.tasks.task import LeasedTask
from askfirst.domain.value import replace
from askfirst.domain.values.alias import Alias, phone_alias
from askfirst.domain.values.errors import Unavailable
from askfirst.domain.values.ids import ContactId, Position
from askfirst.domain.values.purpose import MARKETING
from askfirst.domain.values.timestamp import HOUR, Instant
from askfirst.ports.bulk.export_schedules import export_task
from askfirst.ports.consent.erase_requests import EraseRequest
from askfirst.ports.held.held_messages import HeldContent
from askfirst.usecases.brakes.manage_brakes import Pause, set_brake
from askfirst.usecases.bulk.exports.manage_schedules import (
    SchedulePlace,
    ScheduleWish,
    list_schedules,
    pause_schedule,
    schedule_export,
)
from askfirst.usecases.bulk.exports.run_schedule import EXPORT_LEASE, run_schedule
from askfirst.usecases.bulk.imports.receive_import import (
    begin_import,
    confirm_import,
    parse_import_id,
    read_import,
    receive_file,
)
from askfirst.usecases.bulk.imports.run_import import go_on_with_import
from askfirst.usecases.bulk.screens.run_screen import go_on_with_screen
from askfirst.usecases.bulk.screens.start_screen import (
    begin_screen,
    parse_screen_id,
    read_screen,
    receive_list,
)
from askfirst.usecases.consent.record_consent import record_consent
from askfirst.usecases.events.manage_subscriptions import SubscriptionOrder, create_subscription
from askfirst.usecases.inbound.manage_receivers import ReceiverOrder, add_receiver
from askfirst.usecases.operators.invite_operator import invite_operator, join
from askfirst.usecases.operators.review_draft import submit_draft, write_wording
from askfirst.usecases.operators.write_down import Actor
from askfirst.usecases.prompts.manage_prompts import find_prompt
from askfirst.usecases.prompts.show_prompt import open_live_token, show_openly
from askfirst.usecases.sending.outbound.sends import Send
from askfirst.usecases.sending.send_message import send_message
from tests.browser.house import BUSINESS, CAFE_SENDER, House
from tests.support.counting import count_ledger

ANA, BEN, CLEO, DINA = (phone_alias(f"3361234567{last}") for last in (8, 4, 2, 6))
EMAIL, PASSWORD = "ines@cafe-lune.example", "the moon over the bakery"
COLLEAGUE = "noor@cafe-lune.example"
SERVER_URL = "https://chat.cafe-lune.example/whatsapp"
SERVER = Actor(business_id=BUSINESS, operator_id=None)
MESSY = 40
"""Of so many rows of the café's old list, a few are damaged, and one says no twice."""
PAGES = (
    ("", "home"),
    ("/figures", "figures"),
    ("/figures?by=surface&days=90", "figures-surface"),
    ("/people", "people"),
    ("/stops", "stops"),
    ("/stops/late", "late-stops"),
    ("/imports", "imports"),
    ("/screens", "screens"),
    ("/held", "held"),
    ("/held?state=ended", "held-ended"),
    ("/prompts", "prompts"),
    ("/prompts/signup", "prompt"),
    ("/prompts/signup?draft=1&in=en", "draft"),
    ("/prompts/code?draft=1&in=de", "own-draft"),
    ("/prompts/signup/edit?in=en", "draft-edit"),
    ("/prompts/login/edit?in=ar", "draft-edit-arabic"),
    ("/entry-points", "entries"),
    ("/exports", "exports"),
    ("/webhooks", "endpoints"),
    ("/not-sent", "not-sent"),
    ("/not-sent?campaign=advent-menu", "not-sent-reasons"),
    ("/senders", "senders"),
    ("/templates", "templates"),
    ("/team", "team"),
    ("/audit", "audit"),
    ("/account", "account"),
    ("/account/authenticator", "authenticator"),
)


def say(house: House, who: Alias, verb: ConsentVerb, **parts: Any) -> ContactId:
    known: dict[str, Any] = {
        "business_id": BUSINESS,
        "alias": who,
        "purposes": (MARKETING,),
        "surface": Surface.SIGNUP,
        "source": Source.API,
        "number_proof": NumberProof.VOUCHED,
    }
    consent = Consent(verb=verb, **(known | parts))
    return house.do(record_consent(house.services, consent)).events[0].contact_id


def tick(house: House, who: Alias, key: str = "signup") -> ContactId:
    """Somebody ticks the box of a question of ours."""
    shown = house.do(show_openly(house.services, BUSINESS, key, "fr", ()))
    token = open_live_token(house.services, shown.token)
    return say(house, who, ConsentVerb.GRANT, prompt=token)


def offer(house: House, who: Alias) -> None:
    send = Send(
        question=SendRequest(
            business_id=BUSINESS,
            sender=CAFE_SENDER,
            recipients=(who,),
            kind=MessageKind.PURPOSE,
            purpose=MARKETING,
            campaign="advent-menu",
        ),
        target=f"/v26.0/{CAFE_SENDER}/messages",
        headers={"authorization": "Bearer token"},
        body=b"{}",
    )
    house.do(send_message(house.services, send))


def hire(
    house: House,
    email: str = EMAIL,
    role: OperatorRole = OperatorRole.ADMIN,
    name: str = "Inès",
) -> None:
    made = house.do(invite_operator(house.services, SERVER, email, role))
    secret = made.link.rpartition("/")[2]
    house.do(join(house.services, BUSINESS, secret, name, PASSWORD))


def draft(house: House) -> None:
    """A colleague's version of a question waits for somebody to publish it; another is begun."""
    services = house.services
    hire(house, COLLEAGUE, OperatorRole.MARKETING, "Noor")
    team = {one.email: one for one in house.do(services.operators.list(BUSINESS))}
    for key, locale, who in (("signup", "en", COLLEAGUE), ("code", "de", EMAIL)):
        wording = services.catalogue.prompts[key].wordings[locale]
        words = replace(wording, text=wording.text.replace("WhatsApp", "WhatsApp, {business}", 1))
        house.do(write_wording(services, team[who], key, locale, words, None))
    known = house.do(find_prompt(services, BUSINESS, "signup"))
    assert known
    assert known.draft
    house.do(submit_draft(services, team[COLLEAGUE], "signup", draft_hash(known.draft)))


def hold(house: House, contact_id: ContactId) -> None:
    """A message to Ben that waits until the morning."""
    services = house.services
    now = services.clock.now()
    message = HeldMessage(
        business_id=BUSINESS,
        held_id=services.ids.held(),
        contact_id=contact_id,
        sender=CAFE_SENDER,
        purpose="marketing",
        campaign="advent-menu",
        state=HeldState.HELD,
        reason="quiet_hours",
        decision_id=services.ids.decision(),
        position=Position(house.head()),
        held_at=now,
        due_at=Instant(now + 9 * HOUR),
        expires_at=Instant(now + 20 * HOUR),
    )
    question = SendRequest(
        business_id=BUSINESS,
        sender=CAFE_SENDER,
        recipients=(BEN,),
        kind=MessageKind.PURPOSE,
        purpose=MARKETING,
    )
    content = HeldContent(question=question, target=f"/v26.0/{CAFE_SENDER}/messages", body=b"{}")
    assert house.do(services.held_messages.hold(message, content))


def export(house: House) -> None:
    """An export that was written, one that fails, and one that is paused before its first."""
    services, made = house.services, []
    for kind, to, every, has_numbers in (
        (ExportKind.LEDGER, "warehouse", 24, False),
        (ExportKind.SUPPRESSIONS, "lake", 1, True),
        (ExportKind.DECISIONS, "warehouse", 5, False),
    ):
        wish = ScheduleWish(
            kind=kind,
            format=FileFormat.LINES if has_numbers else FileFormat.PARQUET,
            every_hours=every,
            destination=to,
            with_numbers=has_numbers,
            may_see_numbers=True,
        )
        made.append(house.do(schedule_export(services, BUSINESS, wish)))
    for one in made[:2]:
        until = Instant(services.clock.now() + EXPORT_LEASE)
        task = export_task(BUSINESS, one.schedule_id)
        leased = LeasedTask(task=task, until=until, attempts=1)
        with suppress(Unavailable):
            house.do(run_schedule(services, leased))
    house.do(pause_schedule(services, SchedulePlace(BUSINESS, made[2].schedule_id)))


def live(house: House) -> dict[str, ContactId]:
    """A little life: a yes, a stop in the chat, one that came late, offers, a wish, a pause."""
    people = {"ana": tick(house, ANA), "ben": tick(house, BEN)}
    say(
        house,
        ANA,
        ConsentVerb.WITHDRAW,
        surface=Surface.CHAT,
        source=Source.WEBHOOK,
        evidence=b'{"words":"stop les pubs, gardez les infos de commande"}',
    )
    people["cleo"] = say(house, CLEO, ConsentVerb.REFUSE)
    people["dina"] = tick(house, DINA)
    said = Instant(house.services.clock.now() - 3 * HOUR)
    way = {"surface": Surface.CHAT, "source": Source.WEBHOOK, "evidence": b'{"words":"stop"}'}
    say(house, DINA, ConsentVerb.WITHDRAW, occurred_at=said, **way)
    for who in (ANA, BEN, CLEO):
        offer(house, who)
    now = house.services.clock.now()
    wish = EraseRequest(
        business_id=BUSINESS,
        contact_id=people["cleo"],
        requested_at=now,
        surface=Surface.PREFERENCES,
    )
    house.do(house.services.erasures.request(wish))
    pause = Pause(
        business_id=BUSINESS,
        scope=BrakeScope.CAMPAIGN,
        subject="advent-menu",
        holds=Hold.MARKETING,
        until=None,
        by="Inès",
        reason="wrong price in the picture",
    )
    house.do(set_brake(house.services, pause))
    hold(house, people["ben"])
    house.entry("Bonjour Café Lune !", "fr")
    house.do(add_receiver(house.services, ReceiverOrder(business_id=BUSINESS, url=SERVER_URL)))
    order = SubscriptionOrder(business_id=BUSINESS, url=SERVER_URL, wanted=EventFilter())
    house.do(create_subscription(house.services, order))
    hire(house)
    export(house)
    draft(house)
    house.do(count_ledger(house.services, BUSINESS))
    return people


def messy(rows: int, first: int = 0) -> str:
    """A list as a till and a spreadsheet left it: of forty rows six are damaged or say nothing.

    `first` is the number of the first customer, 0 to 9999. Answers are of last month.
    """
    lines = ["Nom,Téléphone,WhatsApp opt-in,Date,Texte affiché,Origine,Saisi par"]
    month = f"{datetime.now(UTC).replace(day=1) - timedelta(days=1):%m/%Y}"
    early, late = f"12/{month} 10:30", f"25/{month} 9:05"
    for row in range(rows):
        digits = f"{(first + row) // 100:02d} {(first + row) % 100:02d}"
        number, proof = f"06 39 98 {digits}", ",,"
        if row % 3:
            proof = "Oui aux offres du Café Lune sur WhatsApp,caisse,Inès"
        kinds = {
            4: f"'+33 6 39 98 {digits},oui,{early},{proof}",
            11: f"3.36399E+10,oui,{early},,,",
            12: f"3.36399E+10,non,{early},,,",
            17: f"{number},non,{early},{proof}",
            23: f"{number},,,,,",
            31: f"{number},peut-être,{early},{proof}",
        }
        told = kinds.get(row % MESSY, f"{number},oui,{late},{proof}")
        lines.append(f"Cliente {row},{told}")
    return "\n".join(lines) + "\n"


async def _pieces(content: str) -> AsyncIterator[bytes]:
    yield content.encode()


def bring(
    house: House, content: str, name: str, *, is_read: bool = True, **settings: Any
) -> ImportJob:
    """Send a file of the café's and have it read."""
    asked = ImportSettings(
        **{"purpose": "marketing", "name": name, "country": "FR", "time_zone": "Europe/Paris"}
        | settings
    )
    job = house.do(begin_import(house.services, BUSINESS, asked))
    job = house.do(receive_file(house.services, job, _pieces(content)))
    return house.do(go_on_with_import(house.services, job, HOUR)) if is_read else job


def start(house: House, job: ImportJob) -> ImportJob:
    """Confirm an import; its rows wait to be written."""
    assert job.preview, job
    return house.do(confirm_import(house.services, BUSINESS, job.import_id, job.preview.hash))


def lists(house: House) -> dict[str, str]:
    """Lists in each state that they have a page for: the paths of those pages."""
    ready = bring(house, messy(2_000), "clientes-2025.csv")
    asking = bring(house, f"Téléphone,SMS consent,Date\n+{ANA.value},yes,03/04/2025\n", "sms.csv")
    bare = bring(house, f"+{ANA.value};oui\n+{BEN.value};non\n", "export.csv")
    unreadable = bring(house, "PK\x03\x04", "photo.xlsx")
    done = bring(house, messy(600), "caisse.csv")
    house.do(go_on_with_import(house.services, start(house, done), HOUR))
    running = start(house, bring(house, messy(1_200), "boutique.csv"))
    reading = bring(house, messy(1_200), "newsletter.csv", is_read=False)
    asked = ScreenSettings(sender=CAFE_SENDER, purpose="marketing", country="FR")
    screen = house.do(begin_screen(house.services, BUSINESS, asked))
    screen = house.do(receive_list(house.services, screen, _pieces(messy(600))))
    house.do(go_on_with_screen(house.services, screen))
    imports = {
        "ready": ready,
        "asking": asking,
        "bare": bare,
        "unreadable": unreadable,
        "running": running,
        "reading": reading,
    }
    paths = {f"import-{name}": f"/imports/{job.import_id}" for name, job in imports.items()}
    paths["import-done"] = f"/imports/{done.import_id}"
    paths["screen"] = f"/screens/{screen.screen_id}"
    failed = house.do(list_schedules(house.services, BUSINESS))[1]
    return {**paths, "export": f"/exports/{failed.schedule_id}"}


def work(house: House, address: str) -> None:
    """Do what waits in the background for an import or a list with this page."""
    name = urlsplit(address).path.rpartition("/")[2]
    if name.startswith("scr_"):
        screen = house.do(read_screen(house.services, BUSINESS, parse_screen_id(name)))
        house.do(go_on_with_screen(house.services, screen))
        return
    job = house.do(read_import(house.services, BUSINESS, parse_import_id(name)))
    house.do(go_on_with_import(house.services, job, HOUR))


class Meta(BaseHTTPRequestHandler):
    """Takes every message."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        body = b'{"messages":[{"id":"wamid.sent"}]}'
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def console(house: House, path: str = "") -> str:
    return f"{house.address}/console/{BUSINESS}{path}"


def come_in(house: House, page: Page, email: str = EMAIL) -> None:
    page.goto(console(house))
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Today").wait_for()


@contextmanager
def open_meta() -> Iterator[str]:
    """A server in Meta's place; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Meta)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(20)
