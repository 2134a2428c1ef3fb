"""A file that Meta keeps and has named to a business: who may fetch or delete it here."""

from __future__ import annotations

import re

from askfirst.domain.value import Value
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import PhoneNumberId, WabaId

_SHAPE = re.compile(r"[0-9]{1,32}", re.ASCII)


class NamedMedia(Value, frozen=True, kw_only=True):
    """A media id as a webhook told it: `phone_number_id`, or else `waba_id`, says whose it is."""

    media_id: str
    phone_number_id: PhoneNumberId | None
    waba_id: WabaId | None = None

    def __post_init__(self) -> None:
        if not is_media_id(self.media_id):
            raise InvalidInput("media_id", "must be up to 32 digits")

    @property
    def sender(self) -> tuple[PhoneNumberId | None, WabaId | None]:
        """Whose number and account it was named to."""
        return self.phone_number_id, self.waba_id


def is_media_id(text: str) -> bool:
    """Return whether a text can be the id of a node of Meta's."""
    return _SHAPE.fullmatch(text) is not None
