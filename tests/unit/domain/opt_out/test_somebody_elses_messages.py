"""Messages of a bank or of a film service are not ours to stop, wherever their name stands."""

import pytest

from askfirst.adapters.lexicon_files import built_in_opt_out


@pytest.mark.parametrize(
    "text",
    [
        "how do i stop the emails from netflix",
        "Unsubscribe from the newsletter of Allegro",
        "wypisz mnie z newslettera Allegro",
        "cancel my Netflix subscription",
        "как отписаться от рассылки Озона?",
        "Netflix aboneliğimi nasıl iptal ederim?",
        "cara stop sms telkomsel gimana?",
        "كيف أوقف رسائل موبايلي؟",
        "איך מסירים את עצמי מהניוזלטר של הבנק",
    ],
)
def test_a_stop_for_messages_of_somebody_else_is_none(text: str) -> None:
    assert not built_in_opt_out().read_typed(text).is_stop


@pytest.mark.parametrize(
    "text",
    [
        "stop the messages to my work number",
        "Please unsubscribe Maria Lopez from your list",
        "STOP texting me Anna",
        "no more messages on weekends please",
        "jangan kirim pesan ke hp kantor saya lagi",
        "تعبت من رسايلكم على جوال العمل وقفوها",
    ],
)
def test_a_stop_stays_one_where_a_thing_is_named_besides(text: str) -> None:
    assert built_in_opt_out().read_typed(text).is_stop


def test_the_business_s_own_name_beside_a_list_is_no_stranger() -> None:
    text = "Unsubscribe from the newsletter of Lumora"
    assert not built_in_opt_out().read_typed(text).is_stop
    assert built_in_opt_out().read_typed(text, business="Lumora").is_stop


@pytest.mark.parametrize(
    ("text", "business"),
    [
        ("unsubscribe me from Netflix", "Netflix"),
        ("cancel my Netflix subscription messages", "Netflix"),
        ("Stop Lumora mails", "Lumora"),
        ("unsubscribe from lumora", "Lumora"),
        ("как отписаться от рассылки Озона?", "Озона"),
    ],
)
def test_a_business_hears_a_stop_that_calls_it_by_its_name(text: str, business: str) -> None:
    assert not built_in_opt_out().read_typed(text).is_stop
    assert built_in_opt_out().read_typed(text, business=business).is_stop


@pytest.mark.parametrize(
    "text",
    [
        *("how do I stop the texts from my bank?", "अपने बैंक के मैसेज कैसे बंद करूँ?"),
        *("bankamın mesajlarını nasıl durdururum?", "πώς σταματάω τα sms της τράπεζας"),
        *("楽天のメルマガはどうやって解除しますか", "cum mă dezabonez de la eMAG?"),
        *("hvordan melder jeg meg av listen til Elkjøp?", "pesan dari bank saya tolong dihentikan"),
    ],
)
def test_messages_of_a_bank_or_a_shop_are_not_ours_wherever_their_owner_is_named(text: str) -> None:
    assert not built_in_opt_out().read_typed(text).is_stop
