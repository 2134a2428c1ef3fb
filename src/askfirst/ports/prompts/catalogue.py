"""The built-in wording, in each language."""

from __future__ import annotations

from typing import Protocol

from askfirst.domain.prompts.catalogue import Catalogue


class HasCatalogue(Protocol):
    """Whatever brings the built-in wording along."""

    @property
    def catalogue(self) -> Catalogue:
        """The built-in wording."""
        ...
