"""libphonenumber's metadata of calling codes and regions, as expressions that can be compiled."""

from __future__ import annotations

import re

from phonenumbers import PhoneMetadata, PhoneNumberDesc


def metadata_of(code: int, region: str) -> PhoneMetadata:
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    if metadata is None:
        raise LookupError("the metadata lacks a region that it lists")
    return metadata


def general_of(metadata: PhoneMetadata) -> PhoneNumberDesc:
    description = metadata.general_desc
    if not isinstance(description, PhoneNumberDesc):
        raise TypeError("the metadata lacks a general description")
    return description


def expression_of(description: PhoneNumberDesc | None) -> str:
    """Write a description as an expression: its lengths, then its pattern, to the very end."""
    if description is None or not description.national_number_pattern:
        return ""
    lengths = [length for length in description.possible_length if length > 0]
    if description.possible_length and not lengths:
        return ""  # the metadata's way of saying that there are no such numbers
    sizes = "|".join(map(r"\d{{{}}}".format, lengths))
    ahead = rf"(?=(?:{sizes})\Z)" if lengths else ""
    return rf"(?:{ahead}(?:{description.national_number_pattern})\Z)"


def not_empty(prefix: str) -> str:
    """A prefix that matches nothing strips nothing, so it need not be asked about."""
    return rf"(?=(?:{prefix})(?<!^))" if re.compile(prefix).match("") else prefix
