"""The pack: page, JSON, receipts and keys in one zip, with a signed list of what is in it.

Equal content gives equal bytes: names are sorted, no time but that of the case file is in it, and
nothing is compressed, since that differs from one version of zlib to another.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any, Final

from markupsafe import Markup

from askfirst.domain.values.alias import Alias
from askfirst.domain.values.ids import BusinessId, ContactId
from askfirst.domain.values.timestamp import to_datetime, to_rfc3339
from askfirst.usecases.consent.collect_evidence import collect_evidence, sign_manifest
from askfirst.usecases.consent.evidence.case_file import CaseFile
from askfirst.usecases.context.services import Services
from askfirst.usecases.prompts.show_prompt import vocabulary_in
from askfirst.web.pages.evidence.record import evidence_record, receipt_name
from askfirst.web.pages.evidence.story import Story
from askfirst.web.pages.reader import reader_in
from askfirst.web.templating import open_templates
from askfirst.web.words import SOURCE_LOCALE

SCHEMA: Final = "askfirst-evidence-pack/1"
_FILE_MODE: Final = 0o100644 << 16
_FIRST_YEAR: Final = 1980
"""What zip can write; nothing was recorded before."""


async def make_pack(
    services: Services,
    business_id: BusinessId,
    person: Alias | ContactId,
    locale: str = SOURCE_LOCALE,
) -> tuple[str, bytes]:
    """Collect one person's story and pack it; gives the name of the file, and the file.

    Raises:
        LedgerDamaged: what stands in the ledger about them does not fit together.
        UnknownReference: nobody of that name or id is known.
    """
    case = await collect_evidence(services, business_id, person)
    reader = reader_in(locale)
    story = Story(case, reader, vocabulary_in(services, reader.locale))
    files = {
        "evidence.html": render_story(story).encode(),
        "evidence.json": _json(evidence_record(case)),
        "keys.json": _json({"keys": [dict(key) for key in case.keys]}),
        **{receipt_name(place): f"{text}\n".encode() for place, text in case.receipts.items()},
    }
    manifest = _manifest(case, files)
    signature = await sign_manifest(services, business_id, manifest)
    files |= {"manifest.json": _json(manifest), "manifest.jws": f"{signature}\n".encode()}
    return f"evidence-{case.contact_id}.zip", _zip(files, case)


def render_story(story: Story) -> str:
    """Write the page, with everything that it needs in it."""
    templates = open_templates("askfirst.web.pages")
    templates.filters["css_text"] = _css_text
    return templates.get_template("evidence.html").render(
        story=story,
        case=story.case,
        say=story.reader.words,
        lang=story.reader.lang,
        dir=story.reader.dir,
    )


def _css_text(text: str) -> Markup:
    """Write a text for a CSS string, so that it can end neither the string nor the element."""
    escaped = (one if one.isalnum() or one == " " else f"\\{ord(one):x} " for one in text)
    return Markup("".join(escaped))  # noqa: S704 - nothing but letters, digits and escapes


def _manifest(case: CaseFile, files: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "made_at": to_rfc3339(case.collected_at),
        "business": case.business.business_id,
        "principal_id": case.principal,
        "ledger": {
            "position": case.checkpoint.position,
            "leaf_hash": case.checkpoint.leaf_hash.hex(),
        },
        "files": {
            name: {"sha256": hashlib.sha256(files[name]).hexdigest(), "bytes": len(files[name])}
            for name in sorted(files)
        },
    }


def _json(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"


def _zip(files: Mapping[str, bytes], case: CaseFile) -> bytes:
    """Write files in the order of their names, all with the moment of the case file."""
    moment = to_datetime(case.collected_at)
    stamp = (max(moment.year, _FIRST_YEAR), *moment.timetuple()[1:6])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, stamp)
            entry.external_attr, entry.create_system = _FILE_MODE, 3
            archive.writestr(entry, files[name])
    return packed.getvalue()
