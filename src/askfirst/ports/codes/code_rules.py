"""What holds for one-time codes."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.codes.code_limits import CodeRules


class HasCodeRules(Protocol):
    """Whatever brings what holds for codes along."""

    @property
    def code_rules(self) -> CodeRules:
        """What holds for codes."""
        ...
