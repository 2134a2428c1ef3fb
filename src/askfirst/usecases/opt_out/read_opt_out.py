"""Read what a person typed to a business, with the words that are the business's own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

from askfirst.domain.entry_points.chat_code import without_codes
from askfirst.domain.opt_out.classifier import OptOutClassifier
from askfirst.domain.opt_out.reading import OptOutReading
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.purpose import BUILT_IN_TOPICS
from askfirst.ports.prompts.catalogue import HasCatalogue
from askfirst.ports.sending.asking_policy import HasAskingPolicy
from askfirst.ports.tenants.directory import HasDirectory


class ReadOptOutNeeds(HasCatalogue, HasDirectory, HasAskingPolicy, Protocol):
    """What this use case needs from the world."""


async def read_opt_out(
    services: ReadOptOutNeeds, business_id: BusinessId, text: str
) -> OptOutReading:
    """Return what the text asks the business to stop, if anything, or may be asking.

    The business's name matters both ways: a yes to messages from Stop & Shop stops nothing, and
    "stop Acme mails" is about somebody else's, unless the business is Acme.
    """
    opt_out, business = services.catalogue.opt_out, await services.directory.business(business_id)
    topics = _topic_words(opt_out, services.policy.topics)
    name = business.name if business else ""
    return opt_out.read_typed(without_codes(text), business=name, topics=topics)


@lru_cache(maxsize=16)
def _topic_words(
    opt_out: OptOutClassifier, topics: frozenset[str]
) -> Mapping[str, tuple[str, ...]]:
    """Return what people call the business's own topics: as they are named.

    A word for advertising of any kind, such as "offers", names no single topic: in doubt, a stop
    ends more. So does one about orders: the built-in topic is of a single order.
    """
    words = {name: name.partition(".")[2].replace("_", " ") for name in topics - BUILT_IN_TOPICS}
    return {name: (word,) for name, word in words.items() if not opt_out.names_marketing(word)}
