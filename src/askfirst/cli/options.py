"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database-url",
        help="sqlite:///path or postgresql://…; otherwise ASKFIRST_DATABASE_URL, "
        "otherwise var/askfirst.db.",
        show_default=False,
    ),
]
Business = Annotated[
    str,
    typer.Option(
        "--business", help="The business's short name; may be left out where there is only one."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON, for machines.")]
