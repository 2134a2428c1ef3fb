"""Hatchling's hook: the wheel brings the words of a stop along in their compiled form.

An installation is often read-only, and would compile them at each start. A checkout (an editable
installation) makes its own when it is first needed.
"""

import sys
from importlib import import_module
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
        # What is built need not be installed.
        sys.path.insert(0, str(SOURCE))
        adapter = import_module("askfirst.adapters.lexicon_files")
        place = adapter.write_built_in(self._made)
        build_data["force_include"][str(self._made)] = place

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leave nothing beside the wheel."""
        del version, build_data, artifact_path
        self._made.unlink(missing_ok=True)

    @property
    def _made(self) -> Path:
        return Path(self.directory) / "words.json"
