"""One person's whole story as a file for a regulator."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import Query, Response

from askfirst.domain.tenants.api_key import ApiScope
from askfirst.domain.values.errors import UnknownReference
from askfirst.domain.values.locales import parse_locale
from askfirst.usecases.contacts.read_contact import read_person
from askfirst.web.api.contacts.erasure import PersonPath
from askfirst.web.api.platform.route import ApiRoute
from askfirst.web.api.platform.strict_route import Caller, World
from askfirst.web.pages.evidence.pack import make_pack
from askfirst.web.problems import NotFound

_ZIP: Final = "application/zip"


async def get_evidence(
    alias: PersonPath,
    services: World,
    caller: Caller,
    locale: Annotated[
        str,
        Query(
            max_length=35,
            description="The language of the page, such as `fr`. Questions stay in the language in "
            "which they were shown.",
            examples=["en"],
        ),
    ] = "en",
) -> Response:
    """Return everything that proves what a person was asked and answered, as one zip file.

    It holds a page to read and print, the same as JSON, a signed receipt for each answer, and the
    keys to check them: `askfirst verify` checks the whole file. The page has the person's numbers.
    Somebody who was erased is found by their contact id; the file has what may remain.
    """
    person = read_person(services, alias, "alias")
    language = parse_locale(locale, "locale")
    try:
        name, content = await make_pack(services, caller.business_id, person, language)
    except UnknownReference as error:
        raise NotFound(error.message) from error
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=_ZIP, headers=headers)


ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/v1/contacts/{alias}/evidence",
        scope=ApiScope.CONTACTS_EXPORT,
        function=get_evidence,
        summary="Get the evidence on a person",
        media_type=_ZIP,
        problems={
            404: "Nobody with this number or id is known here.",
            422: "The number or id in the path, or `locale`, cannot be read.",
            503: "The database does not answer, or the ledger does not fit together, so that "
            "nothing is signed.",
        },
    ),
)
