"""Everything a use case may need, in one frozen value that bootstrap builds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from askfirst.decision.policy import Policy
from askfirst.usecases.context.meta_ports import MetaPorts
from askfirst.usecases.context.process_ports import ProcessPorts
from askfirst.usecases.context.stored_ports import StoredPorts


@dataclass(frozen=True, kw_only=True)
class Services(StoredPorts, MetaPorts, ProcessPorts):
    """The world as the use cases see it."""

    @classmethod
    def of(cls, stored: StoredPorts, meta: MetaPorts, process: ProcessPorts) -> Self:
        """Join the groups; a port that is missing is an error of types where its group is made."""
        return cls(**vars(stored), **vars(meta), **vars(process))

    @property
    def policy(self) -> Policy:
        """The policy that is followed now: it may be another one the next time."""
        return self.policies.policy
