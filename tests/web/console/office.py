"""A console in the same process, with an operator of each role at a browser of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import httpx

from askfirst.domain.consent.event import Event
from askfirst.domain.operators.audit_entry import AuditAct
from askfirst.domain.operators.operator import Operator, OperatorRole
from askfirst.domain.tenants.api_key import Business
from askfirst.domain.tenants.profile import Profile
from askfirst.domain.values.ids import BusinessId, ContactId, Position
from askfirst.usecases.operators.invite_operator import invite_operator, join
from askfirst.usecases.operators.sign_in import SignInTry, sign_in
from askfirst.usecases.operators.write_down import Actor, read_audit
from askfirst.usecases.tenants.manage_profile import put_profile
from askfirst.web.asgi import App
from askfirst.web.console.app import build_console
from askfirst.web.metrics import Metrics
from tests.support.builders import ANA, BUSINESS, RIVAL, sender
from tests.support.reading import contact_of
from tests.support.services import World
from tests.web.public.visitors import SITE, Page, Visitor

PASSWORD: Final = "a long enough phrase"
COOKIE: Final = "askfirst-console-"


@dataclass
class Office:
    """A world, its console, and who works there."""

    world: World
    app: App
    secrets: dict[tuple[BusinessId, OperatorRole], str] = field(default_factory=dict)
    operators: dict[tuple[BusinessId, OperatorRole], Operator] = field(default_factory=dict)

    async def hire(self, role: OperatorRole, business: BusinessId = BUSINESS) -> None:
        """Invite somebody who comes in at once."""
        services, email = self.world.services, f"{role.value}@example.com"
        actor = Actor(business_id=business, operator_id=None)
        made = await invite_operator(services, actor, email, role)
        await join(services, business, made.link.rpartition("/")[2], role.value, PASSWORD)
        typed = SignInTry(business_id=business, email=email, password=PASSWORD)
        seat, secret = await sign_in(services, typed)
        self.secrets[business, role] = secret
        self.operators[business, role] = seat.operator

    def at(self, role: OperatorRole | None, business: BusinessId = BUSINESS) -> Visitor:
        """The browser of an operator of a business; None: of a stranger."""
        if role is None:
            return Visitor(self.app)
        cookie = f"{COOKIE}{business}={self.secrets[business, role]}"
        return Visitor(self.app, {"cookie": cookie})

    async def token(self, role: OperatorRole, business: BusinessId = BUSINESS) -> str:
        """What the forms of an operator's session carry."""
        page = await self.at(role, business).get(f"/console/{business}/account")
        return page.fields()["form_token"]

    async def send(
        self, role: OperatorRole, path: str, form: dict[str, str], origin: str = SITE
    ) -> Page:
        """Send a form as an operator's browser does."""
        filled = {"form_token": await self.token(role), **form}
        return await self.at(role).post(f"/console/{BUSINESS}{path}", filled, origin)

    def client(self, role: OperatorRole, business: BusinessId = BUSINESS) -> httpx.AsyncClient:
        """The browser of an operator, where files go up and come down."""
        cookie = f"{COOKIE}{business}={self.secrets[business, role]}"
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app),
            base_url=f"{SITE}/console/{business}",
            headers={"cookie": cookie, "origin": SITE},
        )

    async def upload(
        self, role: OperatorRole, path: str, form: dict[str, str], content: str | bytes
    ) -> httpx.Response:
        """Send a form with a file as an operator's browser does."""
        filled = {"form_token": await self.token(role), **form}
        async with self.client(role) as browser:
            files = {"file": ("C:\\lists\\customers.csv", content)}
            return await browser.post(path, data=filled, files=files)

    async def acts(self) -> list[AuditAct]:
        """What the log says, the newest first."""
        lines = await read_audit(self.world.services, BUSINESS, "", 100)
        return [line.act for line in lines]

    async def events(self) -> list[Event]:
        return list(await self.world.services.ledger.events(BUSINESS, Position(0), 100))

    async def person(self) -> ContactId:
        """Ana's id."""
        return await contact_of(self.world.store, ANA)


async def open_office(world: World) -> Office:
    """Two businesses, and an operator of each role in the first, an admin in the other."""
    services = world.services
    for business in (BUSINESS, RIVAL):
        known = Business(business_id=business, name="Café Lune")
        await services.directory.put_business(known, world.clock.now())
        await put_profile(services, business, "Café Lune", Profile())
    await services.directory.put_sender(sender(), "token", world.clock.now())
    office = Office(world, build_console(services, Metrics()))
    for role in OperatorRole:
        await office.hire(role)
    await office.hire(OperatorRole.ADMIN, RIVAL)
    return office
