"""gettext catalogues that a package brings: `locale/{locale}/LC_MESSAGES/{name}.po`."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from io import BytesIO

from babel.messages.pofile import read_po


def locales_of(package: str) -> list[str]:
    """List the languages of a package's catalogues, sorted."""
    folder = files(package).joinpath("locale")
    return sorted(entry.name for entry in folder.iterdir() if entry.is_dir())


def read_catalogue(package: str, locale: str, name: str) -> Mapping[str, str]:
    """Read one catalogue: texts by their contexts. What is unsure or missing is not in it."""
    folder = files(package).joinpath("locale")
    content = folder.joinpath(locale, "LC_MESSAGES", f"{name}.po").read_bytes()
    messages = read_po(BytesIO(content), locale=locale, abort_invalid=True)
    return {
        message.context: str(message.string)
        for message in messages
        if message.context and message.string and not message.fuzzy
    }
