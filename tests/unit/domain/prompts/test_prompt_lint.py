"""Each rule about wording: cases where it speaks, and cases where it keeps quiet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from askfirst.adapters.wording_pattern_files import built_in_wording_patterns
from askfirst.domain.prompts.catalogue import Catalogue, Prompt, Vocabulary, Wording
from askfirst.domain.prompts.prompt import PromptKind, Surface
from askfirst.domain.prompts.prompt_lint import LintFinding, lint_catalogue
from askfirst.domain.prompts.prompt_rule import COUNTRIES, LintSeverity, parse_country
from askfirst.domain.prompts.prompt_rules import RULES
from askfirst.domain.value import replace
from askfirst.domain.values.errors import InvalidInput
from tests.support.opt_out import OPT_OUT

PATTERNS = built_in_wording_patterns()

WORDS = Vocabulary(
    stop="STOP",
    separator=", ",
    kinds={"authentication": "codes", "utility": "order updates", "marketing": "offers"},
    yes="Yes, please",
    no="No, thanks",
    open="Open WhatsApp",
    lines=(),
)
GOOD = "Messages from {business} on WhatsApp: {kinds}. To stop, reply {stop}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One wording, alone or beside others."""

    text: str = GOOD
    locale: str = "en"
    kind: PromptKind = PromptKind.QUESTION
    surface: Surface = Surface.SIGNUP
    purposes: tuple[str, ...] = ("marketing",)
    yes: str = ""
    no: str = ""
    open: str = ""
    after: str = ""
    kinds: str = ""
    stop: str = ""
    business: str = ""
    beside: str = ""

    def findings(self, country: str = "") -> tuple[LintFinding, ...]:
        own = Wording(
            text=self.text,
            yes=self.yes,
            no=self.no,
            open=self.open,
            after=self.after,
            kinds=self.kinds,
            stop=self.stop,
        )
        beside = {"en_US": Wording(text=self.beside)} if self.beside else {}
        prompt = Prompt(
            key="news",
            kind=self.kind,
            surface=self.surface,
            purposes=self.purposes,
            wordings={**beside, self.locale: own},
        )
        known = dict.fromkeys(("en", "fr", "de", "ar", "ru", "ja", "th"), WORDS)
        catalogue = Catalogue(
            prompts={"news": prompt}, vocabularies=known, opt_out=OPT_OUT, patterns=PATTERNS
        )
        return lint_catalogue(catalogue, country=country, business=self.business)


def say(locale: str, text: str) -> Case:
    return Case(locale=locale, text=text)


TELLS = "{business} sends you news about your order on WhatsApp. To stop, reply {stop}."


def notice(text: str = TELLS, locale: str = "en", **parts: Any) -> Case:
    parts = {"surface": Surface.ORDER, "purposes": ("utility.order",)} | parts
    return Case(kind=PromptKind.NOTICE, text=text, locale=locale, **parts)


