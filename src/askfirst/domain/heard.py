"""What one delivery of Meta's tells."""

from __future__ import annotations

from typing import NamedTuple

from askfirst.domain.named_media import NamedMedia
from askfirst.domain.notice import Notice


class Heard(NamedTuple):
    """Notices, in Meta's order, and the files that the delivery names."""

    notices: tuple[Notice, ...]
    media: tuple[NamedMedia, ...] = ()
