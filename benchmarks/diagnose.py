"""`diagnose` on 10^7 examples of 10 outputs, against NumPy's six inner products alone.

python -m benchmarks.diagnose [--examples 10000000] [--outputs 10]

Three float64 arrays in a folder of .npy files (2.4 GB in a temporary directory), mapped and read in
pieces. Both run on the same files in the page cache, in turn, eleven times, on all cores: wall time
on a machine that does nothing else, and time of the processors, which says more on a busy one. Each
run is held against the mean of NumPy's before and after it, for a busy machine slows both; told is
the median of the ratios. Memory: the most that was allocated beyond the mapped files.
Exit code 1 if the whole diagnosis takes more than 3 times NumPy's wall time, or 500 MB.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from w2s_theory.diagnose.diagnosis import Diagnosis, diagnose_file

ROLES = ("target", "teacher", "student")
MOST_RATIO, MOST_MEMORY = 3.0, 500e6
REPEATS = 11


def write(folder: Path, examples: int, outputs: int) -> None:
    """A run in pieces: the target, and two noisy copies of it."""
    rng = np.random.default_rng(0)
    files = [
        np.lib.format.open_memmap(folder / f"{role}.npy", "w+", np.float64, (examples, outputs))
        for role in ROLES
    ]
    for start in range(0, examples, 100_000):
        part = slice(start, start + 100_000)
        target = rng.standard_normal(files[0][part].shape)
        files[0][part] = target
        for file, keep, noise in zip(files[1:], (0.7, 0.75), (0.4, 0.2), strict=True):
            file[part] = keep * target + noise * rng.standard_normal(target.shape)


def inner_products(folder: Path) -> list[float]:
    """The six of them, by BLAS, as fast as NumPy has it."""
    y, t, s = (np.load(folder / f"{role}.npy", mmap_mode="r").ravel() for role in ROLES)
    pairs = ((y, y), (y, t), (y, s), (t, t), (t, s), (s, s))
    return [float(np.dot(a, b)) for a, b in pairs]


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Wall time of one call, and time of the processors."""
    start = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start[0], time.process_time() - start[1]


class Memory:
    """The most anonymous memory of this process while in the block, beyond that before."""

    def __enter__(self) -> Memory:
        """Start watching."""
        self.before = self.most = self._now()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.005):
            self.most = max(self.most, self._now())

    @staticmethod
    def _now() -> int:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return 1024 * int(line.split()[1])
        raise RuntimeError("this kernel does not tell anonymous memory")


def main() -> int:
    """Print both times, their ratio and the memory."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--examples", type=int, default=10**7)
    parser.add_argument("--outputs", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, options.examples, options.outputs)
        warm: Diagnosis = diagnose_file(folder)
        times, numpy_times = [], [seconds(lambda: inner_products(folder))]
        for _ in range(REPEATS):
            times.append(seconds(lambda: diagnose_file(folder)))
            numpy_times.append(seconds(lambda: inner_products(folder)))
        with Memory() as memory:
            diagnose_file(folder)
        y2, yt, _, t2, *_ = inner_products(folder)
    exact = (y2 + t2 - 2 * yt) / y2
    wrong = abs(warm.run.teacher_loss.estimate / exact - 1)
    ours, peer = np.array(times), np.array(numpy_times)
    ratios = np.median(2 * ours / (peer[1:] + peer[:-1]), axis=0)
    used = memory.most - memory.before
    print(f"{options.examples} examples x {options.outputs} outputs, {warm.units} units")
    told = np.median(peer, axis=0), np.median(ours, axis=0), ratios
    for kind, numpy, own, ratio in zip(("wall", "processors"), *told, strict=True):
        print(f"{kind}: NumPy {numpy:.2f} s, diagnosis {own:.2f} s, ratio {ratio:.2f}")
    print(f"memory {used / 1e6:.0f} MB, L_TE agrees to {wrong:.0e}")
    return 0 if ratios[0] <= MOST_RATIO and used <= MOST_MEMORY and wrong < 1e-10 else 1


if __name__ == "__main__":
    sys.exit(main())