SPEAKS: dict[str, tuple[Case, ...]] = {
    "names-business": (
        say("en", "Offers on WhatsApp: {kinds}. Reply {stop} to stop."),
        say("fr", "Offres par WhatsApp. Répondez {stop}."),
        replace(say("de", "Angebote von Mond per WhatsApp"), business="Café Lune"),
    ),
    "names-channel": (
        say("en", "Messages from {business}: {kinds}. {stop}"),
        say("ar", "رسائل من {business}: {kinds}. {stop}"),
        say("ja", "{business}からの{kinds}を受け取る。{stop}"),
    ),
    "names-kinds": (
        say("en", "Messages from {business} on WhatsApp. {stop}"),
        say("de", "Nachrichten von {business} per WhatsApp. {stop}"),
        say("ru", "Сообщения от {business} в WhatsApp. {stop}"),
        say("hi", "{business} से WhatsApp पर संदेश। {stop}"),
    ),
    "tells-stop": (
        say("en", "Messages from {business} on WhatsApp: {kinds}."),
        say("en", "Messages about nonstop offers from {business} on WhatsApp."),
        say("fr", "Recevoir par WhatsApp les offres de {business}."),
        say("ja", "{business}の{kinds}をWhatsAppで受け取る。"),
    ),
    "stop-is-understood": (Case(stop="goodbye"), Case(stop="pineapple"), Case(stop="MELD")),
    "stands-alone": (
        Case(kinds="offers. I accept the terms and conditions"),
        say("en", GOOD + " I accept the terms and conditions."),
        say("en", "By signing up I agree to " + GOOD),
        say("fr", GOOD + " J’accepte les conditions générales."),
        say("fr", "En vous inscrivant, vous acceptez : " + GOOD),
        say("de", GOOD + " Ich akzeptiere die AGB."),
        say("es", GOOD + " Acepto los términos y condiciones."),
        say("pt_BR", GOOD + " Aceito os termos de uso."),
        say("it", GOOD + " Accetto i termini e condizioni."),
        say("pl", GOOD + " Akceptuję regulamin."),
        say("ru", "Регистрируясь, вы соглашаетесь: " + GOOD),
        say("tr", GOOD + " Kullanım koşullarını kabul ediyorum."),
        say("ar", GOOD + " أوافق على الشروط والأحكام."),
        say("he", GOOD + " קראתי את תנאי השימוש."),
        say("hi", GOOD + " मैं नियम और शर्तें मानता हूँ।"),
        say("ja", GOOD + "利用規約に同意します。"),
        say("ko", GOOD + " 이용약관에 동의합니다."),
        say("zh_CN", GOOD + "注册即表示同意。"),
        say("vi", GOOD + " Tôi đồng ý với điều khoản."),
    ),
    "asks-one-thing": (
        Case(purposes=("utility", "marketing")),
        Case(purposes=("authentication", "marketing.offers")),
    ),
    "yes-means-yes": (
        Case(text="I do not {kinds} " + GOOD, kinds="want to miss"),
        say("en", "I do not want to miss " + GOOD),
        say("en", "Untick the box. " + GOOD),
        say("en", "I don’t object to " + GOOD),
        say("fr", "Je ne souhaite pas recevoir : " + GOOD),
        say("fr", "Décochez la case. " + GOOD),
        say("de", "Ich möchte keine " + GOOD),
        say("es", "No deseo recibir: " + GOOD),
        say("pt_PT", "Não quero receber: " + GOOD),
        say("it", "Non desidero ricevere: " + GOOD),
        say("nl", "Ik wil geen " + GOOD),
        say("ru", "Не хочу получать: " + GOOD),
        say("uk", "Не бажаю отримувати: " + GOOD),
        say("ar", "لا أريد تلقي " + GOOD),
        say("zh_TW", "我不希望收到" + GOOD),
        say("ja", GOOD + "不要な方はチェックを外してください。"),
        Case(surface=Surface.CHAT, yes="I don't want it"),
    ),
    "no-is-free": (
        Case(surface=Surface.CHAT, no="No, I hate saving"),
        Case(surface=Surface.CHAT, no="I'd rather pay more"),
        Case(surface=Surface.CHAT, locale="fr", no="Non, tant pis"),
        Case(surface=Surface.CHAT, locale="de", no="Ist mir egal"),
        Case(surface=Surface.CHAT, locale="es", no="Prefiero pagar más"),
        Case(surface=Surface.CHAT, locale="ru", no="Хочу переплачивать"),
        Case(surface=Surface.CHAT, locale="ja", no="損してもいい"),
    ),
    "only-informs": (
        notice(yes="Fine"),
        notice(after="Thank you"),
        notice(open="Go"),
        notice(TELLS + " Is that all right?"),
        notice(TELLS + "よろしいですか？", locale="ja"),
        notice(TELLS + " Συνεχίζουμε;", locale="el"),
        notice("هل ترغب في ذلك؟ " + TELLS, locale="ar"),
    ),
    "claims-no-consent": (
        notice("You agree to this. " + TELLS),
        notice("By ordering you get news. " + TELLS),
        notice(TELLS + " We have your permission."),
        notice("Vous acceptez ceci. " + TELLS, locale="fr"),
        notice("En commandant, vous recevez ceci. " + TELLS, locale="fr"),
        notice("Mit der Bestellung stimmen Sie zu. " + TELLS, locale="de"),
        notice("Aceptas esto. " + TELLS, locale="es"),
        notice("Concorda com isto. " + TELLS, locale="pt_PT"),
        notice("Acconsenti a questo. " + TELLS, locale="it"),
        notice("Je gaat akkoord. " + TELLS, locale="nl"),
        notice("Zgadzasz się na to. " + TELLS, locale="pl"),
        notice("Sunteți de acord. " + TELLS, locale="ro"),
        notice("Συμφωνείτε. " + TELLS, locale="el"),
        notice("Bunu kabul edersiniz. " + TELLS, locale="tr"),
        notice("Вы соглашаетесь. " + TELLS, locale="ru"),
        notice("Ви погоджуєтеся. " + TELLS, locale="uk"),
        notice("أنت توافق على ذلك. " + TELLS, locale="ar"),
        notice("זו הסכמה. " + TELLS, locale="he"),
        notice("आप सहमत हैं। " + TELLS, locale="hi"),
        notice("আপনি সম্মত। " + TELLS, locale="bn"),
        notice("Anda setuju. " + TELLS, locale="id"),
        notice("Anda bersetuju. " + TELLS, locale="ms"),
        notice("Bạn đồng ý. " + TELLS, locale="vi"),
        notice("คุณยินยอม " + TELLS, locale="th"),
        notice("即表示您同意。" + TELLS, locale="zh_CN"),
        notice("同意したことになります。" + TELLS, locale="ja"),
        notice("동의하게 됩니다. " + TELLS, locale="ko"),
    ),
    "is-about-orders": (
        notice(purposes=("marketing",)),
        notice(purposes=("authentication",)),
        notice(purposes=("utility.order", "marketing.offers")),
    ),
    "has-both-answers": (
        Case(surface=Surface.CHAT, yes="OK", no="ok"),
        Case(surface=Surface.CHAT, locale="fi", kinds="tarjoukset", stop="STOP", yes="Kyllä"),
    ),
    "places-are-known": (
        Case(text=GOOD + " {busines}"),
        Case(text=GOOD + " {}"),
        Case(text=GOOD + " {"),
        Case(surface=Surface.CHAT, yes="Yes, {business}"),
    ),
    "places-agree": (
        Case(beside="{business}, WhatsApp: {kinds}"),
        Case(beside=GOOD, after="{business}"),
    ),
    "can-be-filled": (Case(locale="fi"), Case(locale="fi", kinds="tarjoukset")),
    "looks-honest": (
        Case(text=GOOD + "\u200b"),
        Case(text=GOOD.replace("WhatsApp", "WhаtsApp, WhatsApp")),
        Case(text="\u202e" + GOOD),
        Case(text="\u2068" + GOOD),
        Case(kinds="off\u00aders"),
        Case(surface=Surface.CHAT, no="Nо, thanks"),
    ),
    "name-is-honest": (Case(business="Раypal"), Case(business="Lune\u202e")),
    "confirms-stop": (Case(business="lune.example"), Case(business="Café Lune: 50% off")),
    "fits-buttons": (
        Case(surface=Surface.CHAT, yes="Yes, send me all of it"),
        Case(surface=Surface.ORDER, no="No, thank you very much"),
        Case(surface=Surface.CHAT, text=GOOD + "x" * 1000),
    ),
    "fits-surface": (
        Case(text=GOOD + " More." * 60),
        Case(surface=Surface.PHONE, text=GOOD + " More." * 120),
        Case(surface=Surface.CODE, no="x" * 41),
    ),
    "language-is-read": (Case(locale="fi", kinds="x", stop="STOP"), Case(locale="sw")),
}
QUIET: dict[str, tuple[Case, ...]] = {
    "names-business": (
        replace(say("de", "Angebote von café  LUNE per WhatsApp"), business="Café Lune"),
    ),
    "names-channel": (
        say("ar", "رسائل من {business} عبر واتس اب: {kinds}. {stop}"),
        Case(surface=Surface.CHAT, text="May {business} write to you here: {kinds}? {stop}"),
    ),
    "names-kinds": (
        say("en", "Order updates from {business} on WhatsApp. {stop}"),
        say("de", "Angebote von {business} per WhatsApp. {stop}"),
        say("th", "รับโปรโมชั่นจาก {business} ทาง WhatsApp {stop}"),
        say("sw", "Ujumbe wa {business} kwa WhatsApp. {stop}"),
    ),
    "tells-stop": (
        say("en", "Offers from {business} on WhatsApp. You can opt out at any time."),
        say("en", "Offers from {business} on WhatsApp. Reply STOP to end them."),
        say(
            "fr",
            "Offres de {business} par WhatsApp. Pour vous désabonner, répondez « désabonner ».",
        ),
        say("ja", "{business}の{kinds}をWhatsAppで受け取る。「配信停止」と返信。"),
        say("hi", "{business} से WhatsApp पर {kinds}। रोकने के लिए “बंद करें” लिखें।"),
    ),
    "only-informs": (notice(), notice(no="Nicht per WhatsApp", locale="de")),
    "claims-no-consent": (
        notice(),
        notice("Opting out is easy. " + TELLS),
        notice("ستصلك أخبار الطلب. لإلغاء الاشتراك " + TELLS, locale="ar"),
    ),
    "is-about-orders": (notice(), notice(purposes=("utility",)), Case()),
    "stop-is-understood": (Case(stop="BAJA"), Case(stop="Désabonner"), Case(stop="退订")),
    "stands-alone": (
        say("en", GOOD + " Not a condition of purchase. See our privacy policy."),
        say("fr", GOOD + " Sans condition d’achat."),
        say("en", "Offers in the long term, from {business}, by WhatsApp. {stop}"),
        say("de", GOOD + " Unser Angebot: die Wagbestellung."),
    ),
    "asks-one-thing": (Case(purposes=("marketing.offers", "marketing.events")),),
    "yes-means-yes": (
        say("en", GOOD + " We do not share your number."),
        say("fr", GOOD + " Nous ne partageons pas votre numéro."),
        say("de", GOOD + " Wir geben Ihre Nummer nicht weiter."),
        say("zh_CN", GOOD + "我们不会分享您的号码。"),
    ),
    "no-is-free": (
        Case(surface=Surface.CHAT, no="No"),
        Case(surface=Surface.CHAT, no="Not now"),
        Case(surface=Surface.CHAT, locale="de", no="Lieber nicht"),
        Case(surface=Surface.CHAT, locale="fr", no="Non, merci"),
    ),
    "has-both-answers": (
        Case(surface=Surface.CHAT),
        Case(surface=Surface.SIGNUP, locale="fi", kinds="tarjoukset", stop="STOP"),
    ),
    "places-are-known": (Case(text=GOOD + " {order}"),),
    "places-agree": (Case(beside="{stop} {kinds} {business}"),),
    "can-be-filled": (Case(locale="fi", kinds="tarjoukset", stop="STOP"), Case(locale="fr_CA")),
    "looks-honest": (
        say("ru", GOOD + " Сообщения в WhatsApp."),
        say("ar", GOOD.replace("WhatsApp", "\u2068WhatsApp\u2069")),
        say("fa", GOOD + " می\u200cخواهم"),
        say("en", GOOD + " ☕️"),
    ),
    "name-is-honest": (Case(business="Café Lune"), Case(business="قهوة القمر")),
    "confirms-stop": (Case(business="Café Lune"), Case(business="قهوة القمر"), Case()),
    "fits-buttons": (
        Case(surface=Surface.CHAT, yes="x" * 20),
        Case(surface=Surface.CODE, yes="Receive it via WhatsApp"),
    ),
    "fits-surface": (Case(surface=Surface.PHONE, text=GOOD + " More." * 60),),
    "language-is-read": (Case(locale="pt_AO"), Case(locale="zh_Hant_HK")),
}


