"""Files and places that messages and templates have in common."""

from __future__ import annotations

from askfirst.graph.known.field import UNSET, Known, Scalar


class MediaContent(Known):
    """A file, by the id of an upload or by an address."""

    id: Scalar = UNSET
    link: Scalar = UNSET
    caption: Scalar = UNSET
    filename: Scalar = UNSET
    provider: Scalar = UNSET
    voice: Scalar = UNSET


class Location(Known):
    """A place on the map."""

    latitude: Scalar = UNSET
    longitude: Scalar = UNSET
    name: Scalar = UNSET
    address: Scalar = UNSET
    url: Scalar = UNSET
