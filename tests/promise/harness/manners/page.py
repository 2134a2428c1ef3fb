"""People who say yes and no on their own page."""

from __future__ import annotations

import json
import random
import re
from urllib.parse import urlsplit

from tests.promise.harness import letters
from tests.promise.harness.manners.manner import agree_when_shown, is_good
from tests.promise.harness.wire import Reply, Wire

_QUESTION = re.compile(rb'name="askfirst_preferences_token" value="([^"]+)"')
_MARKETING = b"offers and news"


class Page:
    """Is known by a first yes at the business; from then on uses the link that it was given."""

    def __init__(self, contact: str, _: random.Random) -> None:
        self._contact = contact
        self._origin = self._path = ""

    async def agree(self, wire: Wire) -> Reply | None:
        if not self._path:
            return await self._agree_at_first(wire)
        page = await wire.get(self._path)
        token = _question(page.body)
        if not is_good(page) or not token:
            return None
        form = {"askfirst_preferences": "grant", "askfirst_preferences_token": token}
        return await wire.submit(self._path, form, self._origin)

    async def stop(self, wire: Wire, name: str) -> Reply:
        if not self._path:
            return await wire.post(letters.CONSENTS, letters.withdrawal(self._contact))
        return await wire.submit(self._path, {"stop": "all"}, self._origin)

    async def _agree_at_first(self, wire: Wire) -> Reply | None:
        yes = await agree_when_shown(wire, self._contact)
        link = await wire.post(letters.LINKS, letters.link(self._contact))
        if is_good(link):
            address = urlsplit(json.loads(link.body)["url"])
            self._origin, self._path = f"{address.scheme}://{address.netloc}", address.path
        return yes


def _question(page: bytes) -> str:
    """Find the question about marketing, among those that the page asks."""
    for choice in page.split(b'<li class="card choice')[1:]:
        found = _QUESTION.search(choice)
        if found and _MARKETING in choice.partition(b"</h2>")[0]:
            return found[1].decode()
    return ""
