"""The way out by SMS: a provider's adapter, wherever it is."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.values.phone import PhoneNumber


class SmsNotSent(Exception):
    """The provider did not take the message; it may be tried another way."""


class SmsUnanswered(Exception):
    """The message left, and nobody knows whether the provider took it."""


class Sms(Protocol):
    """Sends texts. `is_configured` says whether there is anybody to give them to."""

    @property
    def is_configured(self) -> bool:
        """Whether this askfirst can send SMS at all."""
        ...

    async def send(self, to: PhoneNumber, text: str, message_id: str) -> None:
        """Hand a text over. One id is one message.

        Raises:
            SmsNotSent: it was not taken.
            SmsUnanswered: it left, and nobody knows whether it was taken.
        """
        ...

    async def close(self) -> None:
        """Close connections."""
        ...


class HasSms(Protocol):
    """Whatever brings the way out by SMS along."""

    @property
    def sms(self) -> Sms:
        """The way out by SMS."""
        ...
