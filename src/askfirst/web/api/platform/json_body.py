"""The body of a call to the API: JSON, no larger than it has to be, read into one model."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.message import Message
from operator import attrgetter
from typing import Any, Final

import msgspec
from msgspec import UNSET
from msgspec.inspect import BoolType, Field, Metadata, StrType, type_info
from msgspec.structs import fields
from pydantic import BaseModel, ValidationError

from askfirst.web.api.platform.refusals import field_errors
from askfirst.web.asgi import Receive, Scope, header, read_body
from askfirst.web.problems import FieldError, InvalidFields, UnsupportedMediaType, safe_path
from askfirst.web.strict_json import parse

BODY_BYTES_MAX: Final = 64 * 1024
"""No answer of a person, and no question of ours, is longer."""

_QUOTES: Final[dict[type, int]] = {StrType: 4, BoolType: 2}
_UNKNOWN: Final = re.compile(r"unknown field `(?P<key>[^`]*)`")
_PLACE: Final = re.compile(r"at `\$\.(?P<key>[^`]*)`")
_MISSING: Final = re.compile(r"required field `(?P<key>[^`]*)`")


async def read_json_body(scope: Scope, receive: Receive) -> bytes:
    """Read the body, announced as what it must be; nothing where there is none."""
    raw = await read_body(scope, receive, BODY_BYTES_MAX)
    if raw:
        check_content_type(header(scope, b"content-type"))
    return raw


def check_content_type(value: str | None) -> None:
    """Take JSON in UTF-8 and nothing else: another type means that somebody else is meant."""
    if value == "application/json":
        return
    message = Message()
    message["content-type"] = value or ""
    charset = message.get_param("charset", "utf-8")
    if message.get_content_type() != "application/json" or str(charset).lower() != "utf-8":
        raise UnsupportedMediaType("must be sent as Content-Type: application/json")


def reader_of(model: type) -> Callable[[bytes], Any]:
    """Return what reads a body into a model, as strictly as the framework's routes do.

    Raises:
        TypeError: the model is neither pydantic's nor a flat struct of texts and flags.
    """
    if issubclass(model, BaseModel):
        return _reader_of_model(model)
    if issubclass(model, msgspec.Struct):
        return _reader_of_struct(model)
    message = f"{model.__name__} is neither a model nor a struct"
    raise TypeError(message)


def _reader_of_model(model: type[BaseModel]) -> Callable[[bytes], BaseModel]:
    def read(raw: bytes) -> BaseModel:
        tree = parse(raw)
        try:
            return model.model_validate(tree)
        except ValidationError as error:
            found = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
            raise InvalidFields(field_errors(found)) from error

    return read


def _reader_of_struct(model: type[msgspec.Struct]) -> Callable[[bytes], msgspec.Struct]:
    """Decode fast where that is safe, strictly where it is not.

    msgspec lets the second of two equal keys win and takes an escaped NUL. A body without
    a backslash holds neither, if its quotes are as many as the members that were understood have:
    four each for a text, two for a true or false. A member that came twice has more of them.
    """
    names = [one.name for one in fields(model)]
    quotes = [_quotes_of(one) for one in type_info(model).fields]  # type: ignore[attr-defined]
    if len(names) <= 1 or not all(quotes):
        message = f"{model.__name__} must have members that are texts, and several of them"
        raise TypeError(message)
    flags = [place for place, count in enumerate(quotes) if count == _QUOTES[BoolType]]
    decode, values = msgspec.json.Decoder(model).decode, attrgetter(*names)

    def read(raw: bytes) -> msgspec.Struct:
        try:
            request = decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return _read_strictly(raw, model)
        members = values(request)
        quotes = _QUOTES[StrType] * (len(members) - members.count(UNSET))
        for place in flags:
            if members[place] is not UNSET:
                quotes -= _QUOTES[StrType] - _QUOTES[BoolType]
        if b"\\" in raw or raw.count(b'"') != quotes:
            return _read_strictly(raw, model)
        return request

    return read


def _quotes_of(member: Field) -> int:
    """Return how many quotes a member has in JSON, its name's included; 0 where that varies."""
    kind = member.type
    if isinstance(kind, Metadata):
        kind = kind.type
    return _QUOTES.get(type(kind), 0)


def _read_strictly(raw: bytes, model: type[msgspec.Struct]) -> msgspec.Struct:
    tree = parse(raw)
    try:
        return msgspec.convert(tree, model)
    except msgspec.ValidationError as error:
        raise InvalidFields((_field_error(str(error)),)) from error


def _field_error(words: str) -> FieldError:
    """Say it in our words: msgspec's may hold what was sent."""
    if found := _UNKNOWN.search(words):
        return FieldError(safe_path("", found["key"]) or "body", "is not known here")
    if found := _MISSING.search(words):
        return FieldError(found["key"], "is required")
    if found := _PLACE.search(words):
        is_flag = words.startswith("Expected `bool`")
        return FieldError(found["key"], "must be true or false" if is_flag else "must be a text")
    return FieldError("body", "must be an object")
