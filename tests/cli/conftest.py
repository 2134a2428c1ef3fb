"""`shell`: commands on a database with one business, `cafe`; `sender`: it has one in service."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from askfirst.bootstrap.settings import isolated_settings
from askfirst.bootstrap.wiring import open_services
from askfirst.domain.tenants.sender import Sender
from askfirst.domain.values.ids import BusinessId, PhoneNumberId, WabaId
from tests.cli.shell import Shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path)
    assert shell.run("keys", "create", "--business", "cafe", "--scope", "all").exit_code == 0
    return shell


@pytest.fixture
def sender(shell: Shell) -> Sender:
    sender = Sender(
        business_id=BusinessId("cafe"),
        phone_number_id=PhoneNumberId("200000000000001"),
        waba_id=WabaId("100000000000001"),
        digits="15550100001",
        name="Café Lune",
    )

    async def put() -> None:
        async with open_services(isolated_settings(database_url=shell.url)) as wired:
            now = wired.services.clock.now()
            await wired.services.directory.put_sender(sender, "token", now)

    asyncio.run(put())
    return sender
