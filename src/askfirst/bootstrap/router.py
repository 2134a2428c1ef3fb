"""Which face answers: one look at the path, because most requests pay for every microsecond.

Meta's paths are not listed: whatever is none of ours is the gateway's, which refuses what it
does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from askfirst.bootstrap.wiring import Wired
from askfirst.bootstrap.write_watch import remedy_of
from askfirst.domain.values.finding import Finding, Severity
from askfirst.usecases.transparency.find_ledger_state import find_ledger_state
from askfirst.web.asgi import App, Receive, Scope, Send, respond

_TEXT = b"text/plain; charset=utf-8"
_FINDINGS_MAX = 20
_METRICS = b"text/plain; version=0.0.4; charset=utf-8"


class Router:
    """Sends each request to its face: an exact path first, then the longest prefix."""

    def __init__(
        self, exact: Mapping[str, App], prefixes: Mapping[str, App], otherwise: App
    ) -> None:
        self._exact = dict(exact)
        self._prefixes = tuple(sorted(prefixes.items(), key=lambda entry: -len(entry[0])))
        self._starts = tuple(prefixes)
        self._otherwise = otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        path: str = scope["path"]
        app = self._exact.get(path)
        if app is None:
            app = self._by_prefix(path)
        await app(scope, receive, send)

    def _by_prefix(self, path: str) -> App:
        if not path.startswith(self._starts):
            return self._otherwise
        for prefix, app in self._prefixes:
            if path.startswith(prefix):
                return app
        return self._otherwise


async def closed(_: Scope, __: Receive, send: Send) -> None:
    """Stand where webhooks would come in, were there a secret to check them: Meta tries again."""
    body = b"ASKFIRST_WEBHOOK_SECRETS is not set\n"
    await respond(send, HTTPStatus.SERVICE_UNAVAILABLE, body, _TEXT)


class Health:
    """What a supervisor asks: alive, ready, and how much was done."""

    def __init__(self, wired: Wired) -> None:
        self._wired = wired

    async def alive(self, _: Scope, __: Receive, send: Send) -> None:
        """The process runs."""
        await respond(send, HTTPStatus.OK, b"ok\n", _TEXT)

    async def ready(self, _: Scope, __: Receive, send: Send) -> None:
        """The database takes writes and can keep its promise."""
        error = await self._wired.writes.look()
        if error is not None:
            body = f"not ready: {error.message}\n{remedy_of(error)}\n".encode()
            await respond(send, HTTPStatus.SERVICE_UNAVAILABLE, body, _TEXT)
            return
        found = await find_ledger_state(self._wired.services.watch)
        problems = [one for one in found if one.severity is Severity.PROBLEM][:_FINDINGS_MAX]
        if problems:
            lines = [f"{one.summary} {one.remedy}" for one in problems]
            body = "\n".join(["not ready: ledger", *lines, ""]).encode()
            await respond(send, HTTPStatus.SERVICE_UNAVAILABLE, body, _TEXT)
            return
        lines = ["ready", *(f"{one.severity}: {one.summary}" for one in await self._findings())]
        body = "".join(f"{line}\n" for line in lines).encode()
        await respond(send, HTTPStatus.OK, body, _TEXT)

    async def _findings(self) -> tuple[Finding, ...]:
        """What does not keep the server from its work, and should be seen to."""
        policy = await self._wired.services.policies.find()
        refused = [one for one in policy if one.severity is not Severity.OK]
        return (*self._wired.watch.findings(), *refused)

    async def metrics(self, _: Scope, __: Receive, send: Send) -> None:
        """Prometheus's text format."""
        await respond(send, HTTPStatus.OK, self._wired.metrics.render(), _METRICS)