def rules_of(case: Case) -> set[str]:
    return {finding.rule.id for finding in case.findings()}


def cases(table: dict[str, tuple[Case, ...]]) -> list[tuple[str, Case]]:
    return [(rule, case) for rule, found in table.items() for case in found]


def test_each_rule_has_cases_of_both_kinds() -> None:
    ids = [rule.id for rule in RULES]
    assert sorted(ids) == sorted(SPEAKS) == sorted(QUIET)
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(("rule", "case"), cases(SPEAKS))
def test_a_rule_speaks(rule: str, case: Case) -> None:
    assert rule in rules_of(case)


@pytest.mark.parametrize(("rule", "case"), cases(QUIET))
def test_a_rule_keeps_quiet(rule: str, case: Case) -> None:
    assert rule not in rules_of(case)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_each_rule_says_why_who_says_so_and_what_to_do(
    rule: object,
) -> None:
    for name in ("asks", "reason", "source", "fix"):
        assert getattr(rule, name)


@pytest.mark.parametrize(
    ("country", "severity"),
    [("", "warning"), ("US", "warning"), ("EU", "error"), ("DE", "error"), ("BR", "error")],
)
def test_a_country_makes_a_rule_binding(country: str, severity: str) -> None:
    (finding,) = say("en", "Messages from {business} on WhatsApp: {kinds}.").findings(country)
    assert (finding.rule.id, finding.severity) == ("tells-stop", severity)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("names-business", "We send you news about your order on WhatsApp. Reply {stop} to stop."),
        ("names-channel", "{business} sends you news about your order. Reply {stop} to stop."),
        ("names-kinds", "{business} writes to you on WhatsApp. Reply {stop} to stop."),
        ("tells-stop", "{business} sends you news about your order on WhatsApp."),
    ],
)
def test_what_a_notice_must_say_is_binding_everywhere(rule: str, text: str) -> None:
    (finding,) = notice(text).findings()
    assert (finding.rule.id, finding.severity) == (rule, "error")
    assert [one.rule.id for one in notice().findings()] == []


