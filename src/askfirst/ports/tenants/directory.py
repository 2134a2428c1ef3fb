"""Who may call, who sends, and what Meta says about templates."""

from __future__ import annotations

from typing import Final, Literal, Protocol

from askfirst.domain.tenants.api_key import Business, Key
from askfirst.domain.tenants.sender import Sender, Template
from askfirst.domain.tenants.sender_health import SenderHealth
from askfirst.domain.values.ids import NOBODY, BusinessId, KeyId, PhoneNumberId, WabaId
from askfirst.domain.values.timestamp import Instant

UNROUTED = NOBODY
"""Keeps the deliveries of which nobody registered the sender or its WABA."""


CLAIMED: Final = "this phone number or its WABA belongs to another business here"
"""What a Conflict says; it must not tell whose it is."""


class Directory(Protocol):
    """Businesses, keys, senders and templates. Writes are durable when they return."""

    async def put_business(self, business: Business, now: Instant) -> None:
        """Make a business, or rename it."""
        ...

    async def business(self, business_id: BusinessId) -> Business | None:
        """Find a business, under the name it had within the last second."""
        ...

    async def businesses(self) -> tuple[BusinessId, ...]:
        """List all businesses, for the scheduled work of the process."""
        ...

    async def add_key(self, key: Key, secret_digest: bytes) -> None:
        """Keep a key under the SHA-256 of its secret."""
        ...

    async def key(self, secret_digest: bytes) -> Key | None:
        """Find a live key by the digest of its secret; a revoked one is not found.

        A revocation counts at once in the process that took it and within one second in others.
        """
        ...

    async def keys(self, business_id: BusinessId) -> tuple[Key, ...]:
        """List a business's keys, revoked ones included."""
        ...

    async def revoke_key(self, business_id: BusinessId, key_id: KeyId, now: Instant) -> bool:
        """End a key; False where there is no such key."""
        ...

    async def claim_waba(self, business_id: BusinessId, waba_id: WabaId, now: Instant) -> None:
        """Make a WABA the business's; Conflict where it is another's. Of several, one gets it.

        With it the task is enqueued that acts on what waited for it (`ports.inbound.dead_letters`).
        """
        ...

    async def put_sender(self, sender: Sender, token: str | None, now: Instant) -> None:
        """Register or change a sender; `token` (Meta's, kept encrypted) None leaves it as it is.

        Its WABA becomes the business's, too, and the tasks are enqueued that act on what waited for
        either, and that reads how Meta rates it. A phone number id or WABA that belongs to another
        business raises Conflict: then nothing was written.
        """
        ...

    async def senders(self, business_id: BusinessId) -> tuple[Sender, ...]:
        """List a business's senders."""
        ...

    async def put_health(self, health: SenderHealth) -> None:
        """Keep what Meta said of a sender; what was seen before is not older afterwards."""
        ...

    async def health(self, business_id: BusinessId) -> tuple[SenderHealth, ...]:
        """List what Meta last said of the senders of a business."""
        ...

    async def token(self, business_id: BusinessId, sender: PhoneNumberId) -> str | None:
        """Lend Meta's access token of a sender."""
        ...

    async def owner(
        self, phone_number_id: PhoneNumberId | None, waba_id: WabaId | None
    ) -> BusinessId | None:
        """Return whose a webhook's phone number is, or else its WABA; None where nobody did."""
        ...

    async def media_sender(
        self, business_id: BusinessId, media_id: str
    ) -> PhoneNumberId | Literal[""] | None:
        """Return whom Meta named a file to; empty: only the account is known. None: nobody here.

        Files are forgotten with the bodies of webhooks.
        """
        ...

    async def put_templates(self, templates: tuple[Template, ...]) -> None:
        """Take what Meta's list says: each named template replaces what was known of it.

        What it was before, and when it changed, stays. Words that are not told stay, too.
        """
        ...

    async def templates(
        self, business_id: BusinessId, after: str, limit: int
    ) -> tuple[Template, ...]:
        """List a business's templates by `name/language/waba_id`, from after that text."""
        ...

    async def templates_of_name(self, business_id: BusinessId, name: str) -> tuple[Template, ...]:
        """Return a template in all its languages, of each account that has it."""
        ...

    async def accept_template(self, business_id: BusinessId, name: str, language: str) -> bool:
        """Accept that a template is marketing now, in one language or (empty) in all.

        Counts for the change that is known, and for none after it. False: none is marketing.
        """
        ...


class HasDirectory(Protocol):
    """Whatever brings businesses, keys, senders and templates along."""

    @property
    def directory(self) -> Directory:
        """Businesses, keys, senders and templates."""
        ...
