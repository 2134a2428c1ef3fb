"""What Meta says about accounts and numbers to whoever holds a token: the proof of a claim."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.tenants.sender_health import NumberReading
from askfirst.domain.values.ids import PhoneNumberId, WabaId


class TokenRefused(Exception):
    """Meta does not let this token read what was asked for. `status` is that of its answer."""

    def __init__(self, status: int) -> None:
        super().__init__(f"Meta answered {status}")
        self.status = status


class Accounts(Protocol):
    """The Graph API, asked with somebody's token. Nothing is remembered."""

    async def has_number(self, waba_id: WabaId, phone_number_id: PhoneNumberId, token: str) -> bool:
        """Return whether the account is the token's to read, and the number one of the account's.

        Raises:
            TokenRefused: the token may not read the account.
            Unavailable: Meta did not answer, so nothing is proven.
        """
        ...

    async def can_read(self, node: str, token: str) -> bool:
        """Return whether Meta shows a node of the Graph (number, account, media) to this token.

        Raises:
            Unavailable: Meta did not answer, so nothing is proven.
        """
        ...

    async def read_number(self, phone_number_id: PhoneNumberId, token: str) -> NumberReading:
        """Read how Meta rates a number, and the limit of its portfolio.

        Raises:
            TokenRefused: the token may not read the number.
            Unavailable: Meta did not answer.
        """
        ...

    async def has_template(self, waba_id: WabaId, template_id: str, token: str) -> bool:
        """Return whether a node is a template that the account lists.

        Raises:
            Unavailable: Meta did not answer, so nothing is proven.
        """
        ...

    async def has_flow(self, waba_id: WabaId, flow_id: str, token: str) -> bool:
        """Return whether a node is a flow of the account.

        Raises:
            Unavailable: Meta did not answer, so nothing is proven.
        """
        ...


class HasAccounts(Protocol):
    """Whatever brings accounts at Graph along."""

    @property
    def accounts(self) -> Accounts:
        """Accounts at Graph."""
        ...
