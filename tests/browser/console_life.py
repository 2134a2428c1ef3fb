"""A little life in a café, for whoever looks at it in the console."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import Page

from askfirst.decision.question import MessageKind, SendRequest
from askfirst.domain.brakes.brake import Hold
from askfirst.domain.brakes.subject import BrakeScope
from askfirst.domain.consent.event import NumberProof, Source
from askfirst.domain.operators.operator import OperatorRole
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.alias import Alias, phone_alias
from askfirst.domain.values.ids import ContactId
from askfirst.domain.values.purpose import MARKETING
from askfirst.ports.consent.erasures import EraseRequest
from askfirst.usecases.brakes.manage_brakes import Pause, set_brake
from askfirst.usecases.consent.record_consent import Consent, ConsentVerb, record_consent
from askfirst.usecases.operators.invite_operator import invite_operator, join
from askfirst.usecases.operators.write_down import Actor
from askfirst.usecases.prompts.show_prompt import open_live_token, show_openly
from askfirst.usecases.sending.send_message import Send, send_message
from tests.browser.house import BUSINESS, CAFE_SENDER, House
from tests.support.counting import count_ledger

ANA, BEN, CLEO = (phone_alias(f"3361234567{last}") for last in (8, 4, 2))
EMAIL, PASSWORD = "ines@cafe-lune.example", "the moon over the bakery"
SERVER = Actor(business_id=BUSINESS, operator_id=None)
PAGES = (
    ("", "home"),
    ("/people", "people"),
    ("/stops", "stops"),
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


def hire(house: House, email: str = EMAIL, role: OperatorRole = OperatorRole.ADMIN) -> None:
    made = house.do(invite_operator(house.services, SERVER, email, role))
    secret = made.link.rpartition("/")[2]
    house.do(join(house.services, BUSINESS, secret, "Inès", PASSWORD))


def live(house: House) -> dict[str, ContactId]:
    """A little life: a yes, a stop in the chat, offers, a complaint, a wish, a pause."""
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
    hire(house)
    house.do(count_ledger(house.services, BUSINESS))
    return people


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
    page.get_by_role("button", name="Sign in").click()
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
