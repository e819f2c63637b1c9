"""A command on a terminal of a given size, for the tests of what it shows there."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_UNSET = ("COLUMNS", "LINES", "CI", "NO_COLOR")
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def on_terminal(
    *command: str,
    columns: int = 80,
    lines: int = 24,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    interrupt_at: str | None = None,
    seconds: float = 120,
) -> tuple[int, str]:
    """Exit code and all that `python -P ...` wrote there; Ctrl-C is sent when a text is seen."""
    size = struct.pack("HHHH", lines, columns, 0, 0)
    pid, terminal = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # where tests run in the background: ignored
        fcntl.ioctl(1, termios.TIOCSWINSZ, size)
        os.chdir(cwd or ".")
        # Not the process's own: GNU readline sets COLUMNS and LINES there behind Python's back.
        ours = {name: value for name, value in os.environ.items() if name not in _UNSET}
        given = {"TERM": "xterm-256color", **(env or {})}
        os.execve(sys.executable, [sys.executable, *command], ours | given)
    written, end, sent = b"", time.monotonic() + seconds, False
    try:
        while True:
            ready, _, _ = select.select([terminal], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise TimeoutError(written.decode(errors="replace")[-2000:])
            try:
                data = os.read(terminal, 65536)
            except OSError:  # Linux says so when the other side has closed
                break
            if not data:
                break
            written += data
            if interrupt_at and not sent and interrupt_at in shown(written.decode(errors="ignore")):
                os.write(terminal, b"\x03")
                sent = True
    finally:
        os.close(terminal)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGHUP)
        _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), written.decode(errors="replace")


def shown(written: str) -> str:
    """Without colours and movements of the cursor."""
    return _CONTROL.sub("", written)
