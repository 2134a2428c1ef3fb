"""The classifier of opt-outs, with the words that come with askfirst."""

from __future__ import annotations

from typing import Final

from askfirst.adapters.lexicon_files import built_in_opt_out
from askfirst.domain.opt_out.reading import StopScope

OPT_OUT: Final = built_in_opt_out()
languages_of_stop = OPT_OUT.languages_of


def read_typed_stop(text: str) -> StopScope | None:
    """Return what a typed message stops, if anything."""
    return OPT_OUT.read_typed(text).scope


def read_tapped_stop(payload: str, label: str) -> StopScope | None:
    """Return what a tapped button stops, if anything."""
    return OPT_OUT.read_tapped(payload, label).scope
