"""A request in the console: for which business, by whom, and how its page is written."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from babel.numbers import format_decimal
from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from askfirst.domain.bulk.import_settings import COLUMNS_MAX
from askfirst.domain.operators.operator import Operator, Permission
from askfirst.domain.prompts.catalogue import Vocabulary
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.values.errors import InvalidInput, NotAuthenticated, NotPermitted
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant, to_datetime
from askfirst.usecases.consent.read_purposes import list_purposes
from askfirst.usecases.context.services import Services
from askfirst.usecases.operators.sign_in import Seat, form_token
from askfirst.usecases.operators.write_down import Actor
from askfirst.usecases.prompts.show_prompt import vocabulary_in
from askfirst.web.console.words import console_words
from askfirst.web.digits import in_own_digits
from askfirst.web.pages.forms import read_form
from askfirst.web.pages.reader import Reader
from askfirst.web.pages.request_context import initials, purposes_in
from askfirst.web.words import Words

FORM_TOKEN: Final = "form_token"  # noqa: S105 - a name
"""The field in which each form carries the token of its session."""
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""No script runs in the console, but for the two pages that have passkeys on them."""
_WITH_SCRIPT: Final = f"{CONTENT_SECURITY_POLICY}; script-src 'self'; connect-src 'self'"
_LONG_BYTES_MAX: Final = 512 * 1024
_LONG_FIELDS_MAX: Final = COLUMNS_MAX + 100


@dataclass(frozen=True, slots=True, kw_only=True)
class NavEntry:
    """One entry of the navigation."""

    key: str
    path: str
    permission: Permission


NAVIGATION: Final = (
    (
        "",
        (
            NavEntry(key="home", path="", permission=Permission.OVERVIEW),
            NavEntry(key="figures", path="/figures", permission=Permission.OVERVIEW),
        ),
    ),
    (
        "people",
        (
            NavEntry(key="people", path="/people", permission=Permission.PEOPLE),
            NavEntry(key="stops", path="/stops", permission=Permission.PEOPLE),
            NavEntry(key="imports", path="/imports", permission=Permission.LISTS),
        ),
    ),
    (
        "sending",
        (
            NavEntry(key="screens", path="/screens", permission=Permission.LISTS),
            NavEntry(key="not_sent", path="/not-sent", permission=Permission.OVERVIEW),
            NavEntry(key="held", path="/held", permission=Permission.PEOPLE),
            NavEntry(key="brakes", path="/senders", permission=Permission.OVERVIEW),
            NavEntry(key="templates", path="/templates", permission=Permission.OVERVIEW),
        ),
    ),
    (
        "asking",
        (
            NavEntry(key="prompts", path="/prompts", permission=Permission.OVERVIEW),
            NavEntry(key="entries", path="/entry-points", permission=Permission.OVERVIEW),
        ),
    ),
    (
        "settings",
        (
            NavEntry(key="exports", path="/exports", permission=Permission.EXPORTS),
            NavEntry(key="endpoints", path="/webhooks", permission=Permission.ENDPOINTS),
            NavEntry(key="team", path="/team", permission=Permission.TEAM),
            NavEntry(key="audit", path="/audit", permission=Permission.AUDIT),
            NavEntry(key="account", path="/account", permission=Permission.OVERVIEW),
        ),
    ),
)
"""What is in the navigation, in groups: only what is there."""


