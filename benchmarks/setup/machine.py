"""What the machine says about a process and about itself."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_UTIME, _STIME = 11, 12


@dataclass(frozen=True, slots=True)
class Running:
    """A server that runs: where, and as which process."""

    address: str
    pid: int

    def cpu_seconds(self) -> float:
        """Return the processor time of the process so far, all its threads, in user and kernel."""
        text = Path(f"/proc/{self.pid}/stat").read_text()
        fields = text.rpartition(")")[2].split()
        return (int(fields[_UTIME]) + int(fields[_STIME])) / os.sysconf("SC_CLK_TCK")


def describe() -> dict[str, Any]:
    """Return what a figure was measured on, and how busy that was before."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "load_average": round(os.getloadavg()[0], 2),
    }
