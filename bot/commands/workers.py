"""Several server processes on one port; one that ends by itself is started again."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time

import structlog

log = structlog.get_logger(__name__)

COMMAND = (sys.executable, "-m", "server", "serve", "--reuse-port")
LOOK_SECONDS = 0.5
# One that ends sooner than this after its start will hardly do better at once.
PAUSE_SECONDS = 5.0


class Workers:
    """Runs `count` processes until SIGTERM or SIGINT."""

    def __init__(self, count: int, command: tuple[str, ...] = COMMAND) -> None:
        self._command = command
        self._stopping = threading.Event()
        self._started = [self._start() for _ in range(count)]

    def run(self) -> int:
        """Look after the processes; 0 once all have ended on request."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stopping.set())
        while not self._stopping.wait(LOOK_SECONDS):
            self._started = [self._kept(process, since) for process, since in self._started]
        for process, _ in self._started:
            process.terminate()
        return max(abs(process.wait()) for process, _ in self._started)

    def _start(self) -> tuple[subprocess.Popen[bytes], float]:
        return subprocess.Popen(self._command), time.monotonic()  # noqa: S603 - our own command

    def _kept(self, process: subprocess.Popen[bytes], since: float) -> tuple[subprocess.Popen[bytes], float]:
        if process.poll() is None or time.monotonic() - since < PAUSE_SECONDS:
            return process, since
        log.error("worker_ended", code=process.returncode)
        return self._start()
