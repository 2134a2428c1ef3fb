"""The switch for confirmations of stops, and what operators hear of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from askfirst.adapters.clock_watch import ClockWatch
from askfirst.bootstrap.observability.telemetry import LoggedTelemetry
from askfirst.bootstrap.settings import isolated_settings
from askfirst.bootstrap.wiring import open_services
from askfirst.domain.consent.stop_confirmation import ConfirmationFate
from askfirst.domain.values.ids import BusinessId
from askfirst.web.metrics import Metrics


@pytest.mark.parametrize("is_on", [True, False])
async def test_the_setting_is_the_switch(tmp_path: Path, is_on: bool) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    assert isolated_settings(database_url=url).stop_confirmation
    async with open_services(isolated_settings(database_url=url, stop_confirmation=is_on)) as wired:
        assert wired.services.confirms_stops is is_on


def test_each_fate_is_counted_and_only_trouble_is_said() -> None:
    metrics = Metrics()
    signals, business = LoggedTelemetry(metrics, ClockWatch(lambda: 0)), BusinessId("acme")
    with capture_logs() as lines:
        for fate in ConfirmationFate:
            signals.stop_confirmation(business, fate, "131042")
    told = metrics.render().decode()
    for fate in ConfirmationFate:
        assert f'askfirst_stop_confirmations_total{{fate="{fate}"}} 1.0' in told
    assert [(line["event"], line["fate"], line["reason"]) for line in lines] == [
        ("stop_not_confirmed", "lost", "131042"),
        ("stop_not_confirmed", "failed", "131042"),
        ("stop_not_confirmed", "unnamed", "131042"),
    ]
