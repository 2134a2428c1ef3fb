"""Opens the templates of a face."""

from __future__ import annotations

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape


def open_templates(*packages: str) -> Environment:
    """Open the templates of packages. A value that is missing is an error, not an empty place."""
    environment = Environment(
        autoescape=True,
        auto_reload=False,  # they are part of the program: to look for others costs two calls each
        loader=ChoiceLoader([PackageLoader(package, "templates") for package in packages]),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["codes"] = codes
    return environment


def codes(text: str) -> Markup:
    """Set what stands between backticks as code."""
    parts = (
        Markup('<code dir="ltr">{}</code>').format(part) if number % 2 else escape(part)
        for number, part in enumerate(text.split("`"))
    )
    return Markup().join(parts)
