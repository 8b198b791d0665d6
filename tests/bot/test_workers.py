from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

SCRIPT = """
import sys
from bot.commands import workers
workers.LOOK_SECONDS, workers.PAUSE_SECONDS = 0.05, 0.2
child = (sys.executable, "-c", {child!r})
sys.exit(workers.Workers(2, child).run())
"""


def begun(marks: Path) -> int:
    return len(marks.read_text().splitlines()) if marks.exists() else 0


def wait_for(marks: Path, count: int) -> None:
    deadline = time.monotonic() + 20
    while begun(marks) < count:
        assert time.monotonic() < deadline, f"{begun(marks)} of {count}"
        threading.Event().wait(0.05)


def test_a_worker_that_ends_is_started_again_and_all_end_on_request(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    child = f"import os, time; open({str(marks)!r}, 'a').write(f'{{os.getpid()}}\\n'); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-W", "ignore", "-c", SCRIPT.format(child=child)])
    try:
        wait_for(marks, 2)
        threading.Event().wait(0.3)
        subprocess.run(["kill", "-9", marks.read_text().split()[0]], check=True)
        wait_for(marks, 3)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    for number in marks.read_text().split():
        assert not Path(f"/proc/{number}").exists()
