"""Counters for Prometheus. Labels are closed lists: nothing about a person can get into one.

Counting is a dictionary's business here; Prometheus's own counters take a lock and microseconds
on every request. They are put into its families only when somebody asks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from askfirst.decision.decision import Decision


class Metrics(Collector):
    """What the process did since it started."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(self)
        self._requests: Counter[tuple[str, ...]] = Counter()
        self._storage_troubles: Counter[tuple[str, ...]] = Counter()
        self._connections_refused: Counter[tuple[str, ...]] = Counter()
        self._decisions: Counter[tuple[str, ...]] = Counter()
        self._events: Counter[tuple[str, ...]] = Counter()
        self._answers_refused: Counter[tuple[str, ...]] = Counter()
        self._confirmations: Counter[tuple[str, ...]] = Counter()
        self._codes: Counter[tuple[str, ...]] = Counter()
        self._code_events: Counter[tuple[str, ...]] = Counter()
        self._subscriptions: Counter[tuple[str, ...]] = Counter()
        self._forwarded: Counter[tuple[str, ...]] = Counter()
        self._codes_refused: Counter[tuple[str, ...]] = Counter()
        self._code_alarms: Counter[tuple[str, ...]] = Counter()
        self._code_template_troubles: Counter[tuple[str, ...]] = Counter()
        self._flagged_messages: Counter[tuple[str, ...]] = Counter()
        self._template_flags: dict[str, Mapping[str, int]] = {}
        self._clock_jumps: Counter[tuple[str, ...]] = Counter()
        self.clock_difference: Callable[[], float | None] = _unmeasured
        """Seconds from Meta's time stamps to receiving them, the least; read when it is asked."""
        self._ledger_damages: Counter[tuple[str, ...]] = Counter()
        self._dead_letters: Counter[tuple[str, ...]] = Counter()
        self._stop_confirmations: Counter[tuple[str, ...]] = Counter()
        self._stop_questions: Counter[tuple[str, ...]] = Counter()
        self._preference_links: Counter[tuple[str, ...]] = Counter()
        self._held: Counter[tuple[str, ...]] = Counter()
        self._reviews: Counter[tuple[str, ...]] = Counter()
        self._brakes: Counter[tuple[str, ...]] = Counter()
        self._tasks: Counter[tuple[str, ...]] = Counter()
        self._policy_changes: Counter[tuple[str, ...]] = Counter()

    def request(self, door: str, status: int) -> None:
        """Count one answered request."""
        self._requests[door, str(status)] += 1

    def connection_refused(self, limit: str) -> None:
        """Count a connection that was refused or cut off by a limit before authentication."""
        self._connections_refused[limit,] += 1

    def storage_trouble(self, trouble: str) -> None:
        """Count a look at the write path that found it closed."""
        self._storage_troubles[trouble,] += 1

    def decision(self, door: str, decision: Decision) -> None:
        """Count one decision."""
        self._decisions[door, decision.verdict, decision.reasons[0]] += 1

    def events(self, door: str, count: int) -> None:
        """Count events appended."""
        if count:
            self._events[door,] += count

    def answer_refused(self, policy: str) -> None:
        """Count an answer from an open page that a limit refused."""
        self._answers_refused[policy,] += 1

    def number_proof(self, step: str, surface: str) -> None:
        """Count a way to prove a number: offered, or gone to the end."""
        self._confirmations[step, surface] += 1

    def code(self, happening: str, channel: str) -> None:
        """Count what happened to a request for a code."""
        self._codes[happening, channel] += 1

    def code_event(self, fate: str) -> None:
        """Count what became of telling an event about a code."""
        self._code_events[fate,] += 1

    def subscription(self, fate: str, count: int) -> None:
        """Count what became of deliveries to endpoints of subscriptions."""
        self._subscriptions[fate,] += count

    def forwarded(self, fate: str, count: int) -> None:
        """Count what became of webhooks that were forwarded."""
        self._forwarded[fate,] += count

    def code_refused(self, policy: str) -> None:
        """Count a code that a limit refused."""
        self._codes_refused[policy,] += 1

    def code_alarm(self, signal: str) -> None:
        """Count a sign that codes are misused."""
        self._code_alarms[signal,] += 1

    def dead_letters(self, fate: str, count: int) -> None:
        """Count deliveries that nobody was registered for."""
        self._dead_letters[fate,] += count

    def code_template_trouble(self, fault: str) -> None:
        """Count a look at the templates for codes that found some of them unusable."""
        self._code_template_troubles[fault,] += 1

    def flagged_message(self, flag: str) -> None:
        """Count a message that left although something is amiss with it."""
        self._flagged_messages[flag,] += 1

    def template_flags(self, business: str, counts: Mapping[str, int]) -> None:
        """Keep how many templates of a business have each flag; the sum over all is shown."""
        self._template_flags[business] = counts

    def ledger_damage(self, kind: str) -> None:
        """Count something in the ledger that does not fit, so that sends are held."""
        self._ledger_damages[kind,] += 1

    def stop_confirmation(self, fate: str) -> None:
        """Count what became of the confirmation of a stop."""
        self._stop_confirmations[fate,] += 1

    def stop_question(self, fate: str) -> None:
        """Count what became of the question after what may be a stop."""
        self._stop_questions[fate,] += 1

    def preference_link(self, fate: str) -> None:
        """Count what became of a preference link that was asked for in the chat."""
        self._preference_links[fate,] += 1

    def held(self, state: str) -> None:
        """Count a message that is held, or how one ended."""
        self._held[state,] += 1

    def review_opened(self, about: str) -> None:
        """Count a message that an operator has to look at."""
        self._reviews[about,] += 1

    def brake(self, step: str, scope: str, colour: str, cause: str) -> None:
        """Count what happened to a brake."""
        self._brakes[step, scope, colour, cause] += 1

    def task(self, queue: str, fate: str) -> None:
        """Count what became of an attempt at a task."""
        self._tasks[queue, fate] += 1

    def policy_change(self, fate: str) -> None:
        """Count a policy file that changed: taken, or refused."""
        self._policy_changes[fate,] += 1

    def clock_jump(self, direction: str) -> None:
        """Count a jump of the clock."""
        self._clock_jumps[direction,] += 1

    def collect(self) -> Iterable[Metric]:
        """Return the families as they stand."""
        yield _family("askfirst_requests", "Requests answered.", self._requests, "door", "status")
        told = "Connections refused or cut off by a limit before authentication."
        yield _family("askfirst_connections_refused", told, self._connections_refused, "limit")
        told = "Looks at the database that found that it takes no writes."
        yield _family("askfirst_storage_troubles", told, self._storage_troubles, "trouble")
        about = ("door", "verdict", "reason")
        yield _family("askfirst_decisions", "Decisions made.", self._decisions, *about)
        yield _family("askfirst_events", "Events appended.", self._events, "door")
        told = "Answers from open pages that a limit refused."
        yield _family("askfirst_answers_refused", told, self._answers_refused, "policy")
        told = "Ways to confirm a number by a message from it: offered, and gone to the end."
        yield _family("askfirst_confirmations", told, self._confirmations, "step", "surface")
        told = "What happened to one-time codes."
        yield _family("askfirst_codes", told, self._codes, "happening", "channel")
        told = "Events about one-time codes that were posted: taken, not taken, given up."
        yield _family("askfirst_code_events", told, self._code_events, "fate")
        told = "Events posted to subscriptions: taken, not taken; and subscriptions parked."
        yield _family("askfirst_subscriptions", told, self._subscriptions, "fate")
        told = "Webhooks forwarded: taken, not taken, set aside; and receivers parked."
        yield _family("askfirst_forwarded_webhooks", told, self._forwarded, "fate")
        told = "Codes that a limit refused."
        yield _family("askfirst_codes_refused", told, self._codes_refused, "policy")
        told = "Signs that codes are misused."
        yield _family("askfirst_code_alarms", told, self._code_alarms, "signal")
        told = "Looks at the templates for codes that found some unusable."
        yield _family(
            "askfirst_code_template_troubles", told, self._code_template_troubles, "fault"
        )
        told = "Messages that left although something is amiss with them."
        yield _family("askfirst_flagged_messages", told, self._flagged_messages, "flag")
        yield self._flags()
        yield from self._in_the_background()

    def _in_the_background(self) -> Iterable[Metric]:
        told = "Damage found in the ledger; sends are held until it is mended or accepted."
        yield _family("askfirst_ledger_damages", told, self._ledger_damages, "kind")
        told = "Deliveries for senders that nobody registered: kept, processed, failed, forgotten."
        yield _family("askfirst_dead_letters", told, self._dead_letters, "fate")
        told = "Confirmations of stops that were said in the chat."
        yield _family("askfirst_stop_confirmations", told, self._stop_confirmations, "fate")
        told = "Questions after messages in the chat that may be a stop."
        yield _family("askfirst_stop_questions", told, self._stop_questions, "fate")
        told = "Preference links that people asked for in the chat."
        yield _family("askfirst_preference_links", told, self._preference_links, "fate")
        told = "Messages that were handed over to wait, and how they ended."
        yield _family("askfirst_held_messages", told, self._held, "state")
        told = "Complaints and erasure requests in the chat, for an operator to review."
        yield _family("askfirst_reviews_opened", told, self._reviews, "about")
        told = "What happened to brakes: set, raised, eased, lifted."
        labels = ("step", "scope", "colour", "cause")
        yield _family("askfirst_brake_changes", told, self._brakes, *labels)
        told = "Attempts at tasks in the background: done, tried again later, dead."
        yield _family("askfirst_tasks", told, self._tasks, "queue", "fate")
        told = "Changes of the policy file: taken, refused."
        yield _family("askfirst_policy_changes", told, self._policy_changes, "fate")
        told = "Jumps of the clock of this server."
        yield _family("askfirst_clock_jumps", told, self._clock_jumps, "direction")
        yield self._difference()

    def _difference(self) -> GaugeMetricFamily:
        told = (
            "From Meta's time stamps to receiving them, the least of the last minutes: "
            "below 0 the clock is behind, far above 0 it is ahead."
        )
        family = GaugeMetricFamily("askfirst_clock_difference_seconds", told)
        seconds = self.clock_difference()
        if seconds is not None:
            family.add_metric([], seconds)
        return family

    def _flags(self) -> GaugeMetricFamily:
        told = "Templates with which something is amiss, as they were last read from Meta."
        family = GaugeMetricFamily("askfirst_template_flags", told, labels=["flag"])
        counts: Counter[str] = Counter()
        for of_business in self._template_flags.values():
            counts.update(of_business)
        for flag, count in sorted(counts.items()):
            family.add_metric([flag], count)
        return family

    def render(self) -> bytes:
        """Write Prometheus's text format."""
        return generate_latest(self.registry)


def _unmeasured() -> float | None:
    """Nothing was compared yet."""
    return None


def _family(
    name: str, told: str, counts: Counter[tuple[str, ...]], *labels: str
) -> CounterMetricFamily:
    family = CounterMetricFamily(name, told, labels=labels)
    for values, count in sorted(counts.items()):
        family.add_metric([str(value) for value in values], count)
    return family
