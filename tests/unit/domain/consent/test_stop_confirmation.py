"""The message that confirms a stop: its words, its language, and the name in it."""

from __future__ import annotations

import pytest

from askfirst.bootstrap.catalogue_files import built_in_catalogue
from askfirst.domain.consent.event import EventKind
from askfirst.domain.consent.standing import NOTHING_SAID, Standing, fold
from askfirst.domain.consent.stop_confirmation import (
    can_be_named,
    choose_locale,
    confirmation_text,
    is_in_force,
    newest_live_yes,
)
from askfirst.domain.opt_out.reading import StopScope
from askfirst.domain.prompts.confirmation_rules import confirmation_faults, sender_name_faults
from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.ids import Position
from askfirst.domain.values.locales import language_of, locale_of_country
from tests.properties.histories import event
from tests.support.opt_out import OPT_OUT, languages_of_stop, read_typed_stop

CATALOGUE = built_in_catalogue()
VOCABULARIES, PATTERNS = CATALOGUE.vocabularies, CATALOGUE.patterns
YES, NO = EventKind.GRANTED, EventKind.WITHDRAWN
OFFERS = ("marketing",)


def faults(words: str, *places: str) -> list[str]:
    return list(confirmation_faults(words, places, OPT_OUT, PATTERNS))


@pytest.mark.parametrize("locale", VOCABULARIES)
def test_its_words_hold_nothing_but_what_they_have_to_say(locale: str) -> None:
    words = VOCABULARIES[locale]
    assert faults(words.stopped_everything, "business") == []
    assert faults(words.stopped_kinds, "business", "kinds") == []


@pytest.mark.parametrize("locale", VOCABULARIES)
@pytest.mark.parametrize("business", ["Café Lune", "مقهى القمر", "קפה ירח", "月カフェ"])
def test_it_is_written_in_every_language(locale: str, business: str) -> None:
    words = VOCABULARIES[locale]
    of_all = confirmation_text(CATALOGUE, locale, business, ())
    of_offers = confirmation_text(CATALOGUE, locale, business, OFFERS)
    assert of_all.count(business) == of_offers.count(business) == 1
    assert words.kinds["marketing"] in of_offers
    assert words.kinds["marketing"] not in of_all
    assert "{" not in of_all + of_offers
    assert max(len(of_all), len(of_offers)) <= 300
    assert read_typed_stop(of_all) is None or language_of(locale) != "en"


def test_no_two_languages_say_it_in_the_same_words() -> None:
    texts = [words.stopped_everything for words in VOCABULARIES.values()]
    assert len(set(texts)) == len(texts) == 26


@pytest.mark.parametrize(
    "name", ["Café Lune", "Acme A/S", "Yahoo!", "7-Eleven", "Check24", "Canal+", "Gulf Market"]
)
def test_a_name_stands_in_it_as_it_is(name: str) -> None:
    assert list(sender_name_faults(name, OPT_OUT, PATTERNS)) == []
    assert name in confirmation_text(CATALOGUE, "en", name, ())


@pytest.mark.parametrize(
    "name",
    [
        "BUY NOW 50% OFF",
        "Acme: 50 off",
        "Acme, buy now",
        "Acme: big offers",
        "Acme – Angebote heute",
        "Acme 促销",
        "Acme 🎉",
        "Acme €5",
        "acme.example",
        "www.acme",
        "Acme https://a.example",
        "Acme @acme",
        "Acme +44 7700 900123",
        "Раypal",
        "Acme\u202e",
        "Acme\nmore",
        "a" * 61,
        "the shop that has all you want and more too",
        "{business}",
    ],
)
def test_a_name_that_is_more_than_a_name_does_not_stand_in_it(name: str) -> None:
    assert list(sender_name_faults(name, OPT_OUT, PATTERNS))
    with pytest.raises(InvalidInput) as refused:
        confirmation_text(CATALOGUE, "en", name, ())
    assert refused.value.field == "business"