def test_what_only_a_question_must_keep_is_not_asked_of_a_notice() -> None:
    several = notice(purposes=("utility.order", "marketing"))
    assert rules_of(several) == {"is-about-orders"}
    assert "only-informs" not in rules_of(Case(text=GOOD + " Is that all right?"))


def test_each_country_makes_a_rule_binding_that_is_not_elsewhere() -> None:
    binding = {
        country: {
            rule.id
            for rule in RULES
            if rule.severity is LintSeverity.WARNING
            and rule.severity_in(country, PromptKind.QUESTION) is LintSeverity.ERROR
        }
        for country in COUNTRIES
    }
    assert all(binding.values())


def test_errors_come_first_and_name_the_key() -> None:
    found = Case(text="Offers. " + "x" * 400, stop="pineapple").findings()
    weights = [finding.severity for finding in found]
    assert weights == sorted(weights)
    assert {finding.where for finding in found} == {
        "prompts.news.texts.en.text",
        "prompts.news.texts.en.stop",
    }


@pytest.mark.parametrize(("text", "country"), [("de", "DE"), ("UK", "GB"), ("eu", "EU"), ("", "")])
def test_a_country_is_read(text: str, country: str) -> None:
    assert parse_country(text) == country


def test_a_country_without_a_profile_is_refused() -> None:
    with pytest.raises(InvalidInput, match="must be one of EU"):
        parse_country("ZZ")
