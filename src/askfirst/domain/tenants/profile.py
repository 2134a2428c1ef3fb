"""What a business tells people about itself, and which sites may show its questions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from askfirst.domain.opt_out.flow_stop import FLOW_STOPS_MAX, FlowStop
from askfirst.domain.values.country import check_country_code, parse_country_code
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.locales import parse_locale

_ORIGIN: Final = re.compile(r"https?://[a-z0-9.\-]{1,253}(:[0-9]{1,5})?", re.ASCII)
_URL: Final = re.compile(r"https?://[^\s<>\"]{3,1000}")
_CONTACT_MAX: Final = 256
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}", re.ASCII)
ORIGINS_MAX: Final = 32
EUROPE: Final = "EU"
"""In place of a country: the European Economic Area, for its law. Numbers have none of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The business as its customers meet it. What is empty is not said.

    `origins` are the sites whose pages may fetch its questions and post answers with a token.
    `contact` is how people reach it, `privacy_url` its notice (GDPR, Article 13). `country` is
    where it is at home: its law binds the wording, and numbers without a country code are dialled
    there. `locale` is spoken where the reader's is not known. `flow_stops` are the answers in its
    WhatsApp Flows that end consent. `colour` and `logo` are how its pages look; `logo` names the
    picture, which is kept beside the profile.
    """

    origins: tuple[str, ...] = ()
    contact: str = ""
    privacy_url: str = ""
    country: str = ""
    locale: str = "en"
    colour: str = ""
    logo: str = ""
    flow_stops: tuple[FlowStop, ...] = ()

    def __post_init__(self) -> None:
        if len(self.origins) > ORIGINS_MAX:
            raise InvalidInput("origins", f"must be {ORIGINS_MAX} at most")
        for index, origin in enumerate(self.origins):
            if not _ORIGIN.fullmatch(origin):
                raise InvalidInput(
                    f"origins[{index}]", "must be an origin such as https://shop.example, no path"
                )
        if len(self.contact) > _CONTACT_MAX or not self.contact.isprintable():
            raise InvalidInput("contact", f"must be {_CONTACT_MAX} printable characters at most")
        if self.privacy_url and not _URL.fullmatch(self.privacy_url):
            raise InvalidInput(
                "privacy_url", "must be an address such as https://shop.example/privacy"
            )
        if self.country not in ("", EUROPE):
            check_country_code(self.country, "country")
        if self.colour and not _COLOUR.fullmatch(self.colour):
            right = "must be a colour such as #0b6b57: a # and six digits of 0-9, a-f"
            raise InvalidInput("colour", right)
        if len(self.flow_stops) > FLOW_STOPS_MAX:
            raise InvalidInput("flow_stops", f"must be {FLOW_STOPS_MAX} at most")
        if parse_locale(self.locale, "locale") != self.locale:
            raise InvalidInput("locale", "must be a locale such as fr or pt_BR")


def parse_home(text: str) -> str:
    """Read the country of a business, as an operator typed it; empty takes it away."""
    is_kept = text.upper() in ("", EUROPE)
    return text.upper() if is_kept else parse_country_code(text, "country")


NO_PROFILE: Final = Profile()
