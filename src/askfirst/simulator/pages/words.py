"""The words of the simulator's own pages, by language.

What people write to each other is theirs; these are the words around it. A language is all of
`Words` or nothing, so none is half translated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from askfirst.domain.values.errors import InvalidInput
from askfirst.domain.values.locales import closest_locale, parse_locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a page says. `{name}`, `{number}`, `{count}` and `{code}` are filled in."""

    # the start page
    title: str
    nothing_real: str
    open_phone: str
    number: str
    open: str
    phones_used: str
    received: str
    templates: str
    template_name: str
    template_language: str
    template_category: str
    template_status: str

    # a chat
    all_phones: str
    chats: str
    on_phone: str
    messages: str
    message: str
    send: str
    no_messages: str
    today: str
    yesterday: str
    delivered: str
    not_taken: str
    nobody_listens: str
    template: str
    copied: str
    expired: str

    # what a person can do
    menu: str
    stop_offers: str
    resume_offers: str
    sign_up: str
    block: str
    unblock: str
    mark_read: str
    you_stopped: str
    you_resumed: str
    you_signed_up: str
    you_blocked: str
    you_unblocked: str
    is_blocked: str

    # what can go wrong
    troubles: str
    troubles_on: str
    not_on_whatsapp: str
    no_delivery: str
    sms_fails: str
    fail_with: str
    set: str
    on: str
    off: str

    # text messages
    sms: str
    sms_no_answer: str

    # following a link into a chat
    open_chat: str
    which_phone: str
    another_phone: str
    text_ready: str
    link_gone: str
    link_gone_why: str
    nobody: str
    nobody_why: str
    businesses: str

    # what cannot be done
    no_such_page: str
    not_a_number: str
    empty_message: str
    not_possible: str


