"""Bugs in forwarding: too early, too little, too much, or not as Meta signed it."""

from __future__ import annotations

from tests.promise.mutants.mutant import Mutant

_FORWARDING = "tests/unit/usecases/inbound/test_forward_webhooks.py"
_RECEIVERS = "tests/unit/delivery/test_receivers.py"
_SUBSCRIBED = "tests/web/gateway/test_subscribed_apps.py"

FORWARDING = (
    Mutant(
        name="a webhook is forwarded before all of it is durable",
        path="usecases/inbound/take_webhook.py",
        old="            rest, sightings = _Rest(sightings=sightings), ()\n",
        new="            early = _forwarding(envelope, share, events)\n"
        "            rest, sightings = _Rest(body, early, sightings), ()\n",
        tests=(
            f"{_FORWARDING}::test_a_large_delivery_is_forwarded_once_all_its_parts_are_durable",
        ),
    ),
    Mutant(
        name="the signature is computed anew",
        path="delivery/receivers.py",
        old="    signatures, body = webhook.signatures, webhook.body\n",
        new='    signatures, body = "", webhook.body\n',
        tests=(f"{_RECEIVERS}::test_body_and_signatures_are_those_of_meta",),
    ),
    Mutant(
        name="what Meta tells two businesses is forwarded whole to each",
        path="delivery/receivers.py",
        old="            body = own_part(webhook.body, webhook.places)\n",
        new="            body = webhook.body\n",
        tests=(
            (
                f"{_RECEIVERS}::test_of_a_shared_post_only_the_part_is_forwarded"
                "_and_signed_with_the_secret"
            ),
        ),
    ),
    Mutant(
        name="the signature of a shared delivery is kept for each business",
        path="usecases/inbound/take_webhook.py",
        old='    signatures = envelope.signatures if len(own) == len(envelope.places) else ""\n',
        new="    signatures = envelope.signatures\n",
        tests=(
            (
                f"{_FORWARDING}::test_where_one_post_tells_two_businesses_something"
                "_each_hears_its_own_alone"
            ),
        ),
    ),
    Mutant(
        name="all that waits for a receiver is out at once",
        path="usecases/inbound/forward_webhooks.py",
        old="            for lane in lanes(wanted):\n",
        new="            for lane in [[one] for one in wanted]:\n",
        tests=(f"{_FORWARDING}::test_webhooks_of_one_sender_keep_their_order_and_all_come",),
    ),
    Mutant(
        name="what was refused is passed over",
        path="usecases/inbound/forward_webhooks.py",
        old="        done = left[0] - 1 if left else webhooks[-1].number\n",
        new="        done = webhooks[-1].number\n",
        tests=(f"{_FORWARDING}::test_a_receiver_that_is_down_gets_all_in_order_once_it_is_up",),
    ),
    Mutant(
        name="a client may set where the webhooks of another business go",
        path="web/gateway/subscribed_apps.py",
        old="    if owner is None or business_id not in (None, owner):\n",
        new="    if owner is None:\n",
        tests=(f"{_SUBSCRIBED}::test_the_account_of_another_business_is_none_of_the_callers",),
    ),
)
