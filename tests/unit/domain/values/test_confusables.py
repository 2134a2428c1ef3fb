"""Names that are what they look like, and names that only pretend."""

from __future__ import annotations

import pytest

from askfirst.domain.values.confusables import check_name, hidden_characters, mixed_words
from askfirst.domain.values.errors import InvalidInput

HONEST = (
    *("Café Lune", "L’Épicerie d’Anna", "Müller & Söhne GmbH", "7-Eleven", "O'Neill's <3"),
    *(
        "Ёлки-Палки",
        "МТС Bank",
        "ООО Romashka",
        "Роса",
        "Київстар",
        "Ελληνικός Καφές",
        "Αθήνα Coffee",
    ),
    *("قهوة القمر", "بيت IKEA", "קפה לונה", "चाय की दुकान", "ক্ষীর হাউস", "ร้านกาแฟ", "喫茶ルナ"),
    *(
        "ＡＢＣマート",
        "퐁당 Coffee",
        "Phở Hà Nội",
        "நம்ம கடை",
        "Shop 24",
        "Fish ☕️",
        "کتاب\u200cفروشی",
    ),
    *("क्\u200dष", "Cafe\u0301 Lune", "H&M", "🐟 Fisch"),
)
PRETENDING = (
    *(
        "Раypal",
        "Р\u0301aypal",
        "Со\u0301со Cola",
        "PаyPal",
        "Gооgle",
        "Сафe Lune",
        "Αmazon",
        "Сосо Cola",
        "Amazon Рау",
        "ԝhatsapp",
    ),
    *(
        "Café\u200bLune",
        "Lune\u202etxt",
        "\u2066Lune\u2069",
        "Lu\u00adne",
        "Lune\ufeff",
        "Lu\u2060ne",
    ),
    *(
        "L\u200dune",
        "Lune\u3164",
        "\u2800",
        "Lune\ufe0f",
        "Lu\u034fne",
        "Lune\U000e0041",
        "Lune\u061c",
    ),
    *("Café\nLune", "Café\tLune", " Lune", "Lune ", "", "   ", "x" * 101, "Caf\u00e9\u00a0Lune"),
    *(
        "{business}",
        "Lune}",
        "𝐋𝐮𝐧𝐞",
        "Ⓛune",
        "L\u0301\u0302\u0303\u0304une",
        "Lune\ue000",
        "Lu\x00ne",
    ),
)


@pytest.mark.parametrize("name", HONEST)
def test_honest_names_of_the_world_are_taken(name: str) -> None:
    assert check_name(name, "business") == name


@pytest.mark.parametrize("name", PRETENDING, ids=ascii)
def test_names_that_pretend_are_refused(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_name(name, "business")
    assert refused.value.field == "business"
    assert refused.value.message.startswith("must")


def test_whole_isolates_are_no_trick_and_broken_ones_are() -> None:
    assert hidden_characters("من \u2068Café\u2069 هنا") == ()
    assert hidden_characters("من \u2068Café هنا") == ("U+2068 FIRST STRONG ISOLATE",)


def test_words_are_mixed_only_inside_a_word() -> None:
    assert mixed_words("сообщения в WhatsApp, а не SMS") == ()
    assert mixed_words("WhаtsApp") == ("WhаtsApp",)
