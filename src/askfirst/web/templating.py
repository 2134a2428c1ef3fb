"""Opens the templates of a face."""

from __future__ import annotations

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined


def open_templates(*packages: str) -> Environment:
    """Open the templates of packages. A value that is missing is an error, not an empty place."""
    return Environment(
        autoescape=True,
        auto_reload=False,  # they are part of the program: to look for others costs two calls each
        loader=ChoiceLoader([PackageLoader(package, "templates") for package in packages]),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
