"""What stands behind the `?` of a call: read into one model, as the framework's routes read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_origin
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError

from askfirst.web.api.platform.refusals import field_errors
from askfirst.web.problems import InvalidFields


def query_reader_of(model: type[BaseModel]) -> Callable[[bytes], BaseModel]:
    """Return what reads a query into a model.

    Of a parameter that is given again, a list takes every value, and all else the last one.
    """
    lists = {name for name, one in model.model_fields.items() if get_origin(one.annotation) is list}

    def read(query: bytes) -> BaseModel:
        values: dict[str, Any] = {}
        for name, text in parse_qsl(query.decode("latin-1"), keep_blank_values=True):
            if name in lists:
                values.setdefault(name, []).append(text)
            else:
                values[name] = text
        try:
            return model.model_validate(values)
        except ValidationError as error:
            found = [{**one, "loc": ("query", *one["loc"])} for one in error.errors()]
            raise InvalidFields(field_errors(found)) from error

    return read
