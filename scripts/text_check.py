"""Fails where texts for people are misspelt, read as a riddle, or do not fit.

Checks the catalogues of all languages (whole, the same placeholders, sizes of buttons and text
messages), and the English of catalogues, examples and documentation.
"""

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
SOURCE = "en"
CATALOGUES = {
    "src/askfirst/bootstrap/locale": "askfirst",
    "src/askfirst/web/locale": "pages",
}
SPOKEN = ("examples/shop/locale/en.toml", "src/askfirst/simulator/pages/locale/en.toml")
READ = ("README.md", "examples/shop/README.md", "docs/guide/**/*.md", "docs/reference/*.md")
SPELT = (*READ, "*.md", "docs/**/*.md", "src/**/*.py", "src/**/*.html", "src/**/*.js")

# Meta takes 20 characters on a button in the chat; on a page 40 stay in one line of a telephone.
CHAT_BUTTONS = {"yes", "no", "open", "code.yes", "code.no"}
CHAT_BUTTONS |= {"unsure.all", "unsure.offers", "unsure.keep"}
CHAT_BUTTON_MAX = 20
PAGE_BUTTONS = {
    *("send", "change", "me.turn_on", "me.save", "me.stop", "confirm.sent", "qr.show"),
    *(
        "stop.get_link",
        "code.send",
        "code.check",
        "code.again",
        "code.begin",
        "verify.check",
        "poster.make",
    ),
}
PAGE_BUTTON_MAX = 40
SMS = "sms.code"
SMS_NAME = "Cafe Sunflower North"
SMS_CODE = "12345678"
# The letters of an SMS at seven bits each (3GPP TS 23.038, 6.2.1), as far as words use them.
SEVEN_BITS = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:;!?'\"()-/"
    "àèéìòùäöüñßåøæÄÖÜÑÅØÆÇÉ"
)
SMS_PART = {True: 160, False: 70}

# What reads as a riddle or as a translation, with what to say instead.
FORBIDDEN = {
    r"told": "say who says it: sends, shows, answers",
    r"whoever": "anyone who, the person who",
    r"(?:is|are|was) over": "has expired, has ended",
    r"tak(?:e|es|en|ing) up": "process, start, handle",
    r"hears?": "receives, learns",
    r"of that name": "with this number, with this id",
    r"surer": "with a higher assurance",
    r"errands?": "command, task",
    r"where the ledger is": "on the server",
    r"what (?:it|they) must be": "valid",
}
# Besides, in what customers read.
FORBIDDEN_TO_CUSTOMERS = {
    r"via WhatsApp": "on WhatsApp",
    r"write to (?:me|you)": "message, send messages",
    r"receipts?": "record of your choice: a receipt is given for a payment",
    r"anybody could": "say what to do: confirm your number",
    r"begin again": "start again",
    r"left the box": "tick the box if you agree",
}
MISSPELT = re.compile(
    r"\b(?:accomodat\w*|acknowlegde\w*|adress\w*|agressive\w*|aquire\w*|arguement\w*|assurrance"
    r"|begining|beleive\w*|calender|catagor\w*|cemetary|concensus|concious\w*|consistant\w*"
    r"|definately|dependant|desparate|dissapear\w*|embarass\w*|enviroment\w*|existance|explaination"
    r"|foriegn|fullfil\w*|goverment\w*|gaurantee\w*|grammer|happend|harrass\w*|heighth|hierachy"
    r"|immediatly|independant|infomation|intergrat\w*|judgement|knowlege|langauge\w*|liason"
    r"|libary|maintainance|millenium|mispell\w*|neccessar\w*|noticable|ocasion\w*|occured"
    r"|occurence\w*|ommit\w*|paralell\w*|perminent|persistant|posession|prefered|privelege\w*"
    r"|recieve\w*|recomend\w*|refered|relevent|responsability|retreive\w*|rythm|seperat\w*"
    r"|succesful\w*|supercede\w*|supress\w*|suprise\w*|teh|tommorow|transfered|truely|unsubcrib\w*"
    r"|untill|usefull|verifed|visable|wether|wich|withdrawl|writting)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\{[a-z]+\}")
_CODE = re.compile(r"^```.*?^```$|`[^`\n]*`|\]\([^)\s]*\)|<!--.*?-->", re.MULTILINE | re.DOTALL)


