"""Hatchling's hook: the wheel brings the words of a stop along in their compiled form.

An installation is often read-only, and would compile them at each start. A checkout (an editable
installation) makes its own when it is first needed.
"""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE = Path(__file__).resolve().parents[1] / "src"


class CompiledLexicon(BuildHookInterface[Any]):
    """Adds the compiled form of the words to a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the words and tell Hatchling where they go."""
        if version == "editable":
            return
        sys.path.insert(0, str(SOURCE))
        from askfirst.adapters.compiled_lexicon import PLACE, key_of, write_compiled
        from askfirst.adapters.lexicon_files import FOLDER, read_built_in
        from askfirst.domain.opt_out.compiled_words import compile_words

        made = Path(self.directory) / PLACE.name
        write_compiled(made, key_of(FOLDER), compile_words(read_built_in()))
        build_data["force_include"][str(made)] = f"askfirst/adapters/{FOLDER.name}/{PLACE}"
