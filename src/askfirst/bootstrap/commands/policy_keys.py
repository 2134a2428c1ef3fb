"""What each key of the policy file means: one sentence, and what holds where it is not there."""

from __future__ import annotations

from typing import Final

KEYS: Final = {
    "topics": (
        "The topics of the business, in finer grain than Meta's categories.",
        "none; `utility.order` is always there",
    ),
    "purposes.<purpose>.assurance_min": (
        "How sure a yes must be: asserted, shown or confirmed.",
        "shown",
    ),
    "purposes.<purpose>.number_proof_min": (
        "How sure it must be whose number it is: typed, vouched or proven.",
        "typed; vouched for marketing",
    ),
    "purposes.<purpose>.age_days_max": (
        "How many days ago the yes may have been said; 0 is for ever.",
        "0; 365 for marketing",
    ),
    "purposes.<purpose>.idle_days_max": (
        "How many days the person may have been silent; 0 is for ever.",
        "0",
    ),
    "purposes.<topic>.age_days_max": (
        "How many days a yes to just this topic lives, where that is less.",
        "60 for `utility.order`",
    ),
    "countries.<code>.<purpose>": (
        "The same four for numbers of one country; it wins over what askfirst knows of its law.",
        "what the law asks, as far as askfirst knows it",
    ),
    "countries.<code>.hours": (
        "Marketing's hours for one country: narrower than its law, or any where it has none.",
        "the hours of the law, or of custom",
    ),
    "hours": (
        "Marketing's hours wherever no law has its own: `every_day`, `weekdays`, single days.",
        "every day from 08:00 to 20:00",
    ),
    "calls_rules_for_messages": (
        "Whether hours that are law for calls only hold for messages, too: apply or ignore.",
        "apply",
    ),
    "templates": (
        "Which topic a template belongs to; it counts only while Meta's category agrees.",
        "none",
    ),
    "template_checks.became_marketing": (
        "What is done with a template that Meta moved to marketing: pause (until accepted), warn.",
        "pause",
    ),
    "template_checks.without_stop": (
        "What is done with a marketing template that does not say how to stop: warn or refuse.",
        "warn",
    ),
    "template_checks.utility_like_ad": (
        "What is done with a utility template that reads like an advertisement: warn or refuse.",
        "warn",
    ),
    "template_checks.reply_like_ad": (
        "What is done with a campaign's free-form reply that reads like one: warn or refuse.",
        "warn",
    ),
    "embargoed": ("The countries to which nothing is sent.", "CU, IR, KP, SY"),
    "marketing_withheld": ("The countries to which no marketing is sent.", "US"),
    "native_stop_covers_business": (
        "Whether Meta's own stop for one sender holds for all of them.",
        "true",
    ),
    "inbound_first": (
        "The countries where a number proves itself by a message, unless a code is asked for.",
        "none",
    ),
    "frequencies": (
        "What people may choose from who want offers less often: at most so many in so many days.",
        "none",
    ),
    "notices.enough_for": (
        "The utility messages for which a notice stands in for a yes.",
        "`utility.order`",
    ),
    "notices.not_in": ("The countries in which a notice is never enough.", "CO, US"),
    "caps.<category>.<span>": (
        "How many messages of a purpose a person gets in any day, week or month; 0 is no cap.",
        "1, 2 and 6 for marketing; none for the others",
    ),
    "caps.<topic>.<span>": (
        "The same for one topic, which counts towards its purpose, too.",
        "none",
    ),
    "caps.overall.<span>": (
        "The same for marketing and utility together.",
        "none",
    ),
    "caps.also_counted": (
        "What else counts towards `overall`: authentication (codes), service (replies), or both.",
        "none",
    ),
    "duplicates.<category>": (
        "For how many minutes the same content does not go to one person twice; 0 is not at all.",
        "1440 for marketing, 10 for utility, 0 for the others",
    ),
    "pace.pair_seconds": (
        "How many seconds a sender leaves between two messages to one person; 0 is no limit.",
        "6",
    ),
    "pace.pair_burst": (
        "How many messages to one person may follow each other at once and be waited for later.",
        "45",
    ),
    "pace.messages_per_second": (
        "How many messages a sender sends in a second; 0 is no limit.",
        "80",
    ),
}
"""By the key as it is written, with `<…>` for what the business names."""
