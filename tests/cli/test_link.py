"""Links to a preference page on the command line."""

from __future__ import annotations

import asyncio

import pytest

from askfirst.bootstrap.settings import isolated_settings
from askfirst.bootstrap.wiring import open_services
from askfirst.domain.values.ids import BusinessId
from askfirst.usecases.consent.manage_links import open_link
from tests.cli.shell import Shell

PERSON = "+447700900123"
NONE = "lnk_01KGA2V8M0Q3R5T7W9Y1B3D5F7"


@pytest.fixture
def known(shell: Shell) -> Shell:
    """A ledger in which somebody has answered."""
    assert shell.run("record", "grant", PERSON, "--purpose", "marketing").exit_code == 0
    return shell


def is_open(shell: Shell, url: str) -> bool:
    async def look() -> bool:
        async with open_services(isolated_settings(database_url=shell.url)) as wired:
            token = url.rpartition("/")[2]
            return await open_link(wired.services, BusinessId("cafe"), token) is not None

    return asyncio.run(look())


def test_a_link_opens_the_page_of_that_person_until_it_is_revoked(known: Shell) -> None:
    done = known.run("link", "create", PERSON)
    url = done.stdout.strip()
    assert "/p/cafe/me/" in url
    assert PERSON[1:] not in url
    assert is_open(known, url)
    link_id = done.stderr.partition(",")[0]
    assert known.run("link", "revoke", link_id).stdout == f"revoked {link_id}\n"
    assert not is_open(known, url)
    again = known.run("link", "revoke", link_id)
    assert (again.exit_code, "no live link" in again.stderr) == (2, True)


def test_a_link_works_as_long_as_is_asked_for(known: Shell) -> None:
    ends = [known.json("link", "create", PERSON, "--days", days)["expires_at"] for days in "27"]
    assert ends == sorted(ends)
    assert ends[0][:10] != ends[1][:10]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("create", "+447700900456"), "nobody with this number or id"),
        (("create", "07700900123"), "must start with a plus"),
        (("create", PERSON, "--days", "0"), "between 1 and"),
        (("create", PERSON, "--days", "401"), "between 1 and"),
        (("revoke", NONE), "no live link"),
        (("revoke", "me"), "link-id: must be an id"),
    ],
)
def test_a_wrong_word_is_told(known: Shell, arguments: tuple[str, ...], words: str) -> None:
    done = known.run("link", *arguments)
    assert (done.exit_code, done.stdout, words in done.stderr) == (2, "", True), done.stderr
