"""How each command ends: with its figures, and one line of JSON."""

from __future__ import annotations

import json
from typing import Any

import typer

from askfirst.cli.output import Exit, fail


def tell_result(result: dict[str, Any], quiet: bool) -> None:
    """Print what matters to people, then the line for machines; bad answers are a failure."""
    if not quiet:
        for name, value in result.items():
            shown = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
            typer.echo(f"  {name.replace('_', ' '):<30} {shown}")
    typer.echo(json.dumps(result, ensure_ascii=False))
    if not result["verified"] or result.get("errors"):
        fail("not every request was answered well and acted on", Exit.NO)
