"""Play a product's own calls against askfirst: python examples/products/play.py chatwoot

Starts a simulated WhatsApp and askfirst on free ports, with a database that is thrown away, and
plays what the product asks of Meta: it sets itself up, gets a customer's picture, sends, and stops.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from player import NotAsRecorded, Stage, play
from receiver import receiving
from recording import NAMES, Step, read_recording
from servers import (
    APP_SECRET,
    CUSTOMER,
    NUMBER,
    WABA,
    make_key,
    register_number,
    run_servers,
    say_yes,
)

SCOPES = ("send", "manage")


def main(arguments: Sequence[str]) -> int:
    """Play one product; 0 where every step went as recorded."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("product", choices=NAMES)
    recording = read_recording(parser.parse_args(arguments).product)
    print(f"{recording.product}, as its source says ({recording.source})\n")
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="askfirst-play-")))
        receiver = running.enter_context(receiving(APP_SECRET.encode()))
        gateway, simulator = running.enter_context(run_servers(folder))
        owner = make_key(folder, "all")
        register_number(gateway, owner)
        stage = Stage(
            gateway=gateway,
            simulator=simulator,
            key=make_key(folder, *SCOPES),
            waba=WABA,
            number=NUMBER,
            customer=CUSTOMER,
            receiver=receiver,
            says_yes=lambda: say_yes(gateway, owner),
        )
        try:
            for place, step in enumerate(play(recording, stage), 1):
                print(f"  ✓ {place:2} {step.says}\n       {_what(step)}")
        except NotAsRecorded as error:
            print(f"  ✗ {error}", file=sys.stderr)
            return 1
    print(f"\nEach of {len(recording.steps)} steps went as {recording.product} needs it.")
    return 0


def _what(step: Step) -> str:
    if step.call:
        refused = f", code {step.code}" if step.code else ""
        return f"{step.call.partition('?')[0]} → {step.status}{refused}"
    if step.customer:
        return f"customer: {step.customer}"
    return f"phone: {step.phone}" if step.phone else "webhook: " + ", ".join(step.hears)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
