"""Cost against student width: time and peak memory at doubling widths, and the fitted exponents.

Run: python benchmarks/simulate_scaling.py [largest width]
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from simulate_common import Result, child, report

SCRIPT = str(Path(__file__).with_name("simulate_figure2.py"))


def scaling(largest: int) -> Result:
    """Figure 2 with 2 draws a width, each width in a fresh process."""
    widths = [largest // 8, largest // 4, largest // 2, largest]
    runs = [child(SCRIPT, str(width), "2") for width in widths]
    seconds = np.array([run["seconds"] - run["teacher_seconds"] for run in runs])
    peaks = np.array([run["peak_gib"] for run in runs])
    logs = np.log(widths)
    return {
        "benchmark": "scaling",
        "student_widths": widths,
        "seconds": seconds.round(3).tolist(),
        "peak_gib": peaks.tolist(),
        "steps": [run["steps"] for run in runs],
        "time_exponent": round(float(np.polyfit(logs, np.log(seconds), 1)[0]), 3),
        "last_doubling_exponent": round(float(np.log2(seconds[-1] / seconds[-2])), 3),
    }


if __name__ == "__main__":
    report(scaling(int(sys.argv[1]) if len(sys.argv) > 1 else 8192))
