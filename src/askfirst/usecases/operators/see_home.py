"""What a business's operators see first: figures of thirty days, and what needs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from askfirst.decision.decision import Verdict
from askfirst.domain.brakes.brake import Brake
from askfirst.domain.consent.review import Backlog, Review
from askfirst.domain.events.subscription import Subscription, SubscriptionState
from askfirst.domain.inbound.webhook_receiver import ReceiverState, WebhookReceiver
from askfirst.domain.prompts.drafts.draft_review import Submission
from askfirst.domain.stats.report import FigureRow, FiguresQuestion
from askfirst.domain.values.ids import BusinessId, Position
from askfirst.domain.values.timestamp import DAY, Instant
from askfirst.ports.brakes.brakes import HasBrakes
from askfirst.ports.consent.erase_requests import EraseRequest, HasEraseRequests
from askfirst.ports.events.subscriptions import HasSubscriptions
from askfirst.ports.held.held_messages import HasHeldMessages
from askfirst.ports.inbound.receivers import HasReceivers
from askfirst.ports.opt_out.reviews import HasReviews
from askfirst.ports.prompts.prompts import HasPrompts
from askfirst.ports.stats.decision_counts import HasDecisionCounts
from askfirst.usecases.stats.list_late_stops import ListLateStopsNeeds, count_late_stops
from askfirst.usecases.stats.read_figures import ReadFiguresNeeds, last_days, read_figures

DAYS: Final = 30
_WORK_MAX: Final = 100


class SeeWorkNeeds(
    HasEraseRequests,
    HasPrompts,
    HasReceivers,
    HasReviews,
    HasSubscriptions,
    ListLateStopsNeeds,
    Protocol,
):
    """What a look at what waits needs."""


class SeeHomeNeeds(
    ReadFiguresNeeds, SeeWorkNeeds, HasBrakes, HasHeldMessages, HasDecisionCounts, Protocol
):
    """What this use case needs from the world."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What waits for an operator: up to a hundred of each, and all late stops of thirty days."""

    reviews: tuple[Review, ...]
    backlog: Backlog | None
    erase_requests: tuple[EraseRequest, ...]
    receivers: tuple[WebhookReceiver, ...]
    subscriptions: tuple[Subscription, ...]
    drafts: tuple[Submission, ...]
    late_stops: int

    @property
    def count(self) -> int:
        """How many things wait."""
        waiting = self.backlog.count if self.backlog else 0
        others = (self.erase_requests, self.receivers, self.subscriptions, self.drafts)
        return waiting + self.late_stops + sum(map(len, others))


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeSheet:
    """What is on the first page. `days` has each of thirty days, today last.

    It is empty until the ledger was counted for the first time. `held` counts messages that wait
    until they may leave, to a hundred.
    """

    days: tuple[FigureRow, ...]
    allowed: int
    kept_back: int
    brakes: tuple[Brake, ...]
    work: Work
    held: int
    now: Instant

    @property
    def reachable(self) -> int | None:
        """People with a yes that stands; None until they were counted."""
        return self.days[-1].reachable if self.days else None

    @property
    def opt_ins(self) -> int:
        """Yeses of all these days."""
        return sum(day.opt_ins for day in self.days)

    @property
    def stops(self) -> int:
        """Stops of all these days."""
        return sum(day.stops for day in self.days)


async def see_home(services: SeeHomeNeeds, business_id: BusinessId) -> HomeSheet:
    """Read what is on the first page."""
    now = services.clock.now()
    since = Instant((now // DAY - DAYS + 1) * DAY)
    first, last = await last_days(services, business_id, DAYS)
    figures = await read_figures(services, business_id, FiguresQuestion(first=first, last=last))
    verdicts = await services.decision_counts.by_verdict(business_id, since)
    return HomeSheet(
        days=figures.rows,
        allowed=verdicts.get(Verdict.ALLOW, 0),
        kept_back=verdicts.get(Verdict.DENY, 0) + verdicts.get(Verdict.WAIT, 0),
        brakes=await services.brakes.list(business_id, "", _WORK_MAX, with_lifted=False),
        work=await see_work(services, business_id),
        held=len(await services.held_messages.list(business_id, "", _WORK_MAX, is_open=True)),
        now=now,
    )


async def see_work(services: SeeWorkNeeds, business_id: BusinessId) -> Work:
    """Read what waits for an operator."""
    receivers = await services.receivers.list(business_id, "", _WORK_MAX)
    subscriptions = await services.subscriptions.list(business_id, "", _WORK_MAX)
    return Work(
        reviews=await services.reviews.find(business_id, Position(0), _WORK_MAX, is_open=True),
        backlog=await services.reviews.backlog(business_id),
        erase_requests=await services.erasures.requests(business_id, "", _WORK_MAX),
        receivers=tuple(one for one in receivers if _is_troubled(one)),
        subscriptions=tuple(one for one in subscriptions if one.state is SubscriptionState.PARKED),
        drafts=tuple(one for one in await services.prompts.submissions(business_id) if one.waits),
        late_stops=await count_late_stops(services, business_id),
    )


def _is_troubled(one: WebhookReceiver) -> bool:
    return one.state is ReceiverState.PARKED or one.set_aside > 0
