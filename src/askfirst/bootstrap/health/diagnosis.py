"""What `askfirst doctor` looks at, in the order in which it is told."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from askfirst.bootstrap.health.clock_check import find_clock
from askfirst.bootstrap.settings import PREFIX, Settings
from askfirst.bootstrap.wiring import Wired
from askfirst.domain.values.finding import Finding, Severity
from askfirst.ports.sending.http_connection import NotSent
from askfirst.usecases.brakes.manage_brakes import find_brakes
from askfirst.usecases.bulk.exports.manage_schedules import find_failing_exports
from askfirst.usecases.context.services import Services
from askfirst.usecases.events.manage_subscriptions import find_parked_subscriptions
from askfirst.usecases.inbound.find_unrouted_webhooks import find_unrouted_webhooks
from askfirst.usecases.inbound.manage_receivers import find_failing_receivers
from askfirst.usecases.opt_out.find_unconfirmable import find_unconfirmable
from askfirst.usecases.opt_out.manage_reviews import find_open_reviews
from askfirst.usecases.tasks.find_troubled_tasks import find_troubled_tasks
from askfirst.usecases.tenants.find_senders import find_senders
from askfirst.usecases.transparency.diagnose import Check
from askfirst.usecases.transparency.find_ledger_state import find_ledger_state

FREE_BYTES_MIN: Final = 64 * 1024 * 1024
"""Below it the next checkpoint of a busy database may find no room."""
FREE_BYTES_LOW: Final = 1024 * 1024 * 1024
_OTHERS = 0o077


def checks_of(wired: Wired, *, asks_meta: bool = False) -> tuple[Check, ...]:
    """Return all checks. `asks_meta`: also whether the Graph API answers a connection."""
    services, settings = wired.services, wired.settings
    tasks = (wired.store.tasks, services.directory, services.clock)
    checks = (
        Check("database", wired.writes.find),
        Check("clock", partial(find_clock, wired.store.timeline, services.clock, wired.watch)),
        Check("ledger", partial(find_ledger_state, services.watch)),
        Check("policy", services.policies.find),
        Check("disk_space", partial(find_disk_space, settings)),
        Check("file_modes", partial(find_file_modes, settings)),
        Check("open_doors", partial(find_closed_doors, settings)),
        Check("sender_tokens", partial(find_senders, services)),
        Check("unrouted_webhooks", partial(find_unrouted_webhooks, services)),
        Check("stop_confirmation", partial(find_unconfirmable, services)),
        Check("reviews", partial(find_open_reviews, services)),
        Check("brakes", partial(find_brakes, services)),
        Check("tasks", partial(find_troubled_tasks, *tasks)),
        Check(
            "subscriptions",
            partial(find_parked_subscriptions, services.subscriptions, services.directory),
        ),
        Check(
            "exports",
            partial(
                find_failing_exports,
                services.export_schedules,
                services.directory,
                services.export_files,
            ),
        ),
        Check("receivers", partial(find_failing_receivers, services.receivers, services.directory)),
    )
    return (*checks, Check("graph_api", partial(find_graph_api, services))) if asks_meta else checks


async def find_disk_space(settings: Settings) -> tuple[Finding, ...]:
    """Return how much room a SQLite file has left; PostgreSQL's disk is not ours to see."""
    path = settings.sqlite_path
    if path is None:
        return ()
    free = (await asyncio.to_thread(shutil.disk_usage, path.parent)).free
    summary = f"{free // (1024 * 1024):,} MiB are free where the database lies."
    if free >= FREE_BYTES_LOW:
        return (_ok("disk_space", summary),)
    severity = Severity.WARNING if free >= FREE_BYTES_MIN else Severity.PROBLEM
    remedy = "Make room, or move the database to a larger disk: a full disk takes no STOP."
    return (Finding(check="disk_space", severity=severity, summary=summary, remedy=remedy),)


async def find_file_modes(settings: Settings) -> tuple[Finding, ...]:
    """Return the files that other users of this machine can read or write."""
    open_files = await asyncio.to_thread(lambda: tuple(_files_open_to_others(settings)))
    if not open_files:
        return (_ok("file_modes", "Only the owner can read the database and its keys."),)
    return tuple(
        Finding(
            check="file_modes",
            severity=Severity.PROBLEM if path == settings.keyring_path else Severity.WARNING,
            summary=f"Other users of this machine can read or write {path.name}.",
            remedy=f"Run chmod 600 {path}.",
        )
        for path in open_files
    )


def _files_open_to_others(settings: Settings) -> Iterator[Path]:
    paths = [settings.keyring_path]
    if database := settings.sqlite_path:
        paths += sorted(database.parent.glob(database.name + "*"))
    for path in dict.fromkeys(paths):
        if path.is_file() and path.stat().st_mode & _OTHERS:
            yield path


async def find_closed_doors(settings: Settings) -> tuple[Finding, ...]:
    """Return the settings without which people cannot reach us, or are told wrong addresses."""
    if settings.webhook_secrets:
        return (_ok("open_doors", "Webhooks are taken, so a STOP comes in."),)
    return (
        Finding(
            check="open_doors",
            severity=Severity.PROBLEM,
            summary="Every webhook is refused, so no STOP comes in.",
            remedy=f"Set {PREFIX}WEBHOOK_SECRETS to the app secret of Meta's dashboard.",
        ),
    )


async def find_graph_api(services: Services) -> tuple[Finding, ...]:
    """Return whether a connection to the Graph API can be made; nothing is sent on it."""
    try:
        connection = await services.connections.open()
    except NotSent:
        return (
            Finding(
                check="graph_api",
                severity=Severity.WARNING,
                summary="The Graph API cannot be reached from here; nothing leaves.",
                remedy=f"Check the network, DNS and {PREFIX}GRAPH_URL.",
            ),
        )
    connection.release()
    return (_ok("graph_api", "The Graph API can be reached."),)


def _ok(check: str, summary: str) -> Finding:
    return Finding(check=check, severity=Severity.OK, summary=summary)
