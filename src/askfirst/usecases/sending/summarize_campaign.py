"""Sum up a campaign: how many of its sends left or not, by reason, and of how many people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from askfirst.decision.question import check_campaign
from askfirst.domain.values.ids import BusinessId
from askfirst.domain.values.timestamp import Instant
from askfirst.ports.sending.decision_archive import HasDecisionArchive, ReasonCount

_WHOLE = 1000


class ReasonShare(NamedTuple):
    """One reason's part of a campaign. `permille`: those of all reasons sum to exactly 1000."""

    counted: ReasonCount
    permille: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSummary:
    """The decisions under a label, the most frequent reason first; none where nothing was sent."""

    campaign: str
    since: Instant
    shares: tuple[ReasonShare, ...]

    @property
    def decisions(self) -> int:
        """How many decisions there are."""
        return sum(share.counted.decisions for share in self.shares)


async def summarize_campaign(
    services: HasDecisionArchive, business_id: BusinessId, campaign: str, since: Instant
) -> CampaignSummary:
    """Count the decisions under a label since a moment.

    Raises:
        InvalidInput: `campaign` is no label.
    """
    label = check_campaign(campaign, "campaign")
    counts = await services.decision_archive.count_campaign(business_id, label, since)
    ordered = sorted(counts, key=lambda each: (-each.decisions, each.verdict, each.reason))
    parts = permilles([each.decisions for each in ordered])
    shares = tuple(map(ReasonShare, ordered, parts))
    return CampaignSummary(campaign=label, since=since, shares=shares)


async def summarize_campaigns(
    services: HasDecisionArchive, business_id: BusinessId, since: Instant, after: str, limit: int
) -> tuple[CampaignSummary, ...]:
    """Do the same for a page of all labels that sends had since a moment, in their order."""
    labels = await services.decision_archive.labels(business_id, since, after, limit)
    found = [await summarize_campaign(services, business_id, label, since) for label in labels]
    return tuple(found)


async def list_campaigns(
    services: HasDecisionArchive, business_id: BusinessId, after: str, limit: int
) -> tuple[str, ...]:
    """Return a page of all labels that sends ever had, in their order."""
    return await services.decision_archive.labels(business_id, Instant(0), after, limit)


def permilles(counts: Sequence[int]) -> list[int]:
    """Share 1000 out by counts so that nothing is lost: the largest remainders are rounded up."""
    total = sum(counts)
    if not total:
        return []
    parts = [count * _WHOLE // total for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda place: -(counts[place] * _WHOLE % total))
    for place in by_remainder[: _WHOLE - sum(parts)]:
        parts[place] += 1
    return parts
