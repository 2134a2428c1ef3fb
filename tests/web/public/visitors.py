"""Visitors of the hosted pages: they read, type, tick and press, in the same process."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

from askfirst.domain.consent.event import Event
from askfirst.domain.prompts.interpolation import Filling
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId, Position
from askfirst.usecases.consent.manage_links import make_link
from askfirst.usecases.context.services import Services
from askfirst.usecases.entry_points.manage_entries import EntryOrder, make_entry
from askfirst.usecases.prompts.show_prompt import show_prompt
from askfirst.usecases.tenants.manage_profile import put_profile
from askfirst.web.asgi import App
from askfirst.web.metrics import Metrics
from askfirst.web.public.app import build_public
from tests.support.builders import ANA, BUSINESS, RIVAL, sender
from tests.support.services import World
from tests.web.asgi_call import Got, call

SITE = "http://127.0.0.1:8080"
SHOP = "https://shop.example"
STRANGER = "https://evil.example"
NUMBER = "+44 7700 900123"


class Page(HTMLParser):
    """What a reader, and a browser, finds in a page."""

    def __init__(self, got: Got) -> None:
        super().__init__()
        self.got = got
        self.source = got.body.decode(errors="replace")
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._parts: list[str] = []
        self.feed(self.source)
        self.text = re.sub(r"\s+", " ", "".join(self._parts)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in ("bdi", "a", "strong", "code", "span"):
            self._parts.append(" ")

    def handle_data(self, data: str) -> None:
        self._parts.append(data)

    def all(self, tag: str, **attributes: str) -> list[dict[str, str]]:
        """The attributes of every such tag."""
        return [
            found
            for name, found in self.tags
            if name == tag and attributes.items() <= found.items()
        ]

    def fields(self) -> dict[str, str]:
        """What a form would send if nobody touched it: hidden fields, no box."""
        return {one["name"]: one["value"] for one in self.all("input", type="hidden")}

    def links(self) -> list[str]:
        """Paths on this site that the page names, wherever they stand."""
        named = [value for _, found in self.tags for value in (found.get("href"), found.get("src"))]
        return [urlsplit(one).path for one in named if one and one.startswith("/")]


@dataclass
class Visitor:
    """Somebody with a browser; `headers` are what it says about itself."""

    app: App
    headers: Mapping[str, str] = field(default_factory=dict)

    async def get(self, path: str, **headers: str) -> Page:
        return Page(await self.raw("GET", path, **headers))

    async def post(self, path: str, form: Mapping[str, str], origin: str = SITE) -> Page:
        """Send a form from a page of this origin; "" sends no origin at all."""
        body = urlencode(form).encode()
        headers = {"content_type": "application/x-www-form-urlencoded"}
        if origin:
            headers["origin"] = origin
        return Page(await self.raw("POST", path, body, **headers))

    async def raw(self, method: str, path: str, body: bytes = b"", /, **headers: str) -> Got:
        all_headers = {**self.headers, **headers}
        pairs = [(name.replace("_", "-"), value) for name, value in all_headers.items()]
        parts = urlsplit(path)
        return await call(self.app, method, parts.path, headers=pairs, body=body, query=parts.query)


@dataclass
class Street:
    """A world with a business in it, and its pages."""

    world: World
    metrics: Metrics
    app: App

    @property
    def services(self) -> Services:
        return self.world.services

    def visitor(self, **headers: str) -> Visitor:
        return Visitor(self.app, {name.replace("_", "-"): text for name, text in headers.items()})

    async def head(self) -> int:
        return await self.services.ledger.head(BUSINESS)

    async def events(self) -> list[Event]:
        return list(await self.services.ledger.events(BUSINESS, Position(0), 100))

    async def token(self, key: str = "signup", business: BusinessId = BUSINESS) -> str:
        shown = await show_prompt(self.services, business, key, "en", Filling(business="Café Lune"))
        return shown.token

    async def link(self, person: Alias = ANA, days: int = 30) -> str:
        made = await make_link(self.services, BUSINESS, person, days)
        assert made is not None
        return urlsplit(made[1]).path

    async def entry(self, locale: str = "en", words: str = "Hello Café Lune!") -> str:
        order = EntryOrder(business_id=BUSINESS, name="Window", words=words, locale=locale)
        return f"/p/acme/chat/{(await make_entry(self.services, order)).code}"

    async def join(self, locale: str = "en", number: str = NUMBER) -> Page:
        """Say yes on the opt-in page; gives what is answered."""
        visitor = self.visitor()
        page = await visitor.get(f"/p/acme/join?locale={locale}")
        form = page.fields() | {"phone": number, "askfirst_signup": "grant"}
        return await visitor.post(f"/p/acme/join?locale={locale}", form)


async def furnish(world: World) -> Street:
    """Open a business with a site of its own, a sender and a rival."""
    services, now = world.services, world.clock.now()
    profile = Profile(
        origins=(SHOP,), contact="hello@shop.example", privacy_url=f"{SHOP}/privacy", locale="en"
    )
    await put_profile(services, BUSINESS, "Café Lune", profile)
    await services.directory.put_business(Business(business_id=RIVAL, name="Rival"), now)
    await services.directory.put_sender(sender(), "token", now)
    metrics = Metrics()
    return Street(world, metrics, build_public(services, metrics))
