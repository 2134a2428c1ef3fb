"""What a number's holder sends to say yes: short, whole, and never heard as a stop."""

from __future__ import annotations

import pytest

from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.domain.codes.code_words import answer_text
from askfirst.domain.prompts.interpolation import kinds_in_words
from askfirst.domain.values.purpose import CONSENTED
from tests.support.opt_out import OPT_OUT

VOCABULARIES = built_in_catalogue().vocabularies
NAMES = ("Café Lune", "Bus Stop", "Stop & Shop", "مقهى لونا")
LENGTH_MAX = 160


@pytest.mark.parametrize("business", NAMES)
@pytest.mark.parametrize("locale", VOCABULARIES)
def test_it_names_the_business_and_the_messages_in_every_language(
    locale: str, business: str
) -> None:
    vocabulary = VOCABULARIES[locale]
    for purpose in CONSENTED:
        kinds = kinds_in_words(vocabulary, (purpose.value,))
        text = answer_text(vocabulary.proof_answer, locale, business, kinds)
        assert business in text
        assert kinds in text
        assert "WhatsApp" in text or "واتساب" in text
        assert len(text) <= LENGTH_MAX
        reading = OPT_OUT.read_typed(f"{text} (AF-0123456789ABCDEFGHJKMNPQRS)", business=business)
        assert not reading.is_stop
