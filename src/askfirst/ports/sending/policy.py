"""The policy that decisions follow."""

from __future__ import annotations

from typing import Protocol

from askfirst.decision.policy import Policy


class HasPolicy(Protocol):
    """Whatever brings the policy along."""

    @property
    def policy(self) -> Policy:
        """The policy."""
        ...
