"""One visitor's request: who they are, in which language they read, and how they are answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment
from markupsafe import Markup

from accounts import Account, Accounts, Logins, Order, Orders
from askfirst_client import Answer, Askfirst
from asking import fetch_question
from phone_numbers import chosen, countries
from sessions import Session
from words import NAMES, Words, preferred

_FORM_BYTES_MAX = 16 * 1024
_SEE_OTHER = 303


@dataclass(frozen=True)
class Shop:
    """All that the shop works with. `phone_url` is the simulator's, in a demonstration."""

    askfirst: Askfirst
    phone_url: str
    words: dict[str, Words]
    templates: Environment
    accounts: Accounts
    orders: Orders
    logins: Logins
    entries: dict[str, Answer]
    sender: str


@dataclass(frozen=True)
class Visit:
    """A request to the shop."""

    shop: Shop
    request: Request
    session: Session
    say: Words

    @property
    def account(self) -> Account | None:
        """Whose session it is."""
        return self.shop.accounts.find(self.session.get("account", ""))

    @property
    def order(self) -> Order | None:
        """What they have ordered last."""
        return self.shop.orders.find(self.session.get("order", ""))

    def known(self, phone: str) -> Account | None:
        """Give their account, where this number is known to be theirs: they proved it to the shop.

        Only then does the shop vouch for it.
        """
        account = self.account
        return account if account and account.is_proven and account.phone == phone else None

    @property
    def phone_page(self) -> str:
        """The visitor's phone at the simulator: it stands for the one in their pocket."""
        if not self.shop.phone_url:
            return ""
        holder = self.account or self.order
        digits = holder.phone.removeprefix("+") if holder else ""
        return f"{self.shop.phone_url}/inbox/{digits}" if digits else f"{self.shop.phone_url}/"

    async def ask(self, key: str, form: Mapping[str, str] | None = None) -> Answer | None:
        """Fetch a question in the visitor's language; its HTML is askfirst's, and is trusted.

        With a form in which something else was wrong, what they ticked a moment ago stays ticked.
        """
        question = await fetch_question(self.shop.askfirst, key, self.say.language)
        if question is None:
            return None
        html = question["html"]
        if form and form.get(f"askfirst_{key}") == "grant":
            html = html.replace('type="checkbox"', 'type="checkbox" checked', 1)
        return {**question, "html": Markup(html)}  # noqa: S704 - see above

    def example(self, form: Mapping[str, str]) -> str:
        """Give a number as it is written in the country that was chosen."""
        wanted = chosen(form)
        found = countries(self.say.language)
        return next(one.example for one in found if one.code == wanted)

    @property
    def is_script(self) -> bool:
        """Whether a script of the page asks, which is answered with JSON."""
        return self.request.headers.get("content-type", "").startswith("application/json")

    async def form(self) -> dict[str, str]:
        """Read a form, whether the browser sends it or a script."""
        text = (await self.request.body())[:_FORM_BYTES_MAX].decode(errors="replace")
        if self.is_script:
            try:
                return {name: str(value) for name, value in json.loads(text).items()}
            except (ValueError, AttributeError):
                return {}
        return dict(parse_qsl(text, keep_blank_values=True))

    def page(self, name: str, status: int = 200, **values: Any) -> Response:
        """Write a page."""
        text = self.shop.templates.get_template(name).render(
            say=self.say,
            languages=NAMES,
            path=self.request.url.path,
            account=self.account,
            askfirst=self.shop.askfirst.url,
            phone_page=self.phone_page,
            countries=countries(self.say.language),
            **values,
        )
        return HTMLResponse(text, status)

    def go(self, path: str) -> Response:
        """Lead on to a page, as after every form."""
        return RedirectResponse(path, _SEE_OTHER)


def visit_of(request: Request) -> Visit:
    """Meet a visitor: the language is the one they chose here, or their browser's."""
    shop: Shop = request.app.state.shop
    session: Session = request.state.session
    wished = preferred(request.headers.get("accept-language", ""))
    say = shop.words[session.get("language", wished)]
    return Visit(shop, request, session, say)


Here = Annotated[Visit, Depends(visit_of)]
