"""Pictures of every page that a person can reach, kept in `test-results/screenshots`.

Those of hosted pages on which nothing has happened yet are taken by `test_hosted_pages`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from tests.browser.looking import AXE, NARROW, VIOLATIONS, WIDE, take
from tests.browser.shop_visit import Demo, Visitor, digits_of, wait_for

PROMPTS = ("login", "orders_notice", "paper")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@dataclass
class Gallery:
    """One visitor's walk. Each picture is taken wide and narrow, light and dark.

    `faults` is what a machine sees in them: what axe finds, and pages that scroll sideways.
    """

    demo: Demo
    visitor: Visitor
    faults: list[object]

    def look(self, name: str, *, is_long: bool = False) -> None:
        """Take the pictures; of a long page only the beginning."""
        page = self.visitor.page
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                picture = f"{name}-{self.visitor.language}-{scheme}-{size['width']}"
                take(page, picture, is_whole=not is_long)
            if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
                self.faults.append((name, size["width"], "scrolls sideways"))
        page.evaluate(AXE.read_text(encoding="utf-8"))
        self.faults += [(name, *found) for found in page.evaluate(VIOLATIONS)]

    def open(self, name: str, address: str) -> None:
        if not address.startswith("http"):
            address = self.demo.shop + address
        self.visitor.page.goto(address)
        self.look(name)

    def press(self, name: str, button: str) -> None:
        """Press what leads to another page."""
        with self.visitor.page.expect_navigation():
            self.visitor.page.locator(button).first.click()
        self.look(name)

    def place(self, path: str) -> str:
        """Address a hosted page of the café."""
        return self.localised(f"{self.demo.server}/p/cafe-lune/{path}")

    def localised(self, address: str) -> str:
        return f"{address}{'&' if '?' in address else '?'}locale={self.visitor.language}"


def walk_the_shop(gallery: Gallery) -> None:
    """Sign up, order, ask for support; mistakes, too."""
    demo, visitor = gallery.demo, gallery.visitor
    page = visitor.page
    for name, path in (
        ("start", "/"),
        ("support", "/support"),
        ("counter", "/counter"),
        ("nothing", "/nothing"),
        ("signup", "/signup"),
        ("order", "/order"),
        ("pickup", "/pickup"),
    ):
        gallery.open(f"shop-{name}", path)
    gallery.press("shop-pickup-no", ".askfirst-no")
    visitor.open("/signup")
    page.locator("#name").fill("Ada")
    page.locator("#phone").fill("12345")
    page.locator(".askfirst-box input").check()
    gallery.press("shop-signup-wrong", "main .button")
    number = demo.new_number()
    visitor.sign_up(number, ticked=True)
    gallery.look("shop-welcome")
    gallery.open("shop-account-typed", "/account")
    visitor.order(number)
    gallery.look("shop-thanks")
    gallery.open("shop-thanks-orders", "/thanks?ask=orders")
    page.locator(".askfirst-yes").click()
    page.get_by_role("status").wait_for()
    gallery.look("shop-thanks-yes")
    visitor.open("/pickup")
    page.locator("#phone").fill(number)
    gallery.press("shop-pickup-done", "main .button")
    visitor.open("/counter")
    page.locator("#phone").fill(number)
    gallery.press("shop-counter-yes", "#call ~ form .askfirst-yes")


def walk_the_log_in(gallery: Gallery) -> None:
    """Log in with a code, with a message; then the account, and what may be sent."""
    demo, visitor = gallery.demo, gallery.visitor
    page, number = visitor.page, demo.new_number()
    gallery.open("shop-login-message", "/login/message")
    page.locator("#phone").fill(number)
    page.locator("main .button").click()
    page.locator(".askfirst-open").wait_for()
    gallery.look("shop-login-message-ready")
    gallery.open("shop-login", "/login")
    visitor.ask_for_code(number)
    gallery.look("shop-login-code")
    visitor.type_code("12345678")
    page.get_by_role("alert").wait_for()
    gallery.look("shop-login-code-wrong")
    visitor.type_code(demo.whatsapp_code(number))
    page.wait_for_url("**/account")
    gallery.look("shop-account")
    gallery.press("shop-account-refused", "button[value='offer']")
    visitor.sign_up(number, ticked=True)
    gallery.look("shop-welcome-proven")
    visitor.open("/account")
    gallery.press("shop-account-sent", "button[value='offer']")
    demo.act(number, "messages", text="STOP")
    wait_for(lambda: not demo.may_send(number))
    gallery.open("shop-account-stopped", "/account")


def walk_the_phone(gallery: Gallery) -> None:
    """The simulated phone: chats, codes, the question, the menu, and links that lead nowhere."""
    demo, visitor = gallery.demo, gallery.visitor
    page, number, simulator = visitor.page, demo.new_number(), demo.simulator
    inbox = f"{simulator}/inbox/{digits_of(number)}"
    gallery.open("phone-empty", inbox)
    visitor.open("/support")
    link = page.locator(".askfirst-open").get_attribute("href") or ""
    gallery.open("phone-link", link)
    page.goto(f"{link}&phone={digits_of(number)}")
    gallery.look("phone-ready")
    page.locator("form[action$='/write'] button").click()
    wait_for(lambda: demo.phone(number)["inbox"])
    gallery.open("phone-question", inbox)
    page.locator("form[action$='/tap'] button").first.click()
    wait_for(lambda: demo.may_send(number))
    visitor.log_in(number)
    page.locator("button[value='offer']").click()
    page.locator("#sent").wait_for()
    demo.act(number, "messages", text="STOP")
    wait_for(lambda: not demo.may_send(number))
    gallery.open("phone-story", inbox)
    page.locator("#menu > summary").click()
    gallery.look("phone-menu")
    without = demo.new_number()
    demo.act(without, "trouble", not_on_whatsapp=True)
    visitor.ask_for_code(without)
    demo.sms_code(without)
    gallery.open("phone-sms", f"{simulator}/inbox/{digits_of(without)}/sms")
    gallery.open("phone-troubled", f"{simulator}/inbox/{digits_of(without)}")
    gallery.open("phones", f"{simulator}/")
    gallery.open("phone-wrong", f"{simulator}/inbox?number=abc")
    gallery.open("phone-nobody", f"{simulator}/chat/15550109999?text={quote('Hello')}")
    gallery.open("phone-link-gone", f"{simulator}/chat/message/NONE")


def walk_the_choices(gallery: Gallery) -> None:
    """What one person has agreed to, with each reason why something is off; and the record."""
    demo, visitor = gallery.demo, gallery.visitor
    page, number = visitor.page, demo.new_number()
    visitor.log_in(number, ticked=True)
    open_choices(gallery)
    gallery.look("me-logged-in")
    with page.expect_download() as download:
        page.locator("a[download]").first.click()
    record = download.value.path().read_text()
    visitor.order(number)
    page.locator(".askfirst-no").click()
    page.get_by_role("status").wait_for()
    demo.act(number, "stop")
    open_choices(gallery)
    gallery.look("me-native-and-refused")
    gallery.press("me-off", "button[name=off]")
    page.locator("summary.quiet").first.click()
    gallery.look("me-turning-on")
    gallery.press("me-nothing-ticked", ".turn-on .button")
    gallery.press("me-stopped", "button[name=stop]")
    page.locator(".erase > summary").click()
    gallery.look("me-erasing")
    gallery.press("me-erasure-asked", "button[name=erase]")
    _check_records(gallery, record)
    informed = demo.new_number()
    visitor.log_in(informed)
    visitor.open("/pickup")
    page.locator("#phone").fill(informed)
    page.locator("main .button").click()
    page.wait_for_url("**/pickup?done=1")
    open_choices(gallery)
    gallery.look("me-informed")


def _check_records(gallery: Gallery, record: str) -> None:
    page = gallery.visitor.page
    verify = gallery.localised(f"{gallery.demo.server}/p/verify")
    for name, text in (("genuine", record), ("altered", record[:-4] + "AAAA"), ("none", "abc")):
        page.goto(verify)
        page.locator("textarea").fill(text)
        gallery.press(f"verify-{name}", "main button[type=submit]")


def open_choices(gallery: Gallery) -> None:
    gallery.visitor.open("/account")
    gallery.visitor.page.locator("form[action='/account/preferences'] button").click()
    gallery.visitor.page.wait_for_url("**/me/**")


def walk_the_hosted_pages(gallery: Gallery) -> None:
    """Join, with a mistake, and confirm; and how questions look that stand nowhere in the shop."""
    demo, visitor = gallery.demo, gallery.visitor
    page, number = visitor.page, demo.new_number()
    visitor.page.goto(gallery.place("join"))
    page.locator("#phone").fill("12345")
    page.locator("main input[type=checkbox]").check()
    gallery.press("join-wrong", "main button[type=submit]")
    page.locator("#phone").fill(number)
    gallery.press("thanks", "main button[type=submit]")
    demo.send_ready_text(number, page.locator(".way-in a.button").get_attribute("href") or "")
    wait_for(lambda: demo.may_send(number))
    page.reload()
    gallery.look("thanks-confirmed")
    for key in PROMPTS:
        gallery.open(f"preview-{key}", gallery.place(f"prompts/{key}"))


def walk_what_developers_see(gallery: Gallery) -> None:
    """The start page, the reference, and an address that leads nowhere."""
    server = gallery.demo.server
    gallery.open("home", f"{server}/")
    gallery.visitor.page.goto(f"{server}/docs")
    gallery.look("docs", is_long=True)
    gallery.open("home-nothing", f"{server}/static/nothing")