def main() -> int:
    """Print every complaint; the exit code says whether there was one."""
    complaints = list(complaints_about(ROOT))
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


def complaints_about(root: Path) -> Iterator[str]:
    """Say what is wrong with the texts of a working copy."""
    for folder, name in CATALOGUES.items():
        yield from catalogue_complaints(root / folder, name)
    customers = FORBIDDEN | FORBIDDEN_TO_CUSTOMERS
    for place, text in _said_to_customers(root):
        yield from _wordings(place, text, customers)
        yield from _misspelt(place, text)
    for path in _files(root, READ):
        yield from _wordings(str(path.relative_to(root)), _prose(path), FORBIDDEN)
    for path in _files(root, SPELT):
        yield from _misspelt(str(path.relative_to(root)), path.read_text(encoding="utf-8"))


def catalogue_complaints(folder: Path, name: str) -> Iterator[str]:
    """Hold each language against the template: keys, originals, placeholders, sizes."""
    wanted = _originals(_read(folder / f"{name}.pot"))
    for path in sorted(folder.glob(f"*/LC_MESSAGES/{name}.po")):
        place = f"{path.parent.parent.name}/{name}.po"
        catalogue = _read(path)
        originals = _originals(catalogue)
        for key in sorted(wanted.keys() | originals.keys()):
            if wanted.get(key) != originals.get(key):
                yield f"{place}: {key}: is not the original of the template: translate it anew"
        for message in catalogue:
            if message.id:
                yield from _complaints(f"{place}: {message.context}", message)


def _complaints(place: str, message: Any) -> Iterator[str]:
    key, original, text = message.context, str(message.id), str(message.string)
    if not text or message.fuzzy:
        yield f"{place}: is not translated"
        return
    if sorted(_PLACE.findall(original)) != sorted(_PLACE.findall(text)):
        yield f"{place}: must have the placeholders {sorted(set(_PLACE.findall(original)))}"
    if key != "separator" and (text != text.strip() or "  " in text):
        yield f"{place}: has spaces too many"
    for keys, most in ((CHAT_BUTTONS, CHAT_BUTTON_MAX), (PAGE_BUTTONS, PAGE_BUTTON_MAX)):
        if key in keys and len(text) > most:
            yield f"{place}: has {len(text)} characters; the button has room for {most}"
    if key == SMS:
        filled = text.replace("{business}", SMS_NAME).replace("{code}", SMS_CODE)
        most = SMS_PART[SEVEN_BITS.issuperset(filled)]
        if len(filled) > most:
            yield f"{place}: has {len(filled)} characters; one text message takes {most}"


def _wordings(place: str, text: str, forbidden: Mapping[str, str]) -> Iterator[str]:
    for pattern, better in forbidden.items():
        for found in re.finditer(rf"\b{pattern}\b", text, re.IGNORECASE):
            yield f"{place}: “{found[0]}”: {better}"


def _misspelt(place: str, text: str) -> Iterator[str]:
    for found in MISSPELT.finditer(text):
        yield f"{place}: “{found[0]}”: misspelt"


def _said_to_customers(root: Path) -> Iterator[tuple[str, str]]:
    for folder, name in CATALOGUES.items():
        path = root / folder / SOURCE / "LC_MESSAGES" / f"{name}.po"
        for message in _read(path):
            if message.id:
                yield f"{SOURCE}/{name}.po: {message.context}", str(message.string)
    for one in SPOKEN:
        for section, words in tomllib.loads((root / one).read_text(encoding="utf-8")).items():
            texts = words.items() if isinstance(words, dict) else [("", words)]
            for key, text in texts:
                yield f"{one}: {section} {key}", str(text)


def _prose(path: Path) -> str:
    """Return what people read of a page: no code, no targets of links."""
    return " ".join(_CODE.sub(" ", path.read_text(encoding="utf-8")).split())


def _files(root: Path, patterns: tuple[str, ...]) -> list[Path]:
    return sorted({path for pattern in patterns for path in root.glob(pattern)})


def _originals(catalogue: Catalog) -> dict[str, str]:
    return {str(message.context): str(message.id) for message in catalogue if message.id}


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


if __name__ == "__main__":
    sys.exit(main())
