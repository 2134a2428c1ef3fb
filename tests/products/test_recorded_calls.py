"""Each product plays its own calls, from its set-up to a STOP, and gets what it needs."""

from __future__ import annotations

import pytest

from player import NotAsRecorded
from recording import NAMES, Recording, Step, read_recording
from tests.products.conftest import Perform


@pytest.mark.parametrize("name", NAMES)
async def test_a_product_works_with_nothing_but_its_own_calls(perform: Perform, name: str) -> None:
    recording = read_recording(name)
    assert await perform(recording) == [step.says for step in recording.steps]


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_has_a_picture_that_comes_and_a_stop_that_holds(name: str) -> None:
    steps = read_recording(name).steps
    said = [step.customer for step in steps]
    assert {"sends a picture", "says yes", "STOP"} <= set(said)
    assert any(step.is_picture for step in steps)
    refused = [step.call and step.status != 200 for step in steps]
    assert any(refused[said.index("STOP") :])
    assert any(step.call.endswith("/messages") and step.status == 200 for step in steps)


async def test_a_call_that_goes_otherwise_is_told(perform: Perform) -> None:
    wrong = Step(says="It reads a template", call="GET /v26.0/1", status=200)
    recording = Recording(product="A product", source="nowhere", steps=(wrong,))
    with pytest.raises(NotAsRecorded, match="It reads a template: status 400"):
        await perform(recording)
