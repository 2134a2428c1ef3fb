"""What is known about the world's phone numbers."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from askfirst.decision.countries.place import Place


class NumberHome(NamedTuple):
    """Where a number belongs: its `country` and, in that, its `place`."""

    country: str
    place: Place


class Numbering(Protocol):
    """The numbering plans."""

    def home(self, digits: str) -> NumberHome | None:
        """Return where a number belongs that is its own canonical form, as most are; fast.

        That is what `canonical`, `country` and `place` say of it. None: ask them. `digits` have the
        shape of E.164: 7 to 15 of them, no zero first.
        """
        ...

    def canonical(self, digits: str) -> str:
        """Return the digits of E.164 for digits that begin with a country code; "" for no number.

        What is dialled within a country only is left out: the zero behind the country code, also
        the 8 of Russia, the 06 of Hungary, the 15 of Argentina, a carrier's code. A zero that is
        part of the number stays (Italy, Ivory Coast, Gabon). Where no plan has a number of that
        length, or it cannot be told whether a zero belongs to it, it is no number: nothing is
        guessed. The answer is its own canonical form.
        """
        ...

    def has_trunk_prefix(self, digits: str) -> bool:
        """Whether a trunk prefix stands behind the country code of digits without a canonical form.

        That is a zero, or what else is dialled within the country only: Meta names nobody so.
        """
        ...

    def in_country(self, digits: str, country: str) -> str:
        """Return the digits of E.164 for digits as they are dialled in a country; "" for none.

        `country` is an ISO 3166 code. What only a call needs is left out: the zero of France, the
        8 of Russia, the 1 of the United States, the code with which a call leaves the country.
        It has to be one that the plan really has, not only of a length that it may have; where it
        has both, with and without the country code in front, nothing is guessed.
        """
        ...

    def calling_code(self, country: str) -> str:
        """Return the digits behind the plus, such as 33; empty where the country has no numbers."""
        ...

    def example(self, country: str) -> str:
        """Return a mobile number as people of the country write it, such as 06 12 34 56 78.

        Empty where the country has no numbers. It may be somebody's: show it, never call it.
        Source: libphonenumber, `getExampleNumberForType`.
        """
        ...

    def country(self, digits: str) -> str:
        """Return the ISO 3166 code of the number's country; empty where no country has it.

        A number of a shared plan that no region claims (a test number, a new range) counts as
        one of the plan's main country: +1 555 is US, so what is withheld there stays withheld.

        Shared plans are told apart: +1 212 is US, +1 416 is CA.
        """
        ...

    def place(self, digits: str, country: str) -> Place:
        """Return where in a country a number may be: its state, its time zones.

        `digits` may be empty, where only the country is known: the zones are all of its own then,
        and the state may be any. No zone at all means that nothing is known of the country.
        """
        ...


class HasNumbering(Protocol):
    """Whatever brings the reader of phone numbers along."""

    @property
    def numbering(self) -> Numbering:
        """The reader of phone numbers."""
        ...
