"""The console, put together: each door once, with what it asks for.

Forms and links do all of it, and the policy of each answer says that no script runs; passkeys need
one, on two pages.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from importlib.resources import files
from typing import Final
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from askfirst.domain.operators.operator import Permission
from askfirst.domain.values.errors import AskfirstError, InvalidInput, NotPermitted
from askfirst.usecases.context.services import Services
from askfirst.usecases.tenants.resolve_business import list_businesses
from askfirst.usecases.tenants.show_site import show_site
from askfirst.web.asgi import App, BodyIncomplete, BodyTooLarge
from askfirst.web.console.brakes.senders import (
    show_senders,
    show_templates,
    take_lift,
    take_pause,
)
from askfirst.web.console.bulk.exports import (
    show_export,
    show_exports,
    take_export,
    take_export_change,
    take_export_end,
    take_export_run,
    take_export_state,
)
from askfirst.web.console.bulk.imports import show_imports, take_import
from askfirst.web.console.bulk.one_import import (
    show_import,
    show_report,
    take_answers,
    take_confirm,
    take_give_up,
)
from askfirst.web.console.bulk.screens import (
    show_screen,
    show_screens,
    take_list,
    take_rows,
    take_screen_end,
)
from askfirst.web.console.contacts.person import (
    show_erase,
    show_people,
    show_person,
    take_erase,
    take_evidence,
    take_find,
    take_number,
    take_stop,
)
from askfirst.web.console.desk import CONTENT_SECURITY_POLICY, Bureau
from askfirst.web.console.entrance import Door, answer_at, desk_of, origin_from
from askfirst.web.console.entry_points.entries import (
    show_entries,
    take_entry,
    take_entry_end,
)
from askfirst.web.console.events.endpoints import (
    show_endpoints,
    take_events_again,
    take_receiver_state,
    take_subscription_state,
    take_webhooks_again,
)
from askfirst.web.console.held.held import show_held, take_back
from askfirst.web.console.operators.account import (
    show_account,
    show_authenticator,
    take_authenticator,
    take_authenticator_end,
    take_session_end,
)
from askfirst.web.console.operators.passkeys import (
    ask_operator,
    ask_stranger,
    take_new_passkey,
    take_passkey,
    take_passkey_end,
    take_passkey_name,
)
from askfirst.web.console.operators.sign_in import (
    show_join,
    show_sign_in,
    take_join,
    take_sign_in,
    take_sign_out,
)
from askfirst.web.console.operators.single_sign_on import take_return, take_sign_on
from askfirst.web.console.operators.team import (
    show_audit,
    show_team,
    take_access_end,
    take_invitation,
    take_role,
)
from askfirst.web.console.opt_out.stops import show_late_stops, show_stops, take_close
from askfirst.web.console.prompts.drafts import (
    show_draft,
    take_decline,
    take_discard,
    take_languages,
    take_publication,
    take_submission,
    take_wording,
)
from askfirst.web.console.prompts.prompts import show_prompt, show_prompts
from askfirst.web.console.sending.not_sent import show_not_sent
from askfirst.web.console.stats.figures import show_figures
from askfirst.web.console.tenants.home import show_home
from askfirst.web.console.words import console_reader, console_words
from askfirst.web.metrics import Metrics
from askfirst.web.pages.headers import Guarded
from askfirst.web.pages.request_context import TEMPLATES
from askfirst.web.problems import NotFound, problem_of
from askfirst.web.templating import open_templates


def _door(method: str, path: str, handler: object, permission: Permission | None) -> Door:
    return Door(method=method, path=path, handler=handler, permission=permission)  # type: ignore[arg-type]


_P = Permission
DOORS: Final = (
    _door("GET", "/sign-in", show_sign_in, None),
    _door("POST", "/sign-in", take_sign_in, None),
    _door("POST", "/sign-in/passkey", take_passkey, None),
    _door("POST", "/sign-in/passkey/question", ask_stranger, None),
    _door("POST", "/sign-in/sso", take_sign_on, None),
    _door("GET", "/sign-in/sso", take_return, None),
    _door("GET", "/join/{secret}", show_join, None),
    _door("POST", "/join/{secret}", take_join, None),
    _door("POST", "/sign-out", take_sign_out, _P.OVERVIEW),
    _door("GET", "", show_home, _P.OVERVIEW),
    _door("GET", "/figures", show_figures, _P.OVERVIEW),
    _door("GET", "/people", show_people, _P.PEOPLE),
    _door("POST", "/people", take_find, _P.PEOPLE),
    _door("GET", "/people/{contact}", show_person, _P.PEOPLE),
    _door("POST", "/people/{contact}/number", take_number, _P.NUMBERS),
    _door("POST", "/people/{contact}/stop", take_stop, _P.STOP),
    _door("GET", "/people/{contact}/erase", show_erase, _P.ERASE),
    _door("POST", "/people/{contact}/erase", take_erase, _P.ERASE),
    _door("POST", "/people/{contact}/evidence", take_evidence, _P.EVIDENCE),
    _door("GET", "/stops", show_stops, _P.PEOPLE),
    _door("GET", "/stops/late", show_late_stops, _P.PEOPLE),
    _door("POST", "/stops/{position:int}/close", take_close, _P.REVIEWS),
    _door("GET", "/imports", show_imports, _P.LISTS),
    _door("POST", "/imports", take_import, _P.LISTS),
    _door("GET", "/imports/{import}", show_import, _P.LISTS),
    _door("POST", "/imports/{import}/answers", take_answers, _P.LISTS),
    _door("POST", "/imports/{import}/confirm", take_confirm, _P.LISTS),
    _door("POST", "/imports/{import}/give-up", take_give_up, _P.LISTS),
    _door("GET", "/imports/{import}/report", show_report, _P.LISTS),
    _door("GET", "/screens", show_screens, _P.LISTS),
    _door("POST", "/screens", take_list, _P.LISTS),
    _door("GET", "/screens/{screen}", show_screen, _P.LISTS),
    _door("POST", "/screens/{screen}/rows", take_rows, _P.LISTS),
    _door("POST", "/screens/{screen}/give-up", take_screen_end, _P.LISTS),
    _door("GET", "/not-sent", show_not_sent, _P.OVERVIEW),
    _door("GET", "/held", show_held, _P.PEOPLE),
    _door("POST", "/held/{held}/cancel", take_back, _P.BRAKES),
    _door("GET", "/prompts", show_prompts, _P.OVERVIEW),
    _door("GET", "/prompts/{key}", show_prompt, _P.OVERVIEW),
    _door("GET", "/prompts/{key}/edit", show_draft, _P.WORDING),
    _door("POST", "/prompts/{key}/edit", take_wording, _P.WORDING),
    _door("POST", "/prompts/{key}/languages", take_languages, _P.WORDING),
    _door("POST", "/prompts/{key}/discard", take_discard, _P.WORDING),
    _door("POST", "/prompts/{key}/submit", take_submission, _P.WORDING),
    _door("POST", "/prompts/{key}/publish", take_publication, _P.PUBLISH),
    _door("POST", "/prompts/{key}/decline", take_decline, _P.PUBLISH),
    _door("GET", "/entry-points", show_entries, _P.OVERVIEW),
    _door("POST", "/entry-points", take_entry, _P.ENTRIES),
    _door("POST", "/entry-points/{entry}/end", take_entry_end, _P.ENTRIES),
    _door("GET", "/exports", show_exports, _P.EXPORTS),
    _door("POST", "/exports", take_export, _P.EXPORTS),
    _door("GET", "/exports/{schedule}", show_export, _P.EXPORTS),
    _door("POST", "/exports/{schedule}", take_export_change, _P.EXPORTS),
    _door("POST", "/exports/{schedule}/state", take_export_state, _P.EXPORTS),
    _door("POST", "/exports/{schedule}/run", take_export_run, _P.EXPORTS),
    _door("POST", "/exports/{schedule}/remove", take_export_end, _P.EXPORTS),
    _door("GET", "/webhooks", show_endpoints, _P.ENDPOINTS),
    _door("POST", "/webhooks/receivers/{receiver}/state", take_receiver_state, _P.ENDPOINTS),
    _door("POST", "/webhooks/receivers/{receiver}/again", take_webhooks_again, _P.ENDPOINTS),
    _door("POST", "/webhooks/events/{subscription}/state", take_subscription_state, _P.ENDPOINTS),
    _door("POST", "/webhooks/events/{subscription}/again", take_events_again, _P.ENDPOINTS),
    _door("GET", "/senders", show_senders, _P.OVERVIEW),
    _door("POST", "/senders/pause", take_pause, _P.BRAKES),
    _door("POST", "/brakes/{brake}/lift", take_lift, _P.BRAKES),
    _door("GET", "/templates", show_templates, _P.OVERVIEW),
    _door("GET", "/team", show_team, _P.TEAM),
    _door("POST", "/team", take_invitation, _P.TEAM),
    _door("POST", "/team/{operator}/role", take_role, _P.TEAM),
    _door("POST", "/team/{operator}/end", take_access_end, _P.TEAM),
    _door("GET", "/audit", show_audit, _P.AUDIT),
    _door("GET", "/account", show_account, _P.OVERVIEW),
    _door("POST", "/account/sessions/{session}/end", take_session_end, _P.OVERVIEW),
    _door("GET", "/account/authenticator", show_authenticator, _P.OVERVIEW),
    _door("POST", "/account/authenticator", take_authenticator, _P.OVERVIEW),
    _door("POST", "/account/authenticator/remove", take_authenticator_end, _P.OVERVIEW),
    _door("POST", "/account/passkeys", take_new_passkey, _P.OVERVIEW),
    _door("POST", "/account/passkeys/question", ask_operator, _P.OVERVIEW),
    _door("POST", "/account/passkeys/{passkey}/name", take_passkey_name, _P.OVERVIEW),
    _door("POST", "/account/passkeys/{passkey}/remove", take_passkey_end, _P.OVERVIEW),
)
"""Every page and form, with what it asks for."""

_SCRIPT: Final = "text/javascript"
Endpoint = Callable[[Request], Awaitable[Response]]


def build_console(services: Services, metrics: Metrics) -> App:
    """Build the face that operators see; it answers under `/console`."""
    address = show_site(services).public_url
    bureau = Bureau(
        services=services,
        templates=open_templates("askfirst.web.console", TEMPLATES),
        base=urlsplit(address).path,
        origin=origin_from(address),
    )
    routes = [
        Route("/console", _choose(bureau), methods=["GET"]),
        Route("/console/static/console.css", _static("console.css", "text/css"), methods=["GET"]),
        Route("/console/static/passkeys.js", _static("passkeys.js", _SCRIPT), methods=["GET"]),
        *(_route(bureau, door) for door in DOORS),
    ]
    kinds = (AskfirstError, BodyTooLarge, BodyIncomplete, HTTPException, Exception)
    app = Starlette(routes=routes, exception_handlers=dict.fromkeys(kinds, _refuse(bureau)))
    app.router.redirect_slashes = False
    return Guarded(app, metrics=metrics, face="console")


def _route(bureau: Bureau, door: Door) -> Route:
    async def serve(request: Request) -> Response:
        answer = await answer_at(bureau, door, request)
        answer.headers.setdefault("content-security-policy", CONTENT_SECURITY_POLICY)
        return answer

    return Route(f"/console/{{business}}{door.path}", serve, methods=[door.method])


def _choose(bureau: Bureau) -> Endpoint:
    """Lead to the only business there is, or ask for its name: nobody is told which there are."""

    async def serve(request: Request) -> Response:
        there = await list_businesses(bureau.services)
        asked = request.query_params.get("business", "")
        name = asked or (there[0] if len(there) == 1 else "")
        if name and name in there:
            return RedirectResponse(f"{bureau.base}/console/{name}", HTTPStatus.SEE_OTHER)
        return _bare(bureau, request, HTTPStatus.OK, "choose")

    return serve


def _static(name: str, media_type: str) -> Endpoint:
    content = files("askfirst.web.console").joinpath("static", name).read_bytes()

    async def serve(_: Request) -> Response:
        return Response(content, media_type=media_type)

    return serve


Refusal = Callable[[Request, Exception], Awaitable[Response]]


def _refuse(bureau: Bureau) -> Refusal:
    async def refuse(request: Request, error: Exception) -> Response:
        status, words = _told(error)
        try:
            desk = await desk_of(bureau, request)
        except (AskfirstError, HTTPException, KeyError):
            return _bare(bureau, request, status, words)
        detail = error.message if isinstance(error, InvalidInput) and desk.seat else ""
        answer = desk.page("sorry.html", status, words=words, detail=detail)
        answer.headers.setdefault("content-security-policy", CONTENT_SECURITY_POLICY)
        return answer

    return refuse


def _told(error: Exception) -> tuple[int, str]:
    """Say what a page says of an error; never what was sent."""
    match error:
        case HTTPException(status_code=status):
            return status, "sorry.missing" if status == HTTPStatus.NOT_FOUND else "sorry.failed"
        case NotPermitted(needed=needed):
            return HTTPStatus.FORBIDDEN, "sorry.role" if needed else "sorry.form"
        case NotFound():
            return HTTPStatus.NOT_FOUND, "sorry.missing"
        case InvalidInput():
            return problem_of(error).status, "sorry.input"
        case _:
            return problem_of(error).status, "sorry.failed"


def _bare(bureau: Bureau, request: Request, status: int, words: str) -> Response:
    """Write a page that is of no business."""
    reader = console_reader(request, "")
    values: Mapping[str, object] = {"base": bureau.base, "reader": reader, "words": words}
    text = bureau.templates.get_template("bare.html").render(
        t=console_words()[reader.locale], say=reader.words, **values
    )
    headers = {
        "content-language": reader.lang,
        "content-security-policy": CONTENT_SECURITY_POLICY,
        "vary": "accept-language",
    }
    return Response(text, status, headers, media_type="text/html")
