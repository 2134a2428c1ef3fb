"""Settings of destinations: where scheduled exports may be written to, and by which names."""

from __future__ import annotations

import re
from typing import Final, NamedTuple, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from askfirst.delivery.single_sign_on import is_safe_address
from askfirst.domain.bulk.export_schedule import DESTINATION_EXPECTED, is_destination

_BUCKET: Final = re.compile(
    r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>[\w./-]*))?", re.ASCII
)
_EXPECTED: Final = "must be names with places: warehouse=/srv/exports,lake=s3://bucket/prefix"
_STEPS: Final = frozenset({"", ".", ".."})


class Bucket(NamedTuple):
    """A bucket of an S3-compatible store, and what names of files in it begin with."""

    bucket: str
    prefix: str


class ExportSettings(BaseSettings):
    """Where scheduled exports may go."""

    export_destinations: str = Field(
        default="",
        description="Where scheduled exports may be written to, by names, comma separated: "
        "warehouse=/srv/exports,lake=s3://bucket/prefix. A folder is an absolute path that is "
        "there. All businesses may use them. Without any, no export can be scheduled.",
    )
    export_s3_endpoint: str | None = Field(
        default=None,
        description="The address of the S3-compatible store, where it is not Amazon's; https, or "
        "on this machine.",
    )
    export_s3_region: str = Field(default="us-east-1", description="The region of the buckets.")
    export_s3_key_id: str = Field(
        default="", description="The id of the access key to the buckets; it needs to put objects."
    )
    export_s3_secret: SecretStr | None = Field(
        default=None, description="The secret of that access key."
    )

    @field_validator("export_destinations")
    @classmethod
    def _named_places(cls, value: str) -> str:
        places_in(value)
        return value

    @field_validator("export_s3_endpoint")
    @classmethod
    def _endpoint(cls, value: str | None) -> str | None:
        if value is not None and not (is_safe_address(value) and not {"?", "#"} & set(value)):
            raise ValueError("must be an address such as https://s3.example.com")
        return value

    @model_validator(mode="after")
    def _buckets_whole(self) -> Self:
        has_buckets = any(isinstance(one, Bucket) for one in self.export_places.values())
        if has_buckets and not (self.export_s3_key_id and self.export_s3_secret):
            raise ValueError("ASKFIRST_EXPORT_S3_KEY_ID and ASKFIRST_EXPORT_S3_SECRET are missing")
        return self

    @property
    def export_places(self) -> dict[str, str | Bucket]:
        """Each destination by its name: the path of a folder, or a bucket."""
        return places_in(self.export_destinations)


def places_in(text: str) -> dict[str, str | Bucket]:
    """Read names with places.

    Raises:
        ValueError: something in it is no name, no place, or there twice.
    """
    found: dict[str, str | Bucket] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, place = part.partition("=")
        if not is_destination(name):
            raise ValueError(f"a name {DESTINATION_EXPECTED}")
        if name in found:
            raise ValueError(f"{name} is named twice")
        found[name] = _place_of(place)
    return found


def _place_of(text: str) -> str | Bucket:
    if text.startswith("/"):
        if _STEPS & set(text.removesuffix("/")[1:].split("/")):
            raise ValueError("a folder must be an absolute path without . and ..")
        return text
    match = _BUCKET.fullmatch(text)
    if match is None:
        raise ValueError(_EXPECTED)
    prefix = (match["prefix"] or "").strip("/")
    if prefix and _STEPS & set(prefix.split("/")):
        raise ValueError("a prefix must have no . and .. in it")
    return Bucket(match["bucket"], prefix)
