"""What is wrong with a call-out is told by the name of the setting to change."""

from __future__ import annotations

import pytest

from askfirst.delivery.call_outs import (
    CallOutNotTaken,
    CallOutUnanswered,
    HeadReceiverByCallOut,
    ReceiverByCallOut,
    SignedCallOut,
    SmsByCallOut,
)
from askfirst.domain.values.errors import InvalidInput
from tests.support.clocks import FakeClock
from tests.unit.delivery.upstream import hangs, says, upstream

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SETTINGS: dict[str, type[SignedCallOut]] = {
    "ASKFIRST_SMS": SmsByCallOut,
    "ASKFIRST_EVENTS": ReceiverByCallOut,
    "ASKFIRST_HEAD": HeadReceiverByCallOut,
}
each = pytest.mark.parametrize("setting", SETTINGS)


@each
@pytest.mark.parametrize(
    "url", ["ftp://shop.example/x", "shop.example", "", "https://", "https://a:b@shop.example"]
)
def test_an_address_that_is_none_names_its_own_setting(setting: str, url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        SETTINGS[setting](url, SECRET, FakeClock())
    assert refused.value.field == f"{setting}_URL"


@each
@pytest.mark.parametrize("secret", ["", "whsec_!", "whsec_a"])
def test_a_secret_that_is_none_names_its_own_setting_and_not_itself(
    setting: str, secret: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        SETTINGS[setting]("https://shop.example", secret, FakeClock())
    assert refused.value.field == f"{setting}_SECRET"
    assert "whsec_!" not in str(refused.value)


@each
async def test_where_nobody_listens_the_setting_is_named(setting: str) -> None:
    async with upstream(hangs) as up:
        pass
    call_out = SETTINGS[setting](up.url, SECRET, FakeClock())
    with pytest.raises(CallOutNotTaken, match=f"^{setting}_URL: cannot connect: "):
        await call_out.post("one", b"{}")
    await call_out.close()


@each
async def test_what_is_not_taken_names_the_setting_and_the_status(setting: str) -> None:
    async with upstream(says(b"HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n")) as up:
        call_out = SETTINGS[setting](up.url, SECRET, FakeClock())
        with pytest.raises(CallOutNotTaken, match=f"^{setting}_URL: the answer was 503"):
            await call_out.post("one", b"{}")
        await call_out.close()


@each
async def test_what_is_not_answered_names_the_setting(setting: str) -> None:
    async with upstream(hangs) as up:
        call_out = SETTINGS[setting](up.url, SECRET, FakeClock(), answer_seconds=0.1)
        with pytest.raises(CallOutUnanswered, match=f"^{setting}_URL: no whole answer"):
            await call_out.post("one", b"{}")
        await call_out.close()
