"""The door for codes: the same calls and models as in `codes`, without the framework around them.

A log-in costs a request and a check, and FastAPI takes more time over each than all else together.
What does not go through here goes on to the app behind it.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from askfirst.domain.codes.code import Errand
from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.ids import BusinessId
from askfirst.usecases.context.services import Services
from askfirst.usecases.tenants.authenticate import authenticate
from askfirst.web.api.codes.models import CodeCheckRequest, CodeRequest
from askfirst.web.api.codes.routes import (
    run_errand,
    take_code,
    take_code_check,
    take_code_resend,
)
from askfirst.web.api.platform.idempotency import REPLAYED
from askfirst.web.api.platform.json_body import read_json_body
from askfirst.web.api.platform.refusals import field_errors
from askfirst.web.asgi import App, Headers, Receive, Scope, Send, bearer, respond
from askfirst.web.metrics import Metrics
from askfirst.web.problem_answers import send_problem
from askfirst.web.problems import InvalidFields
from askfirst.web.strict_json import parse

PATH: Final = "/v1/codes"
_ACT: Final = re.compile(r"/v1/codes/([^/]+)/(check|resend)")
_JSON: Final = b"application/json"
_NO_STORE: Final[Headers] = [(b"cache-control", b"no-store")]
_KEY: Final = b"idempotency-key"
_DOOR: Final = "api"
Model = TypeVar("Model", bound=BaseModel)
Reply = tuple[int, bytes, Headers, Errand | None]
Act = Callable[[BusinessId, Scope, Receive], Awaitable[Reply]]


class CodesDoor:
    """ASGI application for `POST /v1/codes`, `…/check` and `…/resend`."""

    def __init__(self, services: Services, metrics: Metrics, otherwise: App) -> None:
        self._services, self._metrics, self._otherwise = services, metrics, otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        act = self._act(scope)
        if act is None:
            await self._otherwise(scope, receive, send)
            return
        try:
            key = await authenticate(self._services, bearer(scope), ApiScope.CODES_WRITE)
            status, body, headers, errand = await act(key.business_id, scope, receive)
        except Exception as error:  # noqa: BLE001 - told, and raised again where nobody foresaw it
            await send_problem(send, error, self._metrics, _DOOR)
            return
        self._metrics.request(_DOOR, status)
        await respond(send, status, body, _JSON, headers)
        await run_errand(self._services, errand)

    def _act(self, scope: Scope) -> Act | None:
        path: str = scope["path"]
        if scope["method"] != "POST":
            return None
        if path == PATH:
            return self._ask
        found = _ACT.fullmatch(path)
        if found is None:
            return None
        code_id, name = found.groups()
        return self._check(code_id) if name == "check" else self._resend(code_id)

    async def _ask(self, business_id: BusinessId, scope: Scope, receive: Receive) -> Reply:
        body = await _read(scope, receive, CodeRequest)
        keys = [value.decode("latin-1") for name, value in scope["headers"] if name == _KEY]
        taken = await take_code(self._services, business_id, body, keys)
        headers = _NO_STORE
        if taken.is_replayed:
            headers = [*_NO_STORE, (REPLAYED.lower().encode(), b"true")]
        return 201, _written(taken.answer), headers, taken.errand

    def _check(self, code_id: str) -> Act:
        async def act(business_id: BusinessId, scope: Scope, receive: Receive) -> Reply:
            body = await _read(scope, receive, CodeCheckRequest)
            answer = await take_code_check(self._services, business_id, code_id, body)
            return 200, _written(answer), _NO_STORE, None

        return act

    def _resend(self, code_id: str) -> Act:
        async def act(business_id: BusinessId, _: Scope, __: Receive) -> Reply:
            taken = await take_code_resend(self._services, business_id, code_id)
            return 200, _written(taken.answer), _NO_STORE, taken.errand

        return act


async def _read(scope: Scope, receive: Receive, model: type[Model]) -> Model:
    """Read a body as the framework's routes do: strictly, and once."""
    tree = parse(await read_json_body(scope, receive))
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        found = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        raise InvalidFields(field_errors(found)) from error


def _written(answer: BaseModel) -> bytes:
    return answer.model_dump_json().encode()
