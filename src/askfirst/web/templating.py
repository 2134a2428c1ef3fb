"""Opens the templates of a face."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined


def open_templates(package: str) -> Environment:
    """Open a package's templates. A value that is missing is an error, not an empty place."""
    return Environment(
        autoescape=True,
        loader=PackageLoader(package, "templates"),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
