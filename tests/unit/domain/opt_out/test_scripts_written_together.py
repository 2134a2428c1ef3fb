"""Latin letters and digits are written together with scripts that have no spaces."""

import pytest

from askfirst.adapters.lexicon_files import built_in_opt_out


@pytest.mark.parametrize(
    "text",
    [
        "WhatsAppへの連絡はもう要らないです",
        "LINEに送らないで",
        "0800000456にはもう送信しないでください",
    ],
)
def test_a_stop_is_read_after_letters_of_another_script(text: str) -> None:
    assert built_in_opt_out().read_typed(text).is_stop


@pytest.mark.parametrize("text", ["Tシャツの注文をキャンセルしたい", "QRコードが読めません"])
def test_other_matters_stay_what_they_are(text: str) -> None:
    assert not built_in_opt_out().read_typed(text).is_stop