_TEXTS: Final[Mapping[str, Words]] = {
    "en": Words(
        title="Simulated WhatsApp",
        nothing_real="Nothing here is real: no message leaves this machine. "
        "Every well-formed number has a phone.",
        open_phone="Open the phone with number",
        number="Phone number",
        open="Open",
        phones_used="Phones that were used",
        received="{count} received",
        templates="Templates",
        template_name="Name",
        template_language="Language",
        template_category="Category",
        template_status="Status",
        all_phones="All phones",
        chats="Chats",
        on_phone="Phone {number}",
        messages="Messages",
        message="Message",
        send="Send",
        no_messages="No messages yet.",
        today="Today",
        yesterday="Yesterday",
        delivered="delivered",
        not_taken="not taken: {code}",
        nobody_listens="nobody listens",
        template="Template {name}",
        copied="Copied",
        expired="This code has expired",
        menu="Menu",
        stop_offers="Stop offers",
        resume_offers="Resume offers",
        sign_up="Sign up for offers by Meta's link",
        block="Block",
        unblock="Unblock",
        mark_read="Mark all as read",
        you_stopped="You stopped offers from this business.",
        you_resumed="You resumed offers from this business.",
        you_signed_up="You signed up for offers from this business.",
        you_blocked="You blocked this business.",
        you_unblocked="You unblocked this business.",
        is_blocked="You blocked this business. It can't reach you, and is not told.",
        troubles="What goes wrong",
        troubles_on="Something goes wrong on purpose:",
        not_on_whatsapp="Not on WhatsApp",
        no_delivery="Nothing is delivered",
        sms_fails="SMS fails",
        fail_with="Every message fails with error",
        set="Set",
        on="on",
        off="off",
        sms="SMS",
        sms_no_answer="These messages can't be answered.",
        open_chat="Open the chat with {name}",
        which_phone="On which phone?",
        another_phone="On the phone with number",
        text_ready="This text will be ready to send:",
        link_gone="This link has expired",
        link_gone_why="The business deleted it, or it never was. Ask the business for a new one.",
        nobody="This number isn't a business here",
        nobody_why="No business of this simulator has the number {number}.",
        businesses="Businesses you can write to",
        no_such_page="There is no such page.",
        not_a_number="That is not a phone number with its country code, "
        "for example +44\u00a07700\u00a0900123.",
        empty_message="A message needs some words.",
        not_possible="That can't be done here.",
    ),
    "fr": Words(
        title="WhatsApp simulé",
        nothing_real="Rien n’est réel ici : aucun message ne quitte cette machine. "
        "Chaque numéro bien formé a un téléphone.",
        open_phone="Ouvrir le téléphone au numéro",
        number="Numéro de téléphone",
        open="Ouvrir",
        phones_used="Téléphones déjà utilisés",
        received="reçus : {count}",
        templates="Modèles",
        template_name="Nom",
        template_language="Langue",
        template_category="Catégorie",
        template_status="État",
        all_phones="Tous les téléphones",
        chats="Discussions",
        on_phone="Téléphone {number}",
        messages="Messages",
        message="Message",
        send="Envoyer",
        no_messages="Pas encore de messages.",
        today="Aujourd’hui",
        yesterday="Hier",
        delivered="distribué",
        not_taken="refusé : {code}",
        nobody_listens="personne n’écoute",
        template="Modèle {name}",
        copied="Copié",
        expired="Ce code a expiré",
        menu="Menu",
        stop_offers="Arrêter les offres",
        resume_offers="Reprendre les offres",
        sign_up="S’inscrire aux offres par le lien de Meta",
        block="Bloquer",
        unblock="Débloquer",
        mark_read="Tout marquer comme lu",
        you_stopped="Vous avez arrêté les offres de cette entreprise.",
        you_resumed="Vous avez repris les offres de cette entreprise.",
        you_signed_up="Vous vous êtes inscrit aux offres de cette entreprise.",
        you_blocked="Vous avez bloqué cette entreprise.",
        you_unblocked="Vous avez débloqué cette entreprise.",
        is_blocked="Vous avez bloqué cette entreprise. Elle ne peut pas vous joindre, "
        "et n’en sait rien.",
        troubles="Ce qui se passe mal",
        troubles_on="Quelque chose se passe mal, exprès :",
        not_on_whatsapp="Pas sur WhatsApp",
        no_delivery="Rien n’est distribué",
        sms_fails="Les SMS échouent",
        fail_with="Chaque message échoue avec l’erreur",
        set="Régler",
        on="oui",
        off="non",
        sms="SMS",
        sms_no_answer="On ne peut pas répondre à ces messages.",
        open_chat="Ouvrir la discussion avec {name}",
        which_phone="Sur quel téléphone ?",
        another_phone="Sur le téléphone au numéro",
        text_ready="Ce texte sera prêt à envoyer :",
        link_gone="Ce lien a expiré",
        link_gone_why="L’entreprise l’a supprimé, ou il n’a jamais existé. "
        "Demandez-lui-en un nouveau.",
        nobody="Ce numéro n’est pas celui d’une entreprise d’ici",
        nobody_why="Aucune entreprise de ce simulateur n’a le numéro {number}.",
        businesses="Entreprises à qui vous pouvez écrire",
        no_such_page="Cette page n’existe pas.",
        not_a_number="Ce n’est pas un numéro de téléphone avec son indicatif, "
        "par exemple +33\u00a06\u00a039\u00a098\u00a001\u00a023.",
        empty_message="Un message a besoin de quelques mots.",
        not_possible="Ce n’est pas possible ici.",
    ),
    "ar": Words(
        title="واتساب تجريبي",
        nothing_real="لا شيء هنا حقيقي: لا تغادر أي رسالة هذا الجهاز. "
        "لكل رقم مكتوب كتابة صحيحة هاتف.",
        open_phone="فتح الهاتف صاحب الرقم",
        number="رقم الهاتف",
        open="فتح",
        phones_used="الهواتف المستخدمة",
        received="المستلَمة: {count}",
        templates="القوالب",
        template_name="الاسم",
        template_language="اللغة",
        template_category="الفئة",
        template_status="الحالة",
        all_phones="كل الهواتف",
        chats="الدردشات",
        on_phone="الهاتف {number}",
        messages="الرسائل",
        message="رسالة",
        send="إرسال",
        no_messages="لا توجد رسائل بعد.",
        today="اليوم",
        yesterday="أمس",
        delivered="تم التسليم",
        not_taken="لم تُقبل: {code}",
        nobody_listens="لا أحد يستمع",
        template="القالب {name}",
        copied="تم النسخ",
        expired="انتهت صلاحية هذا الرمز",
        menu="القائمة",
        stop_offers="إيقاف العروض",
        resume_offers="استئناف العروض",
        sign_up="الاشتراك في العروض عبر رابط ميتا",
        block="حظر",
        unblock="إلغاء الحظر",
        mark_read="تعليم الكل كمقروء",
        you_stopped="أوقفتَ العروض من هذا النشاط التجاري.",
        you_resumed="استأنفتَ العروض من هذا النشاط التجاري.",
        you_signed_up="اشتركتَ في عروض هذا النشاط التجاري.",
        you_blocked="حظرتَ هذا النشاط التجاري.",
        you_unblocked="ألغيتَ حظر هذا النشاط التجاري.",
        is_blocked="لقد حظرتَ هذا النشاط التجاري. لا يمكنه الوصول إليك، ولا يُبلَّغ بذلك.",
        troubles="ما يتعطّل",
        troubles_on="هناك عطل مقصود:",
        not_on_whatsapp="ليس على واتساب",
        no_delivery="لا يصل أي شيء",
        sms_fails="تفشل الرسائل القصيرة",
        fail_with="تفشل كل رسالة بالخطأ",
        set="ضبط",
        on="نعم",
        off="لا",
        sms="الرسائل القصيرة",
        sms_no_answer="لا يمكن الرد على هذه الرسائل.",
        open_chat="فتح الدردشة مع {name}",
        which_phone="على أي هاتف؟",
        another_phone="على الهاتف صاحب الرقم",
        text_ready="سيكون هذا النص جاهزًا للإرسال:",
        link_gone="انتهت صلاحية هذا الرابط",
        link_gone_why="حذفه النشاط التجاري، أو لم يوجد قط. اطلب منه رابطًا جديدًا.",
        nobody="هذا الرقم ليس لنشاط تجاري هنا",
        nobody_why="لا يوجد في هذا المحاكي نشاط تجاري يحمل الرقم {number}.",
        businesses="أنشطة تجارية يمكنك مراسلتها",
        no_such_page="لا توجد صفحة كهذه.",
        not_a_number="هذا ليس رقم هاتف مع رمز البلد، مثل \u2066+44\u00a07700\u00a0900123\u2069.",
        empty_message="تحتاج الرسالة إلى بعض الكلمات.",
        not_possible="لا يمكن فعل ذلك هنا.",
    ),
}
DEFAULT: Final = "en"
LANGUAGES: Final = tuple(_TEXTS)


def words_in(language: str) -> Words:
    """Give the words of one of `LANGUAGES`."""
    return _TEXTS[language]


def language_for(accepted: str) -> str:
    """Choose a language by `Accept-Language`; the first one wanted most that there is."""
    for wanted in _by_weight(accepted):
        try:
            found = closest_locale(parse_locale(wanted, "language"), LANGUAGES)
        except InvalidInput:
            continue
        if found:
            return found
    return DEFAULT


def _by_weight(accepted: str) -> list[str]:
    weighed = []
    for part in accepted.split(","):
        name, _, parameters = part.partition(";")
        weighed.append((_weight(parameters), name.strip()))
    return [name for weight, name in sorted(weighed, key=lambda pair: -pair[0]) if weight]


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