@pytest.mark.parametrize(
    "words",
    [
        "No more messages.",
        "{business} {business}",
        "{business} {kinds}",
        "{business} will be back!",
        "{business}: 50 % off",
        "{business}: see a.example",
        "{business} has offers for you",
        "{business} 🎉",
        "{business}" + "x" * 300,
        "{business}\nPS",
    ],
)
def test_words_that_say_more_are_found(words: str) -> None:
    assert faults(words, "business")


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("STOP", ()),
        ("Stop!!", ()),
        ("Arrêtez svp", ("fr",)),
        ("plus de pub svp", ("fr",)),
        ("arrêtez de m'envoyer des messages", ("fr",)),
        ("bitte keine Werbung mehr", ("de",)),
        ("please stop sending me these offers", ("en",)),
        ("dejen de mandarme mensajes", ("es",)),
        ("parem de me mandar mensagens", ("pt",)),
        ("Não quero mais mensagens", ("pt",)),
        ("smettila di mandarmi messaggi", ("it",)),
        ("그만 보내세요", ("ko",)),
        ("配信停止", ("ja",)),
        ("ยกเลิก", ("th",)),
        ("dừng lại", ("vi",)),
        ("прекратите присылать", ("ru",)),
    ],
)
def test_the_language_of_a_stop_is_known_by_its_words(text: str, languages: tuple[str]) -> None:
    assert languages_of_stop(text) == languages


@pytest.mark.parametrize("locale", VOCABULARIES)
def test_the_word_that_a_language_tells_to_send_speaks_for_it_or_for_none(locale: str) -> None:
    stop = VOCABULARIES[locale].stop
    assert read_typed_stop(stop) is StopScope.EVERYTHING
    heard = languages_of_stop(stop)
    assert not heard or language_of(locale) in heard
    assert choose_locale(heard, [locale], VOCABULARIES) == locale


@pytest.mark.parametrize(
    ("heard", "known", "chosen"),
    [
        ((), (), "en"),
        ((), ("fr", "en", "de"), "fr"),
        (("de",), ("fr", "en"), "de"),
        (("pt",), ("en", "pt_PT"), "pt_PT"),
        (("pt",), ("en",), "pt_BR"),
        (("es", "pt"), ("pt_BR",), "pt_BR"),
        (("es", "pt"), (), "es"),
        (("zh",), ("zh_TW",), "zh_TW"),
        (("sw",), ("fr",), "fr"),
        (("sw",), (), "en"),
        ((), ("sw", "it"), "it"),
    ],
)
def test_the_word_decides_on_the_language_then_what_else_is_known(
    heard: tuple[str, ...], known: tuple[str, ...], chosen: str
) -> None:
    assert choose_locale(heard, known, VOCABULARIES) == chosen


def test_a_country_has_a_language_where_most_read_it() -> None:
    found = [locale_of_country(country) for country in ("BR", "PT", "HK", "AT", "GB", "BE", "")]
    assert found == ["pt_BR", "pt_PT", "zh_TW", "de", "", "", ""]


def test_a_stop_of_a_topic_has_no_words() -> None:
    assert can_be_named(())
    assert can_be_named(("marketing", "utility"))
    assert not can_be_named(("marketing.offers",))


def after(*acts: tuple[EventKind, tuple[str, ...]]) -> Standing:
    return fold(
        event(kind, number, position=Position(number), purposes=purposes)
        for number, (kind, purposes) in enumerate(acts, 1)
    )


def test_a_yes_counts_where_it_lives() -> None:
    assert newest_live_yes(NOTHING_SAID) == 0
    assert newest_live_yes(after((YES, OFFERS), (YES, ("utility",)))) == 2
    assert newest_live_yes(after((YES, OFFERS), (NO, ()))) == 0
    assert newest_live_yes(after((YES, OFFERS), (YES, ("utility",)), (NO, ("utility",)))) == 1
    assert newest_live_yes(after((NO, ()), (YES, ("marketing.offers",)))) == 2


def test_a_stop_holds_until_a_yes() -> None:
    assert not is_in_force(NOTHING_SAID, ())
    assert is_in_force(after((YES, OFFERS), (NO, ())), ())
    assert is_in_force(after((YES, OFFERS), (NO, ())), OFFERS)
    assert not is_in_force(after((NO, ()), (YES, ("utility",))), ())
    assert is_in_force(after((NO, ()), (YES, ("utility",))), OFFERS)
    assert is_in_force(after((YES, ("utility",)), (NO, OFFERS)), OFFERS)
    assert not is_in_force(
        after(
            (NO, OFFERS),
        ),
        (),
    )
    assert not is_in_force(after((NO, OFFERS), (YES, ("marketing.offers",))), OFFERS)
