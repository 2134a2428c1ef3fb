"""Commands about imports: the file goes over in parts, and the work is done in steps."""

from __future__ import annotations

from askfirst.domain.bulk.import_job import ImportState
from askfirst.domain.bulk.import_settings import ImportSettings
from askfirst.domain.values.timestamp import SECOND
from askfirst.usecases.bulk.imports.receive_import import (
    begin_import,
    confirm_import,
    file_is_whole,
    give_up_import,
    list_imports,
    parse_import_id,
    put_file_part,
    read_import,
)
from askfirst.usecases.bulk.imports.report_import import report_part, report_parts
from askfirst.usecases.bulk.imports.run_import import go_on_with_import
from askfirst.usecases.context.services import Services
from askfirst.web.admin.admin_command import AdminCommand, Answer, business_of
from askfirst.web.import_sheet import sheet_of

_STEP = SECOND // 2
_LOOKED_AT = 100


class FindImport(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Find an import of a file that was begun and is not done; no id where there is none."""

    digest: str
    purpose: str

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        for job in await list_imports(services, business_id, "", _LOOKED_AT):
            is_same = (job.digest, job.settings.purpose) == (self.digest, self.purpose)
            if is_same and job.state is ImportState.RUNNING:
                return sheet_of(job)
        return {"id": ""}


class ListImports(AdminCommand, frozen=True, kw_only=True, tag=True):
    """List imports, the newest first, from behind an id."""

    after: str = ""
    limit: int = 100

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        if self.after:
            parse_import_id(self.after)
        found = await list_imports(services, business_id, self.after, self.limit)
        return {"imports": [sheet_of(job) for job in found]}


class ForgetImport(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Forget an import with its file and report; what it recorded stays."""

    id: str

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        await give_up_import(services, business_id, parse_import_id(self.id))
        return {"id": self.id}


class BeginImport(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Open an import."""

    settings: ImportSettings

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        return sheet_of(await begin_import(services, business_id, self.settings))


class PutImportFile(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Give a part of its file."""

    id: str
    part: int
    content: bytes

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        await put_file_part(
            services, business_id, parse_import_id(self.id), self.part, self.content
        )
        return {}


class EndImportFile(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Say that its file is whole."""

    id: str
    digest: str
    size: int
    parts: int

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        job = await read_import(services, business_id, parse_import_id(self.id))
        return sheet_of(await file_is_whole(services, job, self.digest, self.size, self.parts))


class ShowImport(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Tell where an import is. `works`: go on with it first, where no server does."""

    id: str
    works: bool = False

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        job = await read_import(services, business_id, parse_import_id(self.id))
        if self.works:
            job = await go_on_with_import(services, job, _STEP)
        return sheet_of(job)


class ConfirmImport(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Have the rows recorded that were reviewed."""

    id: str
    hash: str

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        import_id = parse_import_id(self.id)
        return sheet_of(await confirm_import(services, business_id, import_id, self.hash))


class ReadReport(AdminCommand, frozen=True, kw_only=True, tag=True):
    """Give a part of the report; an empty one is behind the last."""

    id: str
    part: int

    async def run(self, services: Services) -> Answer:
        business_id = await business_of(services, self.business)
        job = await read_import(services, business_id, parse_import_id(self.id))
        return {"csv": await report_part(services, job, self.part), "of": report_parts(job)}
