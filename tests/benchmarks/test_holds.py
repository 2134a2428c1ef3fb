"""The benchmark of the longest hold runs and says so in one line. How long is not a test."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from askfirst.domain.inbound.inbound_event import DeliveryReported, NumberChanged, TextReceived
from askfirst.graph.inbound.webhook import UPDATES_MAX, read_webhook
from benchmarks import holds
from benchmarks.app import app
from benchmarks.setup.seeds import SENDER_ID


def test_it_measures_every_kind_of_delivery() -> None:
    done = CliRunner().invoke(app, ["holds", "--json"])
    assert done.exit_code == 0, done.output
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["benchmark"] == "holds"
    assert len(result["ms_by_delivery"]) == holds.STEPS
    assert result["longest_ms"] == max(result["ms_by_delivery"].values()) > 0


def test_its_deliveries_are_what_they_are_called() -> None:
    for name, body in holds._bodies().items():
        notices = read_webhook(body)
        assert {notice.phone_number_id for notice in notices} == {SENDER_ID}
        if name.startswith("100 texts"):
            assert all(len(one.text) == 4_096 for one in notices if isinstance(one, TextReceived))
            assert len(notices) == 100
            continue
        kinds = {"reports of failure": DeliveryReported, "changes of number": NumberChanged}
        assert {type(one) for one in notices} == {kinds.get(name, TextReceived)}
        assert len(notices) == UPDATES_MAX
