"""What the policy says of asking: topics, choices and channels, and nothing of how it decides."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.consent.frequency import Frequency


class AskingPolicy(Protocol):
    """The part of the policy that is looked at where people are asked, and where they answer."""

    @property
    def topics(self) -> frozenset[str]:
        """The topics that the business asks about, such as `marketing.offers`."""
        ...

    @property
    def frequencies(self) -> tuple[Frequency, ...]:
        """How often at most: what people may choose from."""
        ...

    @property
    def inbound_first(self) -> frozenset[str]:
        """The countries in which the number proves itself by a message, before any code."""
        ...


class HasAskingPolicy(Protocol):
    """Whatever brings along what the policy says of asking."""

    @property
    def policy(self) -> AskingPolicy:
        """What the policy says of asking."""
        ...


class NamedPolicy(Protocol):
    """The name of a policy, by its content."""

    @property
    def fingerprint(self) -> str:
        """`pol_` and 16 hexadecimal digits."""
        ...


class HasPolicyName(Protocol):
    """Whatever brings along which policy is followed."""

    @property
    def policy(self) -> NamedPolicy:
        """The policy that is followed now."""
        ...
