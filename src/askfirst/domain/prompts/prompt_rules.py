"""The rules that a question or notice must keep, in the order in which they are reported."""

from __future__ import annotations

from typing import Final

from askfirst.domain.prompts.prompt import PromptKind
from askfirst.domain.prompts.prompt_checks import (
    asks_one_thing,
    can_be_filled,
    claims_no_consent,
    has_both_answers,
    is_about_orders,
    language_is_read,
    looks_honest,
    name_is_honest,
    names_business,
    names_channel,
    names_kinds,
    no_is_free,
    only_informs,
    places_agree,
    places_are_known,
    stands_alone,
    stop_can_be_confirmed,
    stop_is_understood,
    tells_stop,
    yes_means_yes,
)
from askfirst.domain.prompts.prompt_rule import LintSeverity, Rule
from askfirst.domain.prompts.prompt_sizes import check_button_sizes, check_surface_size

_EUROPE: Final = frozenset({"EU", "GB"})
_CONSENT_LAWS: Final = _EUROPE | {"BR", "IN"}
_QUESTIONS: Final = frozenset({PromptKind.QUESTION})
_NOTICES: Final = frozenset({PromptKind.NOTICE})

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        id="names-business",
        asks="The business is named.",
        reason="A yes is given to one business; without its name it is given to nobody.",
        source="Meta, Get opt-in for WhatsApp; GDPR recital 42; CASL s. 10(1)",
        fix="Put {business} into the text.",
        check=names_business,
    ),
    Rule(
        id="names-channel",
        asks="The words say that the messages come by WhatsApp.",
        reason="Who agrees to e-mail has not agreed to their phone; Meta no longer asks for the "
        "word, courts may.",
        source="GDPR Art. 4(11) and 7(2); LGPD Art. 8(4); DPDP Act s. 6(1)",
        fix="Say WhatsApp in the text.",
        check=names_channel,
        severity=LintSeverity.WARNING,
        errors_in=_CONSENT_LAWS,
        binds_notices=True,
    ),
    Rule(
        id="names-kinds",
        asks="The words say what kind of messages will come.",
        reason="A general yes covers nothing in particular.",
        source="GDPR Art. 4(11) and 6(1)(a); LGPD Art. 8(4); DPDP Act s. 6(1); CASL s. 10(1); "
        "Meta, Get opt-in, tips",
        fix="Put {kinds} into the text, or name them: offers, order updates, codes.",
        check=names_kinds,
        severity=LintSeverity.WARNING,
        errors_in=_CONSENT_LAWS | {"CA"},
        binds_notices=True,
    ),
    Rule(
        id="tells-stop",
        asks="The words say how to stop.",
        reason="People must know beforehand that they can take their yes back, and how.",
        source="GDPR Art. 7(3); LGPD Art. 8(5); DPDP Act s. 6(4); Meta, Get opt-in, tips",
        fix="Put {stop} into the text: Reply {stop} at any time to stop.",
        check=tells_stop,
        severity=LintSeverity.WARNING,
        errors_in=_CONSENT_LAWS,
        binds_notices=True,
    ),
    Rule(
        id="stop-is-understood",
        asks="The word that people are asked to send is understood as a stop.",
        reason="A promised way out that does nothing is worse than none.",
        source="Meta, WhatsApp Business Messaging Policy: honour every opt-out; GDPR Art. 7(3)",
        fix="Use the built-in word, or one that askfirst reads as a stop, such as STOP.",
        check=stop_is_understood,
    ),
    Rule(
        id="stands-alone",
        asks="The question is not bundled with terms, nor read out of another act.",
        reason="A yes inside a contract, or behind a button for something else, is not free.",
        source="GDPR Art. 7(2) and 7(4); CJEU C-673/17 (Planet49); LGPD Art. 8(1); CASL; DPDP Act "
        "s. 6(1); 47 CFR 64.1200(f)(9): no condition of purchase",
        fix="Ask apart from the terms, with a box or button of its own.",
        check=stands_alone,
        kinds=_QUESTIONS,
        severity=LintSeverity.WARNING,
        errors_in=_CONSENT_LAWS | {"CA", "US"},
    ),
    Rule(
        id="asks-one-thing",
        asks="One question asks for one purpose.",
        reason="Who wants codes may not want offers; one answer for both is no choice.",
        source="GDPR recitals 32 and 43; LGPD Art. 8(4); Meta, Get opt-in: separate opt-in per "
        "category",
        fix="Make a prompt for each purpose.",
        check=asks_one_thing,
        kinds=_QUESTIONS,
        severity=LintSeverity.WARNING,
        errors_in=_EUROPE | {"BR"},
    ),
    Rule(
        id="yes-means-yes",
        asks="A yes says yes: no tick that means no, no double negative.",
        reason="Who has to think twice which way the box goes has not clearly agreed.",
        source="GDPR Art. 7(2) and recital 32; CJEU C-673/17 (Planet49); CASL; DPDP Act s. 6(3)",
        fix="Say what happens with a yes, in one plain sentence.",
        check=yes_means_yes,
        kinds=_QUESTIONS,
        severity=LintSeverity.WARNING,
        errors_in=_CONSENT_LAWS | {"CA"},
    ),
    Rule(
        id="no-is-free",
        asks="Declining is neutral.",
        reason="A no that makes the person feel small presses them into a yes.",
        source="GDPR Art. 7(4) and recital 42; EDPB Guidelines 03/2022; India, Dark Patterns "
        "Guidelines 2023 (confirm shaming)",
        fix="Write: No, thanks.",
        check=no_is_free,
        severity=LintSeverity.WARNING,
        errors_in=_EUROPE | {"IN"},
    ),
    Rule(
        id="has-both-answers",
        asks="A question with buttons has a yes and a no, in different words.",
        reason="A choice has two sides, both as easy.",
        source="GDPR Art. 4(11) and 7(3); Meta, reply buttons: titles must be unique",
        fix="Give yes and no.",
        check=has_both_answers,
        kinds=_QUESTIONS,
    ),
    Rule(
        id="only-informs",
        asks="A notice has no answers and asks nothing.",
        reason="Where a yes can be given, only a yes counts: silence beside it is none.",
        source="GDPR recital 32: silence is no consent; CJEU C-673/17 (Planet49)",
        fix="Leave out yes, open and after and say it as a statement, or make it a question.",
        check=only_informs,
        kinds=_NOTICES,
    ),
    Rule(
        id="claims-no-consent",
        asks="A notice does not pretend that its reader agrees.",
        reason="Nobody agrees by reading, ordering or going on; a notice that says so deceives.",
        source="GDPR Art. 4(11) and recital 32; CJEU C-673/17 (Planet49); Meta, WhatsApp Business "
        "Messaging Policy: do not deceive",
        fix="Say what you will do: We send news about your order on WhatsApp.",
        check=claims_no_consent,
        kinds=_NOTICES,
    ),
    Rule(
        id="is-about-orders",
        asks="A notice is for utility messages only.",
        reason="Offers need consent by law, and a code is asked for; neither can be announced.",
        source="ePrivacy Directive 2002/58 Art. 13; GDPR Art. 6(1)(b): what a contract needs",
        fix="Name utility or a topic of it; make a question of anything else.",
        check=is_about_orders,
        kinds=_NOTICES,
    ),
    Rule(
        id="places-are-known",
        asks="Every placeholder can be filled in; buttons have none.",
        reason="People would read the braces.",
        source="askfirst",
        fix="Use {business}, {kinds}, {stop} and {order}, and those only.",
        check=places_are_known,
    ),
    Rule(
        id="places-agree",
        asks="Every language has the same placeholders.",
        reason="What one language tells, the other must not leave out.",
        source="GDPR Art. 4(11): informed, whatever the language",
        fix="Say the same in every language.",
        check=places_agree,
    ),
    Rule(
        id="can-be-filled",
        asks="There are words for every placeholder.",
        reason="Without them the question cannot be shown.",
        source="askfirst",
        fix="Give kinds and stop beside the text.",
        check=can_be_filled,
    ),
    Rule(
        id="looks-honest",
        asks="The words have no hidden characters and no letters that pass for others.",
        reason="What is shown must be what is recorded, and what it seems.",
        source="Unicode UTS 39; Meta, WhatsApp Business Messaging Policy: do not deceive",
        fix="Type the words anew, in the letters of their language.",
        check=looks_honest,
    ),
    Rule(
        id="name-is-honest",
        asks="The business's name is what it looks like.",
        reason="A name with borrowed letters passes for somebody else's.",
        source="Unicode UTS 39; Meta, WhatsApp Business Messaging Policy: do not deceive",
        fix="Write the name in one script, without invisible characters.",
        check=name_is_honest,
    ),
    Rule(
        id="confirms-stop",
        asks="The business's name can stand in the message that confirms a stop.",
        reason="A name with a link, a price or an offer would make an advertisement of it.",
        source="47 CFR 64.1200(a)(12): one confirmation, without marketing",
        fix="Give the name alone, as people know it: 60 characters at most.",
        check=stop_can_be_confirmed,
        severity=LintSeverity.WARNING,
    ),
    Rule(
        id="fits-buttons",
        asks="Text and buttons in the chat keep Meta's limits.",
        reason="Meta refuses a longer message: it would never be asked.",
        source="Meta, Interactive reply buttons: title 20, body 1024 characters",
        fix="Shorten.",
        check=check_button_sizes,
    ),
    Rule(
        id="fits-surface",
        asks="The question is short enough for where it is asked.",
        reason="What nobody reads, nobody agrees to.",
        source="GDPR Art. 7(2) and 12(1): concise, plain language",
        fix="Shorten; details belong on a page that the question links to.",
        check=check_surface_size,
        severity=LintSeverity.WARNING,
    ),
    Rule(
        id="language-is-read",
        asks="The language is one that these rules read word by word.",
        reason="Elsewhere terms, double negatives and shaming go unnoticed.",
        source="askfirst",
        fix="Have a native speaker check the wording.",
        check=language_is_read,
        severity=LintSeverity.WARNING,
    ),
)


def rules_for(kind: PromptKind) -> tuple[Rule, ...]:
    """Return the rules that a question, or a notice, must keep."""
    return _BY_KIND[kind]


_BY_KIND: Final = {kind: tuple(rule for rule in RULES if kind in rule.kinds) for kind in PromptKind}
