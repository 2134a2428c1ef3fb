"""The people: they write, tap, stop, resume, sign up, block and change their number.

Every act is told to the business by webhook; each method gives the status that the receiver
answered with, after retries (0: there is no receiver).
"""

from __future__ import annotations

from collections.abc import Callable

from askfirst.domain.values.errors import InvalidInput, UnknownReference
from askfirst.simulator.inbound import webhooks
from askfirst.simulator.inbound.webhook_dispatcher import Courier
from askfirst.simulator.state.belongings import StoredFile
from askfirst.simulator.state.state import (
    BusinessNumber,
    Button,
    Letter,
    Phone,
    Said,
    Troubles,
    World,
)

FIRST_SIGNUP = "1"
ERROR_CODE_MAX = 999_999


class Phones:
    """All phones there are. `to` is a business's phone number id; without it, the first."""

    def __init__(
        self,
        world: World,
        courier: Courier,
        *,
        now: Callable[[], float],
        mint_id: Callable[[], str],
    ) -> None:
        self._world = world
        self._courier = courier
        self._now = now
        self._mint_id = mint_id

    async def write(self, number: str, text: str, *, to: str | None = None) -> tuple[str, int]:
        """Type a message; opens the 24-hour window. Gives the message's id and the status."""
        phone, business = self._world.phone(number), self._world.number(to)
        return await self._say(phone, business, text, webhooks.text(text))

    async def send_file(
        self, number: str, file: StoredFile, kind: str, caption: str = ""
    ) -> tuple[str, int]:
        """Send a file; opens the 24-hour window. Gives the message's id and the status."""
        phone, business = self._world.phone(number), self._world.number(file.phone_number_id)
        content = {"id": file.file_id, "mime_type": file.mime_type, "sha256": file.sha256}
        if caption:
            content["caption"] = caption
        return await self._say(phone, business, caption, webhooks.picture(kind, content))

    async def tap(self, number: str, message_id: str, button: int | str) -> tuple[str, int]:
        """Tap a button of a message in the inbox, by its place or its title."""
        phone = self._world.phone(number)
        letter = phone.letter(message_id)
        business = self._world.number(letter.phone_number_id)
        tapped = _button(letter, button)
        content = webhooks.tap(business, letter, tapped)
        return await self._say(phone, business, tapped.title, content)

    async def read(self, number: str, *, to: str | None = None) -> int:
        """Read everything unread from a business: it gets its read receipts."""
        phone, business = self._world.phone(number), self._world.number(to)
        return await self._read(phone, business)

    async def stop(self, number: str, *, to: str | None = None) -> int:
        """Stop marketing messages with WhatsApp's own switch."""
        phone, business = self._world.phone(number), self._world.number(to)
        phone.stopped.add(business.phone_number_id)
        value = webhooks.preference(business, phone, "stop", int(self._now()))
        return await self._prefer(phone, business, "stop", value)

    async def resume(self, number: str, *, to: str | None = None) -> int:
        """Allow marketing messages again with WhatsApp's own switch."""
        phone, business = self._world.phone(number), self._world.number(to)
        phone.stopped.discard(business.phone_number_id)
        value = webhooks.preference(business, phone, "resume", int(self._now()))
        return await self._prefer(phone, business, "resume", value)

    async def sign_up(
        self, number: str, *, to: str | None = None, signup_id: str = FIRST_SIGNUP
    ) -> int:
        """Sign up for marketing messages by a link of Meta's, on Meta's own page."""
        phone, business = self._world.phone(number), self._world.number(to)
        phone.stopped.discard(business.phone_number_id)
        value = webhooks.signup(business, phone, signup_id, int(self._now()))
        return await self._prefer(phone, business, "signup", value)

    def block(self, number: str, *, to: str | None = None) -> None:
        """Block a business; nobody tells it."""
        phone, business = self._world.phone(number), self._world.number(to)
        phone.blocked.add(business.phone_number_id)
        self._note(phone, business, self._now(), act="block")

    def unblock(self, number: str, *, to: str | None = None) -> None:
        """Let a business write again."""
        phone, business = self._world.phone(number), self._world.number(to)
        phone.blocked.discard(business.phone_number_id)
        self._note(phone, business, self._now(), act="unblock")

    def trouble(self, number: str, **switches: bool | int | None) -> Troubles:
        """Let things go wrong, or right again; a switch that is None stays as it is."""
        phone = self._world.phone(number)
        changed = {name: value for name, value in switches.items() if value is not None}
        if not 0 <= int(changed.get("fail_with", 0)) <= ERROR_CODE_MAX:
            raise InvalidInput("fail_with", "must be an error code of Meta's, or 0 for none")
        for name, value in changed.items():
            setattr(phone.troubles, name, value)
        return phone.troubles

    async def change_number(self, number: str, new: str) -> int:
        """Move to a new number; every business that knew the old one is told."""
        phone = self._world.phone(number)
        known = {*phone.wrote_at, *(letter.phone_number_id for letter in phone.inbox)}
        old = phone.wa_id
        self._world.move(phone, new)
        status = 0
        for phone_number_id in sorted(known) or [self._world.number().phone_number_id]:
            business = self._world.number(phone_number_id)
            ids = (self._mint_id(), int(self._now()))
            value = webhooks.number_changed(business, old, phone, ids)
            status = await self._tell(phone, business, "messages", value)
        return status

    async def _say(
        self, phone: Phone, business: BusinessNumber, text: str, content: webhooks.Value
    ) -> tuple[str, int]:
        await self._read(phone, business)
        at = phone.wrote_at[business.phone_number_id] = self._now()
        message_id = self._mint_id()
        value = webhooks.message(business, phone, message_id, int(at), content)
        status = await self._tell(phone, business, "messages", value)
        self._note(phone, business, at, text=text, status=status)
        return message_id, status

    async def _read(self, phone: Phone, business: BusinessNumber) -> int:
        status = 0
        unread = [i for i, sender in phone.unread.items() if sender == business.phone_number_id]
        for message_id in unread:
            del phone.unread[message_id]
            report = webhooks.Report(message_id, "read")
            value = webhooks.status(business, phone, report, int(self._now()))
            status = await self._tell(phone, business, "messages", value)
        return status

    async def _prefer(
        self, phone: Phone, business: BusinessNumber, act: str, value: webhooks.Value
    ) -> int:
        at = self._now()
        status = await self._tell(phone, business, "user_preferences", value)
        self._note(phone, business, at, act=act, status=status)
        return status

    def _note(
        self,
        phone: Phone,
        business: BusinessNumber,
        at: float,
        *,
        text: str = "",
        act: str = "",
        status: int = 0,
    ) -> None:
        """Keep what the person did: a phone shows both sides of a chat."""
        number_id = business.phone_number_id
        phone.said.append(Said(phone_number_id=number_id, at=at, text=text, act=act, status=status))

    async def _tell(
        self, phone: Phone, business: BusinessNumber, field: str, value: webhooks.Value
    ) -> int:
        if phone.wa_id in self._world.belongings.shut_out.get(business.phone_number_id, {}):
            return 0  # whom a business blocks, it does not hear
        body = webhooks.body_of(business.waba_id, field, value)
        return await self._courier.bring(phone.wa_id, body)


def _button(letter: Letter, button: int | str) -> Button:
    if isinstance(button, int):
        if not 0 <= button < len(letter.buttons):
            raise UnknownReference("button", f"the message has {len(letter.buttons)} buttons")
        return letter.buttons[button]
    for candidate in letter.buttons:
        if candidate.title == button:
            return candidate
    titles = ", ".join(candidate.title for candidate in letter.buttons) or "none"
    raise InvalidInput("button", f"must be one of the message's buttons: {titles}")
