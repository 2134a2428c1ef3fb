"""Sentences that ask for messages to stop, by language.

Each row reads one clause at a time, lower-cased, without accents and apostrophes, words one space
apart (see `keywords.py`). A row is tried only when one of its `anchors` is in the message, so an
ordinary message costs one set comparison. `unless` is what turns the sentence round ("don't stop
sending offers"): the row does not count when those words stand right before it.

Repetition is always bounded and made of listed words, so that no text can make a row slow.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Phrase(NamedTuple):
    """One way to say it: words that must be present, the sentence, and what negates it."""

    anchors: str
    text: str
    unless: str = ""


_EN_NOT = (
    r"(?:dont|do not|dnt|not|never|cant|cannot|can not|wont|didnt|doesnt|isnt"
    r"|wouldnt|shouldnt"
    r"|undo|if|unless|until|did|why did|why have|before|without|non|no need to"
    r"|havent|wasnt) "
    r"(?:(?:you|u|they|them|it|to|ever|please|just|want|need|wish|like|asking|ask"
    r"|let|us|i|we|be"
    r"|going|trying|mean|meant|really|actually|mind|off|have|had|my) ){0,6}"
)
# What is to stop is the rarer word of the sentence, so it is the anchor; "want" would not be.
_EN_THINGS = (
    "message messages msgs texts text sms whatsapp whatsapps notification"
    " notifications alert alerts"
    " updates spam spams stuff ads adverts advertisement advertisements advertising promo promos"
    " promotion promotions promotional offers deals marketing newsletter newsletters communication"
    " communications broadcast broadcasts emails junk nonsense crap"
)
_EN_PLURALS = (
    r"(?:messages|msgs|texts|text messages|sms|whatsapps?|notifications?|alerts"
    r"|updates"
    r"|spam|spams|stuff|ads|adverts|advertisements|advertising|advertisement"
    r"|promos?|promotions?"
    r"|promotional|offers|deals|marketing|newsletters?|communications?|broadcasts?"
    r"|emails|junk"
    r"|nonsense|crap)"
)
_EN_NOUNS = r"(?:message|" + _EN_PLURALS + r")"
_EN_LOOSE = (
    r"(?:(?:any|all|your|the|these|those|this|that|so|many|more|such|me|us|of|out"
    r"|with) )"
)
_EN_ME = r"(?:me|us|my phone|this number|my number|this phone)"
_EN_VERBS = (
    r"texting|messaging|contacting|spamming|bothering|harassing|whatsapping"
    r"|disturbing"
)

_EN = (
    Phrase(
        "stop stopp quit cease",
        r"(?:stop|stopp|quit|cease) (?:"
        + _EN_VERBS
        + r"|annoying|pinging|msging|txting|pestering|writing to|writing|messagin|textin) "
        + _EN_ME,
        _EN_NOT,
    ),
    Phrase(
        "stop stopp quit cease",
        r"(?:stop|stopp|quit|cease) (?:" + _EN_VERBS + r"|calling me|sending me|sending)\Z",
        _EN_NOT,
    ),
    Phrase(
        "stop stopp quit cease",
        r"(?:stop|stopp|quit|cease) (?:sending|pushing|delivering|forwarding|w|with) "
        + _EN_LOOSE
        + r"{0,5}(?:"
        + _EN_NOUNS
        + r"|(?:me |us )?(?:these|this|those|things|anything)(?: please| now)?\Z)",
        _EN_NOT,
    ),
    Phrase(
        "stop stopp cease cancel end",
        r"(?:stop|stopp|cease|cancel|end) (?:(?:all|your|the|these|those|any|my|more)"
        r" ){0,3}" + _EN_PLURALS,
        _EN_NOT,
    ),
    Phrase(
        "stop",
        r"(?:told|tell|asked|ask|begged|telling|asking|want|need|warned|said)"
        r" (?:(?:you|u|them|this|these|it|your|messages|guys|people|for|many|times"
        r"|already) ){0,4}to "
        r"(?:please )?stop(?: now| please| already| this| it| that)?\Z",
        _EN_NOT,
    ),
    Phrase(
        "stop",
        r"(?:if you (?:dont|do not)|why (?:dont|cant|wont) you|please) "
        r"(?:please |just |ever )?stop(?:(?: this| it| that| now)?\Z| (?:"
        + _EN_VERBS
        + r") "
        + _EN_ME
        + r")",
        r"(?:dont|never) ",
    ),
    Phrase("stop", r"(?:make|making) (?:it|this|these|them) stop\Z", _EN_NOT),
    Phrase(
        "unsubscribe unsub unsubcribe unsuscribe unsubscribing unsubscribed",
        r"(?:unsubscribe|unsub|unsubcribe|unsuscribe|(?:be|get me) unsubscribed)"
        r"(?!(?: \S+){0,3} (?:mistake|accident|accidentally))",
        _EN_NOT + r"|(?:accidentally|mistakenly) (?:clicked |pressed |hit |tapped )?|keep ",
    ),
    Phrase(
        "opt opting optout",
        r"(?:opt (?:me |us )?out|opting out|optout)(?: (?:please|now|thanks))?(?:\Z|"
        r" (?:of|from) "
        r"(?:(?:all|your|the|these|any|this|receiving|getting|further|future) ){0,4}(?:"
        + _EN_NOUNS
        + r"|this|these|list|lists|everything))",
        _EN_NOT,
    ),
    Phrase(
        "remove take delete unlist",
        r"(?:remove|take|delete|unlist) (?:me|us|my number|my phone number|my name|my"
        r" contact"
        r"|this number)(?: please)?(?:\Z| (?:from|off|out)(?: (?:of|from))? "
        r"(?:(?:your|the|this|that|these|all|any|of|mailing|marketing|contact|text"
        r"|messaging"
        r"|whatsapp|broadcast|distribution|sms) ){0,4}(?:lists?|database|db|contacts"
        r"|system|group"
        r"|broadcasts?|records|" + _EN_NOUNS + r"))",
        _EN_NOT + r"|(?:you|u|they|it|will) ",
    ),
    Phrase("take", r"take (?:me|my number|us) off(?: please| now)?\Z", _EN_NOT),
    Phrase("stop", r"\Astop (?:i (?:dont|do not|didnt|never)|im not|who|wrong number|leave)"),
    Phrase("lose", r"lose (?:my|this) number", _EN_NOT),
    Phrase("alone", r"leave (?:me|us) (?:the \S+ )?alone", _EN_NOT),
    Phrase(
        "dont not never dnt",
        r"(?<!you )(?<!u )(?<!they )(?<!he )(?<!she )(?<!we )(?<!why )(?<!i )"
        r"(?:dont|do not|dnt|never) (?:ever )?(?:please )?(?:contact|message|text|msg"
        r"|txt|whatsapp"
        r"|write to|write|send|disturb|bother|spam) (?:" + _EN_ME + r"|messages|texts|any)"
        r"(?: (?:anymore|any|more|again|ever|please|anything|these|your|such|those|here"
        r"|on|further"
        r"|future|with|about|this|number|via|" + _EN_NOUNS + r")){0,8}\Z",
        r"(?:if you|if u|if|when you|because you|that you) ",
    ),
    Phrase(
        _EN_THINGS,
        r"(?:(?<=please )|(?<=want )|(?<=and )|(?<=ok )|\A)no more (?:of )?"
        r"(?:(?:these|your|such|of|promotional|marketing|whatsapp|spam|text|annoying)"
        r" ){0,3}" + _EN_PLURALS + r"(?! (?:to|in))",
    ),
    Phrase(
        _EN_THINGS,
        r"(?:dont|do not|dnt|no longer|not|never) (?:want|wish|need|like|wanna)"
        r"(?: (?:to|receive|receiving|get|getting|be|have|having|see|hear|any|more|your"
        r"|these|those"
        r"|the|this|all|from|you|such|further|sent|u|of|kind|type|sending|me)){0,8} "
        + _EN_NOUNS
        + r"(?! (?:to|about|ending))",
        r"(?:you|u|they|if you|if) ",
    ),
    Phrase(
        "contacted messaged texted spammed disturbed bothered hear hearing message text"
        " contact write",
        r"(?:dont|do not|dnt|no longer) (?:want|wish) (?:(?:to be|being) (?:contacted"
        r"|messaged"
        r"|texted|spammed|disturbed|bothered)|(?:you|u) to (?:message|text|contact"
        r"|write to) me\Z"
        r"|(?:to )?(?:hear|hearing) from (?:you|u|this company)(?: again| anymore)?\Z)",
    ),
    Phrase(
        "consent permission",
        r"(?:revoke|withdraw|revoking|withdrawing) (?:my |all |the )?(?:consent"
        r"|permission)",
        _EN_NOT,
    ),
)

_DE_NOUNS = (
    r"(?:nachrichten?|werb\S*|angebote?|newsletter|mails?|sms|whatsapps?|spam"
    r"|benachrichtigungen"
    r"|reklame|mitteilungen|infos|promo\S*)"
)
_DE_LOOSE = (
    r"(?:(?:mir|uns|bitte|mehr|weitere|ihre|eure|diese|solche|die|von|ihnen|euch|so"
    r"|viele|an|mich|diesen) ){0,5}"
)
_DE = (
    Phrase(
        "keine",
        r"(?:(?<=bitte )|(?<=moechte )|(?<=mochte )|(?<=will )|(?<=mir )|(?<=senden sie"
        r" )|(?<=ich )|(?<=ab sofort )|(?<=gerne )|\A)keine "
        + _DE_LOOSE
        + _DE_NOUNS
        + r"(?: (?:von|an|auf|uber|whatsapp|ihnen|euch|mich|mehr|bitte|senden|schicken"
        r"|bekommen|erhalten|haben|empfangen|zusenden)){0,6}\Z",
        r"(?:warum|wieso|habe|bekomme|erhalte|leider|noch)(?: (?:ich|mir)){0,2} ",
    ),
    Phrase(
        "abmelden abbestellen austragen abbestelle abmeldung",
        r"(?:mich|newsletter|nachrichten|werbung|bitte|das|alles|uns)(?: (?:bitte|hier"
        r"|davon|von|allem|gerne|wieder)){0,3}"
        r" (?:abmelden|abbestellen|austragen)",
        r"(?:nicht|nie) (?:mich )?",
    ),
    Phrase(
        "meldet melden melde", r"(?:melde[nt]?|trag(?:en|t)?) (?:sie )?mich (?:bitte )?(?:ab|aus)\Z"
    ),
    Phrase(
        "schreiben schreibt schreib senden sendet schicken schickt kontaktieren kontaktiert",
        r"(?:schreib(?:en|t)?|schick(?:en|t)?|send(?:en|et)?|kontaktier(?:en|t)?)"
        r" (?:sie )?(?:mir|mich) (?:bitte )?"
        r"(?:nicht mehr|nie wieder|nichts mehr|keine (?:\S+ )?" + _DE_NOUNS + r")",
        r"(?:warum|wieso|sie|ihr) ",
    ),
    Phrase(
        "hor hort horen",
        r"hor(?:t|en sie)? (?:bitte |endlich |sofort )?auf(?: (?:mir|mich|damit|zu"
        r"|nachrichten|werbung|schreiben|nerven|senden|schicken|belastigen"
        r"|bitte)){0,5}\Z",
        r"nicht ",
    ),
    Phrase(
        "verteiler",
        r"(?:mich|uns|meine nummer) (?:bitte )?(?:aus|von) (?:dem|ihrem|eurem) verteiler",
        r"nicht ",
    ),
    Phrase("ruhe", r"(?:lass(?:t|en sie)?) (?:mich|uns) (?:bitte |endlich )?in ruhe"),
    Phrase(
        "aufhoren aufhoeren",
        r"(?:sollt|sollen|bitte|endlich|damit|konnen|konnt)(?: (?:ihr|sie|damit|mir"
        r"|bitte|endlich|zu|schreiben|nachrichten)){0,5} aufh(?:o|oe)ren",
        r"nicht ",
    ),
    Phrase(
        "stoppt stoppen",
        r"(?:stopp(?:t|en)?) (?:sie )?(?:bitte )?(?:diese |die |eure |ihre |alle )?" + _DE_NOUNS,
        r"nicht ",
    ),
    Phrase("widerrufe", r"widerrufe (?:hiermit )?(?:meine|die) (?:einwilligung|zustimmung)"),
)

_NL_NOUNS = (
    r"(?:berichten|berichtjes|appjes|reclame|aanbiedingen|sms|sms jes|nieuwsbrief"
    r"|meldingen|spam|promo\S*)"
)
_NORTH = (
    Phrase(
        "berichten berichtjes appjes reclame aanbiedingen sms nieuwsbrief meldingen spam",
        r"(?:wil|wens) (?:graag )?(?:geen|niet)(?: (?:meer|langer|van|jullie|deze"
        r"|verdere|u)){0,4} (?:"
        + _NL_NOUNS
        + r")(?: (?:meer|ontvangen|krijgen|van|jullie|u)){0,5}\Z",
    ),
    Phrase(
        "stuur stuurt sturen app",
        r"(?:stuur|stuurt|sturen|app)(?: u)? (?:mij|me) (?:aub |alsjeblieft )?(?:geen"
        r"|niet)(?: (?:meer|deze)){0,2}(?:\Z| " + _NL_NOUNS + r")",
    ),
    Phrase(
        "afmelden uitschrijven",
        r"(?:me|mij|ons)(?: (?:graag|hiervoor|hier|van|deze|dit)){0,3} (?:afmelden"
        r"|uitschrijven)",
        r"niet ",
    ),
    Phrase(
        "stop",
        r"stop (?:met|a) (?:mij |me )?(?:te )?(?:berichten |reclame )?(?:te )?(?:sturen"
        r"|appen|berichten|spammen|mailen)",
        r"niet ",
    ),
    Phrase(
        "stoppen", r"(?:kunnen|kun|willen|wil) (?:jullie|u|je) (?:aub |alsjeblieft |nu )?stoppen\Z"
    ),
    Phrase("rust", r"laat (?:mij|me) met rust"),
    Phrase(
        "lijst",
        r"(?:haal|verwijder) (?:mij|me|mijn nummer) (?:van|uit) (?:de|jullie|uw|deze)"
        r" lijst",
        r"niet ",
    ),
    Phrase(
        "skicka skickar",
        r"(?:skicka inte|sluta skicka|skicka inga)(?: (?:mig|fler|mer|sms|till"
        r"|meddelanden|reklam|erbjudanden|de|dessa)){0,5}\Z",
        r"inte ",
    ),
    Phrase(
        "meddelanden reklam erbjudanden sms utskick",
        r"vill inte (?:langre )?(?:ha|fa)(?: (?:fler|mer|era|dessa|nagra)){0,2}"
        r" (?:meddelanden|reklam|erbjudanden|sms|utskick)",
    ),
    Phrase("avregistrera", r"avregistrera mig", r"inte "),
    Phrase(
        "ikke slutt hold lad stop",
        r"(?:ikke send(?:e)?|slutt a sende|hold op med at sende|stop med at sende|lad"
        r" vaere med at sende)(?: (?:meg|mig|til|flere|mer|meldinger|beskeder|sms"
        r"|reklame|tilbud)){0,5}\Z",
    ),
    Phrase(
        "meldinger beskeder reklame tilbud sms",
        r"vil ikke (?:lengere |laengere |lenger )?(?:ha|have|motta|modtage)(?: (?:flere"
        r"|mer|disse|jeres|deres)){0,2} (?:meldinger|beskeder|reklame|tilbud|sms)",
    ),
    Phrase("meld", r"meld (?:meg|mig) (?:av|fra)\Z"),
    Phrase(
        "lahettako lahettakaa lahettaa lahettaminen",
        r"alkaa (?:enaa )?lahettako|(?:lopettakaa|lopeta) (?:viestien |mainosten"
        r" )?lahettaminen",
    ),
    Phrase(
        "viesteja mainoksia",
        r"(?:en halua|ei enaa)(?: (?:enaa|saada|vastaanottaa|teilta|naita"
        r"|enempaa)){0,4} (?:viesteja|mainoksia)",
    ),
)

GERMANIC: Final[tuple[Phrase, ...]] = (*_EN, *_DE, *_NORTH)

# Those of one language: they tell in which one somebody said it.
PHRASES: Final[dict[str, tuple[Phrase, ...]]] = {"en": _EN, "de": _DE}