DONE: Final = frozenset(
    {
        "access_ended",
        "authenticator_removed",
        "authenticator_set",
        "delivered_again",
        "draft_declined",
        "draft_discarded",
        "draft_saved",
        "draft_submitted",
        "endpoint_set",
        "entry_ended",
        "entry_made",
        "erased",
        "export_asked",
        "export_changed",
        "export_paused",
        "export_removed",
        "export_resumed",
        "export_scheduled",
        "import_given_up",
        "joined",
        "lifted",
        "passkey_added",
        "passkey_named",
        "passkey_removed",
        "paused",
        "prompt_published",
        "review_closed",
        "role_changed",
        "screen_given_up",
        "session_ended",
        "stopped",
        "taken_back",
    }
)
"""What a page may say on top about the form before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bureau:
    """What every page of the console is made with. `is_https`: cookies may be for it alone."""

    services: Services
    templates: Environment
    base: str
    origin: str

    @property
    def is_https(self) -> bool:
        """Whether browsers reach it encrypted."""
        return self.origin.startswith("https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One request. `seat` None: nobody is signed in; `secret` is that of the session."""

    bureau: Bureau
    request: Request
    business: Business
    profile: Profile
    reader: Reader
    seat: Seat | None
    secret: str

    @property
    def services(self) -> Services:
        return self.bureau.services

    @property
    def business_id(self) -> BusinessId:
        return self.business.business_id

    @property
    def home(self) -> str:
        """The path of the business's console, as browsers see it."""
        return f"{self.bureau.base}/console/{self.business_id}"

    @property
    def seated(self) -> Seat:
        """Who is signed in; NotAuthenticated where nobody is."""
        if self.seat is None:
            raise NotAuthenticated("sign in first")
        return self.seat

    @property
    def actor(self) -> Actor:
        return self.seated.actor

    @property
    def operator(self) -> Operator:
        return self.seated.operator

    @property
    def words(self) -> Words:
        """The console's words in the reader's language."""
        return console_words()[self.reader.locale]

    @property
    def vocabulary(self) -> Vocabulary:
        """The words that purposes are named with."""
        return vocabulary_in(self.services, self.reader.locale)

    def may(self, permission: Permission) -> bool:
        """Whether who is signed in may."""
        return self.seat is not None and self.operator.may(permission)

    def purposes(self, names: tuple[str, ...]) -> str:
        """Return what an answer is about."""
        return purposes_in(self.reader, self.vocabulary, names)

    @property
    def purpose_choices(self) -> list[tuple[str, str]]:
        """Each purpose there is, with what it is called."""
        names = [one.name for one in list_purposes(self.services)]
        return [(name, self.purposes((name,))) for name in names]

    def moment(self, at: Instant) -> str:
        """Write a day and a time; the machine's zone is nobody's, so it is UTC, and says so."""
        return f"{self.reader.plain_date(at)}, {to_datetime(at):%H:%M} UTC"

    def number(self, count: int) -> str:
        """Write a count as the reader's language does."""
        return in_own_digits(format_decimal(count, locale=self.reader.locale), self.reader.locale)

    def share(self, permille: int) -> str:
        """Write a part of a whole, to a tenth of a percent."""
        figure = format_decimal(permille / 10, format="0.0", locale=self.reader.locale)
        return in_own_digits(f"{figure} %", self.reader.locale)

    async def form(self) -> Mapping[str, str]:
        """Read a form of this session.

        Raises:
            NotPermitted: it carries no token of this session.
        """
        form = await read_form(self.request)
        check_token(form, self.secret)
        return form

    async def long_form(self) -> Mapping[str, str]:
        """Read a form of this session that has a field for each column of a table.

        Raises:
            NotPermitted: it carries no token of this session.
        """
        form = await read_form(self.request, _LONG_BYTES_MAX, _LONG_FIELDS_MAX)
        check_token(form, self.secret)
        return form

    def page(self, template: str, status: int = HTTPStatus.OK, /, **values: Any) -> Response:
        """Write a page in the reader's language."""
        text = self.bureau.templates.get_template(template).render(
            base=self.bureau.base,
            known=DONE,
            business=self.business,
            desk=self,
            done=self.request.query_params.get("done", ""),
            form_token=form_token(self.secret) if self.seat else "",
            home=self.home,
            initials=initials,
            may=lambda name: self.may(Permission(name)),
            navigation=self._navigation(),
            path=self.request.url.path,
            reader=self.reader,
            say=self.reader.words,
            t=self.words,
            **{"error": None, **values},
        )
        headers = {"content-language": self.reader.lang, "vary": "accept-language, cookie"}
        return HTMLResponse(text, status, headers)

    def see(self, path: str, done: str = "", view: str = "") -> Response:
        """Lead on to a page of the console; `done` names what it says on top, `view` what of it."""
        asked = "&".join(part for part in (f"done={done}" if done else "", view) if part)
        mark = f"?{asked}" if asked else ""
        return RedirectResponse(f"{self.home}{path}{mark}", HTTPStatus.SEE_OTHER)

    def _navigation(self) -> list[tuple[str, list[NavEntry]]]:
        if self.seat is None:
            return []
        groups = [
            (name, [entry for entry in entries if self.may(entry.permission)])
            for name, entries in NAVIGATION
        ]
        return [(name, entries) for name, entries in groups if entries]


def with_script(answer: Response) -> Response:
    """Let a page run the script of ours that passkeys need, and ask this server."""
    answer.headers["content-security-policy"] = _WITH_SCRIPT
    return answer


DeskHandler = Callable[[Desk], Awaitable[Response]]


def check_token(form: Mapping[str, str], secret: str) -> None:
    """Refuse a form that was not made for this session.

    Raises:
        NotPermitted: its token is another, or missing.
    """
    given = form.get(FORM_TOKEN, "").encode()
    if not secret or not hmac.compare_digest(given, form_token(secret).encode()):
        raise NotPermitted("the form must come from a page of this session")


def field_of(form: Mapping[str, str], name: str) -> str:
    """Return a field; InvalidInput where it is missing."""
    if name not in form:
        raise InvalidInput(name, "is required")
    return form[name]
