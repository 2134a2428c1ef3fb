"""A pack of evidence: exact words, bytes that repeat, and signatures that others can check.

The last part is what a third party would write: it imports nothing of askfirst.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from askfirst.bootstrap.commands.evidence_commands import check_pack
from askfirst.domain.consent.consent import ConsentVerb
from askfirst.domain.consent.erasure import EraseReason
from askfirst.domain.consent.event import Source
from askfirst.domain.prompts.prompt import Surface
from askfirst.domain.values.errors import InvalidInput
from askfirst.usecases.consent.erase_contact import EraseOrder, erase_contact
from askfirst.web.pages.evidence.pack import make_pack
from tests.support.builders import ANA, BUSINESS
from tests.support.evidence import PHONE_WORDS, said, tell_story, version
from tests.support.reading import contact_of
from tests.support.services import World


def opened(pack: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


async def packed(world: World, locale: str = "en") -> bytes:
    return (await make_pack(world.services, BUSINESS, ANA, locale))[1]


async def test_a_pack_repeats_byte_for_byte(sqlite_world: World) -> None:
    await tell_story(sqlite_world)
    assert await packed(sqlite_world) == await packed(sqlite_world)


async def test_the_page_stands_alone_and_has_the_story(sqlite_world: World) -> None:
    await tell_story(sqlite_world)
    page = opened(await packed(sqlite_world))["evidence.html"].decode()
    assert not re.search(r"(src|href)=\"(?!#)", page)
    for words in (PHONE_WORDS, "STOP please", "agent 12", "called back at her wish"):
        assert words in page
    assert page.count("Same result") == 2


async def test_words_are_exact_and_never_markup(sqlite_world: World) -> None:
    text = "Offers & news <b>now</b>?\n[Yes, please] [No]"
    shown = version(Surface.CHAT, text, "marketing")
    await said(sqlite_world, 10, ConsentVerb.GRANT, surface=Surface.CHAT, prompt=shown)
    files = opened(await packed(sqlite_world))
    page = files["evidence.html"].decode()
    assert "Offers &amp; news &lt;b&gt;now&lt;/b&gt;?" in page
    assert '<span class="button">Yes, please</span><span class="button">No</span>' in page
    assert shown.hash in page
    assert json.loads(files["evidence.json"])["notices"][0]["text"] == text


@pytest.mark.parametrize("surface", list(Surface))
async def test_every_kind_of_place_has_a_figure(sqlite_world: World, surface: Surface) -> None:
    shown = version(surface, "May we?", "marketing", locale="ar")
    await said(sqlite_world, 10, ConsentVerb.REFUSE, surface=surface, prompt=shown)
    page = opened(await packed(sqlite_world))["evidence.html"].decode()
    assert re.search(r'<div class="frame [a-z]+">', page)
    assert '<p class="words" lang="ar" dir="rtl">May we?</p>' in page


async def test_a_business_cannot_write_css_or_markup_with_its_name(sqlite_world: World) -> None:
    await said(sqlite_world, 10, ConsentVerb.GRANT)
    page = opened(await packed(sqlite_world))["evidence.html"].decode()
    style = page[page.index("<style>") : page.index("</style>")]
    assert style.count("{") == style.count("}")


async def test_somebody_who_was_erased_leaves_what_names_nobody(sqlite_world: World) -> None:
    world = sqlite_world
    await tell_story(world)
    ana = await contact_of(world.store)
    order = EraseOrder(
        business_id=BUSINESS, person=ana, reason=EraseReason.REQUESTED, source=Source.CLI
    )
    await erase_contact(world.services, order)
    files = opened((await make_pack(world.services, BUSINESS, ana))[1])
    everything = b"".join(files.values())
    for personal in (b"447700900123", b"Grace", b"STOP please", b"called back"):
        assert personal not in everything
    assert b"data was erased on" in files["evidence.html"]
    record = json.loads(files["evidence.json"])
    assert [one["matches"] for one in record["decisions"]] == [True, True]
    assert PHONE_WORDS in files["evidence.html"].decode()


@pytest.fixture
async def pack_file(sqlite_world: World, tmp_path: Path) -> Path:
    await tell_story(sqlite_world)
    path = tmp_path / "evidence.zip"
    path.write_bytes(await packed(sqlite_world))
    return path


def rewritten(path: Path, changes: Mapping[str, bytes | None]) -> Path:
    files = {**opened(path.read_bytes()), **changes}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            if content is not None:
                archive.writestr(name, content)
    return path


async def test_a_pack_is_checked_as_a_whole(pack_file: Path) -> None:
    checked = check_pack(pack_file, None)
    assert (checked.receipts, checked.has_own_keys) == (3, True)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"evidence.html": b"<p>another story"}, "changed: evidence.html"),
        ({"records/000001.jws": None}, "lacks a file"),
        ({"more.txt": b"more"}, "not on the signed list: more.txt"),
        ({"manifest.json": b"{}"}, "was not signed"),
        ({"manifest.jws": b"a.b.c"}, "the list of files"),
        ({"manifest.jws": None}, "has no manifest.jws"),
        ({"keys.json": b'{"keys": []}'}, "was not signed with a key"),
    ],
)
async def test_whatever_is_changed_in_a_pack_is_noticed(
    pack_file: Path, changes: Mapping[str, bytes | None], what: str
) -> None:
    with pytest.raises(InvalidInput, match=re.escape(what)):
        check_pack(rewritten(pack_file, changes), None)


async def test_a_manifest_never_passes_for_a_receipt(sqlite_world: World, pack_file: Path) -> None:
    text = opened(pack_file.read_bytes())["manifest.jws"].decode()
    keys = await sqlite_world.services.receipts.keys(BUSINESS)
    with pytest.raises(InvalidInput):
        sqlite_world.services.receipts.verify(text, keys)


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def third_party_reads(jws: str, jwks: Mapping[str, Any]) -> Any:
    """Check a compact JWS with the key that it names, by RFC 7515 and RFC 8037 alone."""
    head, payload, signature = jws.strip().split(".")
    name = json.loads(decoded(head))["kid"]
    (key,) = [one for one in jwks["keys"] if one["kid"] == name]
    public = Ed25519PublicKey.from_public_bytes(decoded(key["x"]))
    public.verify(decoded(signature), f"{head}.{payload}".encode())
    return json.loads(decoded(payload))


async def test_a_third_party_can_check_everything(pack_file: Path) -> None:
    files = opened(pack_file.read_bytes())
    jwks = json.loads(files["keys.json"])
    manifest = third_party_reads(files["manifest.jws"].decode(), jwks)
    assert manifest == json.loads(files["manifest.json"])
    for name, known in manifest["files"].items():
        assert hashlib.sha256(files[name]).hexdigest() == known["sha256"]
    assert set(manifest["files"]) == set(files) - {"manifest.json", "manifest.jws"}
    record = json.loads(files["evidence.json"])
    for event in record["events"]:
        receipt = third_party_reads(files[event["receipt"]].decode(), jwks)
        leaf = hashlib.sha256(b"\0" + bytes.fromhex(event["leaf"])).hexdigest()
        assert receipt["ledger"] == {"position": event["position"], "leaf_hash": leaf}
        assert receipt["event"]["id"] == event["event_id"]


async def test_a_third_party_notices_a_forged_receipt(pack_file: Path) -> None:
    files = opened(pack_file.read_bytes())
    head, payload, signature = files["records/000001.jws"].decode().strip().split(".")
    forged = decoded(payload).replace(b"marketing", b"utility")
    text = base64.urlsafe_b64encode(forged).decode().rstrip("=")
    with pytest.raises(InvalidSignature):
        third_party_reads(f"{head}.{text}.{signature}", json.loads(files["keys.json"]))
