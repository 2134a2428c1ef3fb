"""What every page is answered with, and which forms are taken.

A consent is only worth something if a stranger's page cannot send it: a POST must come from a page
of this shop (OWASP, cross-site request forgery: verify the origin), the cookie is SameSite, and no
other site may put these pages into a frame.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from fastapi.responses import PlainTextResponse, Response

from sessions import COOKIE, SECONDS, Sessions

Next = Callable[[Request], Awaitable[Response]]
_READING = ("GET", "HEAD")


def content_security_policy(askfirst: str) -> str:
    """Scripts and QR codes come from askfirst, everything else from here, nothing else at all.

    `data:` is for the QR code of a log-in, which only this visitor gets to see. `form-action`
    names askfirst too, because one form leads on to a page of askfirst's.
    """
    return (
        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; connect-src 'self'; "
        f"style-src 'self'; font-src 'self'; script-src {askfirst}; "
        f"img-src 'self' data: {askfirst}; "
        f"form-action 'self' {askfirst}"
    )


def guard(app: FastAPI, sessions: Sessions, askfirst: str) -> None:
    """Put session, origin check and headers around every route."""
    headers = {
        "content-security-policy": content_security_policy(askfirst),
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
    }

    @app.middleware("http")
    async def around(request: Request, go_on: Next) -> Response:
        if request.method not in _READING and not _is_ours(request):
            return PlainTextResponse("This form must come from a page of this shop.", 403, headers)
        before = request.cookies.get(COOKIE, "")
        session = request.state.session = sessions.read(before)
        known = dict(session)
        response = await go_on(request)
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if not request.url.path.startswith("/static/"):
            response.headers["cache-control"] = "no-store"
        if session != known:
            is_secure = request.url.scheme == "https"
            response.set_cookie(
                COOKIE,
                sessions.write(session),
                max_age=SECONDS,
                httponly=True,
                samesite="lax",
                secure=is_secure,
            )
        return response


def _is_ours(request: Request) -> bool:
    """Browsers say from where a form comes, and no page can make them lie about it."""
    origin = f"{request.url.scheme}://{request.headers.get('host', '')}"
    return request.headers.get("origin") == origin
