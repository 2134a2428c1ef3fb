"""What is known about the world's phone numbers."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.phone import PhoneNumber


class Numbering(Protocol):
    """The numbering plans."""

    def parse(self, text: str, field: str) -> PhoneNumber:
        """Read a number that a person or business typed, with its country code and a plus.

        Spaces, dashes and brackets are allowed. A number that no plan knows, that is too short
        or has no plus raises InvalidInput naming `field`; nothing is guessed.
        """
        ...

    def country(self, digits: str) -> str:
        """Give the ISO 3166 code of the number's country; empty where no country has it.

        A number of a shared plan that no region claims (a test number, a new range) counts as
        one of the plan's main country: +1 555 is US, so what is withheld there stays withheld.

        Shared plans are told apart: +1 212 is US, +1 416 is CA.
        """
        ...
