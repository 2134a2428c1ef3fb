"""One request to the pages of one business, and how it is answered."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlsplit

from jinja2 import Environment
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from askfirst.domain.prompts.catalogue import Vocabulary
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.purpose import ONE_ORDER, Purpose
from askfirst.usecases.contacts.countries import home_country, list_countries
from askfirst.usecases.contacts.read_contact import read_typed_name
from askfirst.usecases.context.services import Services
from askfirst.usecases.prompts.show_prompt import vocabulary_in
from askfirst.usecases.tenants.resolve_business import meet_business
from askfirst.usecases.tenants.show_site import show_site
from askfirst.web.metrics import Metrics
from askfirst.web.pages.countries import Countries, countries_in
from askfirst.web.pages.reader import Reader, language_names, reader_of

_MAIL: Final = re.compile(r"[^\s@:/?#]+@[^\s@:/?#]+\.[^\s@:/?#]+")
_PLACE: Final = re.compile(r"https://[^\s/]+\S*")


def link_to(services: Services, contact: str) -> str:
    """Return the address that opens mail, phone or page; none where people have to read it."""
    if _MAIL.fullmatch(contact):
        return f"mailto:{quote(contact, safe='@')}"
    if _PLACE.fullmatch(contact):
        return contact
    try:
        name = read_typed_name(services, contact, "contact")
    except InvalidInput:
        return ""
    return f"tel:+{name.value}" if name.is_number else ""


TEMPLATES: Final = "askfirst.web.pages"
"""The package of the templates that pages of all faces share."""

_WHERE: Final = {
    Surface.SIGNUP: "where.site",
    Surface.LOGIN: "where.site",
    Surface.CODE: "where.site",
    Surface.ORDER: "where.site",
    Surface.QR: "where.chat",
    Surface.LINK: "where.chat",
    Surface.CHAT: "where.chat",
    Surface.PREFERENCES: "where.preferences",
    Surface.PHONE: "where.phone",
    Surface.PAPER: "where.paper",
    Surface.IMPORT: "where.business",
    Surface.API: "where.business",
}


def initials(name: str) -> str:
    """Return the letters that stand for a name where there is no logo: two at most."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "·"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What every page is made with."""

    services: Services
    metrics: Metrics
    templates: Environment

    @property
    def base(self) -> str:
        """The path under which the pages are reached from outside; usually none."""
        return urlsplit(show_site(self.services).public_url).path

    def render(self, template: str, reader: Reader, status: int, /, **values: Any) -> HTMLResponse:
        """Write a page in the reader's language."""
        text = self.templates.get_template(template).render(
            base=self.base,
            initials=initials,
            languages=language_names(),
            reader=reader,
            say=reader.words,
            **values,
        )
        headers = {"content-language": reader.lang, "vary": "accept-language"}
        return HTMLResponse(text, status, headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request, whose pages it is to, and who reads."""

    house: House
    request: Request
    business: Business
    profile: Profile
    reader: Reader

    @property
    def services(self) -> Services:
        return self.house.services

    @property
    def home(self) -> str:
        """The path of the business's pages, as browsers see it."""
        return f"{self.house.base}/p/{self.business.business_id}"

    @property
    def vocabulary(self) -> Vocabulary:
        """The words that questions are made of, in the reader's language."""
        return vocabulary_in(self.services, self.reader.locale)

    def page(self, template: str, status: int = 200, /, **values: Any) -> Response:
        """Write a page of this business."""
        return self.house.render(
            template,
            self.reader,
            status,
            business=self.business,
            home=self.home,
            profile=self.profile,
            reach=link_to(self.services, self.profile.contact),
            vocabulary=self.vocabulary,
            **values,
        )

    async def countries(self, chosen: str = "") -> Countries:
        """Return the countries to choose from, in the reader's language."""
        home = await home_country(self.services, self.business.business_id)
        return countries_in(self.reader.locale, list_countries(self.services), home, chosen)

    def see(self, path: str) -> Response:
        """Lead on to a page; where a language was asked for, it stays."""
        locale = self.request.query_params.get("locale", "")
        mark = "&" if "?" in path else "?"
        kept = f"{mark}locale={self.reader.locale}" if locale else ""
        return RedirectResponse(f"{self.home}/{path}{kept}", HTTPStatus.SEE_OTHER)

    def purposes(self, names: tuple[str, ...]) -> str:
        """Return what an answer is about; without a name it is about everything."""
        return purposes_in(self.reader, self.vocabulary, names)

    def where(self, surface: Surface) -> str:
        """Return where an answer was given."""
        return where_in(self.reader, surface)

    def markup(self, html: str) -> Markup:
        """Take a fragment that a template of ours escaped."""
        return Markup(html)  # noqa: S704


def purposes_in(reader: Reader, vocabulary: Vocabulary, names: tuple[str, ...]) -> str:
    """Say in words what messages are for; a topic of the business is named after its kind."""
    if not names:
        return reader.words.plain("everything")
    return vocabulary.separator.join(_purpose(reader, vocabulary, name) for name in names)


def where_in(reader: Reader, surface: Surface) -> str:
    """Return where an answer was given."""
    return reader.words.plain(_WHERE[surface])


def _purpose(reader: Reader, vocabulary: Vocabulary, name: str) -> str:
    if name == ONE_ORDER.name:
        return reader.words.plain("purpose.order")
    kind = vocabulary.kinds[Purpose(name).category.value]
    topic = name.partition(".")[2].replace("_", " ")
    return f"{kind}: {topic}" if topic else kind


Handler = Callable[[Visit], Awaitable[Response]]


async def visit_of(house: House, request: Request, name: str) -> Visit | None:
    """Take a request as a visit to the pages of a business; None where there is no such one."""
    met = await meet_business(house.services, name)
    if met is None:
        return None
    business, profile = met
    return Visit(
        house=house,
        request=request,
        business=business,
        profile=profile,
        reader=reader_of(request, profile.locale),
    )
