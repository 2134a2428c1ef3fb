"""Takes the pictures of the console that the guide shows, of a café with a little life in it.

python scripts/console_pictures.py                        the guide's, into docs/pictures
python scripts/console_pictures.py FOLDER --all           every page, light and dark, wide and
narrow, and in Arabic
"""

import sys
import tempfile
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(_ROOT))

from playwright.sync_api import Page  # noqa: E402

from tests.browser.console_life import PAGES, come_in, console, lists, live, open_meta  # noqa: E402
from tests.browser.house import House, open_house  # noqa: E402
from tests.browser.looking import NARROW, WIDE, open_all  # noqa: E402
from tests.support.browser import open_browser, open_page  # noqa: E402


def main() -> None:
    """Take them."""
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    folder = Path(words[0]) if words else _ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as kept,
        open_meta() as meta,
        open_house(Path(kept), graph_url=meta) as house,
        open_browser() as browser,
    ):
        person = f"/people/{live(house)['ana']}"
        pages = lists(house)
        with open_page(browser, locale="en-GB", viewport=WIDE) as page:
            come_in(house, page)
            if "--all" in sys.argv:
                _everything(house, page, pages | {"person": person}, folder)
            else:
                _guide(house, page, pages | {"person": person}, folder)


def _guide(house: House, page: Page, pages: dict[str, str], folder: Path) -> None:
    person = pages["person"]
    places = {
        "home": "",
        "figures": "/figures?by=surface&days=90",
        "import-asking": pages["import-asking"],
        "import-ready": pages["import-ready"],
        "import-done": pages["import-done"],
        "screen": pages["screen"],
        "person": person,
        "stop": person,
        "not-sent": "/not-sent?campaign=advent-menu",
        "draft": "/prompts/signup?draft=1&in=en",
        "senders": "/senders",
        "exports": "/exports",
        "audit": "/audit",
    }
    for name, path in places.items():
        page.goto(console(house, path))
        if name == "stop":
            page.get_by_text("Stop for a caller").click()
        page.screenshot(
            path=folder / f"console-{name}.jpg", type="jpeg", quality=70, full_page=name != "stop"
        )


def _everything(house: House, page: Page, pages: dict[str, str], folder: Path) -> None:
    erase = (f"{pages['person']}/erase", "erase")
    for path, name in (*PAGES, *((path, name) for name, path in pages.items()), erase):
        page.set_viewport_size(WIDE)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.goto(console(house, path))
            page.screenshot(path=folder / f"{name}-{scheme}.png", full_page=True)
        mark = "&" if "?" in path else "?"
        page.emulate_media(color_scheme="light")
        page.goto(console(house, f"{path}{mark}locale=ar"))
        page.screenshot(path=folder / f"{name}-ar.png", full_page=True)
        page.goto(console(house, path))
        page.set_viewport_size(NARROW)
        page.screenshot(path=folder / f"{name}-360.png", full_page=True)
        open_all(page)
        page.screenshot(path=folder / f"{name}-360-open.png", full_page=True)


if __name__ == "__main__":
    main()
