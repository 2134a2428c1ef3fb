"""A problem as an answer: over plain ASGI, or as a response of Starlette's."""

from __future__ import annotations

from http import HTTPStatus

from starlette.responses import Response

from askfirst.web.asgi import Send, respond
from askfirst.web.metrics import Metrics
from askfirst.web.problems import CONTENT_TYPE, Problem, encode, headers_of, problem_of


def problem_response(problem: Problem) -> Response:
    """Write a problem as a response."""
    headers = {name.decode(): value.decode() for name, value in headers_of(problem)}
    return Response(encode(problem), problem.status, headers, CONTENT_TYPE.decode())


async def send_problem(send: Send, error: Exception, metrics: Metrics, door: str) -> None:
    """Answer an error at a raw door; what nobody foresaw goes on to the server, which logs it."""
    problem = problem_of(error)
    metrics.request(door, problem.status)
    await respond(send, problem.status, encode(problem), CONTENT_TYPE, headers_of(problem))
    if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        raise error
