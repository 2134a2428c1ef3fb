"""Commands about screenings: the list goes over in parts, and the answers come back in parts."""

from __future__ import annotations

from askfirst.domain.bulk.screen_job import ScreenSettings
from askfirst.usecases.bulk.screens.run_screen import go_on_with_screen
from askfirst.usecases.bulk.screens.screen_files import screen_part, screen_parts
from askfirst.usecases.bulk.screens.start_screen import (
    begin_screen,
    give_up_screen,
    list_is_whole,
    list_screens,
    parse_screen_id,
    put_list_part,
    read_screen,
)
from askfirst.usecases.context.services import Services
from askfirst.web.admin.admin_command import AdminCommand, Answer, business_of
from askfirst.web.import_sheet import screen_sheet_of


class BeginScreen(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Open a screening."""

    settings: ScreenSettings

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        return screen_sheet_of(await begin_screen(services, business_id, self.settings))


class PutScreenFile(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Give a part of its list."""

    id: str
    part: int
    content: bytes

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        screen_id = parse_screen_id(self.id)
        await put_list_part(services, business_id, screen_id, self.part, self.content)
        return {}


class EndScreenFile(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Say that its list is whole."""

    id: str
    digest: str
    size: int
    parts: int

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        job = await read_screen(services, business_id, parse_screen_id(self.id))
        job = await list_is_whole(services, job, self.digest, self.size, self.parts)
        return screen_sheet_of(job)


class ShowScreen(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Tell where a screening is. `works`: do it first, where no server does."""

    id: str
    works: bool = False

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        job = await read_screen(services, business_id, parse_screen_id(self.id))
        if self.works:
            job = await go_on_with_screen(services, job)
        return screen_sheet_of(job)


class ReadScreenRows(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Give a part of the file of one answer."""

    id: str
    verdict: str
    reason: str
    part: int

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        job = await read_screen(services, business_id, parse_screen_id(self.id))
        answer = (self.verdict, self.reason)
        text = await screen_part(services, job, *answer, self.part)
        return {"csv": text, "of": screen_parts(job, *answer)}


class ListScreens(AdminCommand, frozen=True, kw_only=True, tag=True):
    """List screenings, the newest first, from behind an id."""

    after: str = ""
    limit: int = 100

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        if self.after:
            parse_screen_id(self.after)
        found = await list_screens(services, business_id, self.after, self.limit)
        return {"screens": [screen_sheet_of(job) for job in found]}


class ForgetScreen(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Forget a screening with its list and its answers."""

    id: str

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        await give_up_screen(services, business_id, parse_screen_id(self.id))
        return {"id": self.id}
