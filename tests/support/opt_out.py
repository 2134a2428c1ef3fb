"""The classifier of opt-outs, with the words that come with askfirst."""

from __future__ import annotations

from typing import Final

from askfirst.adapters.lexicon_files import built_in_opt_out

OPT_OUT: Final = built_in_opt_out()
read_typed_stop = OPT_OUT.read_typed
read_tapped_stop = OPT_OUT.read_tapped
languages_of_stop = OPT_OUT.languages_of
