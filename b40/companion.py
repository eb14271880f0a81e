"""A program that runs beside the web server: started with it, started again when it ends, stopped with it."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Seconds: the server's own start comes first; how long the program may take to finish what it has begun; the pause
# before it is started again.
HEAD_START = 2
GRACE = 10
PAUSE = 5


@contextmanager
def kept_running(command: list[str], *, after: float = HEAD_START, pause: float = PAUSE) -> Iterator[None]:
    """Keep a program running while the block lasts; then ask it to end, and kill it if it does not."""
    companion = Companion(command, after, pause)
    companion.start()
    try:
        yield
    finally:
        companion.stop()


class Companion(threading.Thread):
    """Starts the program, and waits for its end."""

    def __init__(self, command: list[str], after: float, pause: float) -> None:
        super().__init__()
        self.command = command
        self.after = after
        self.pause = pause
        self.stopping = threading.Event()
        self.starting = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        self.stopping.wait(self.after)
        while process := self._start():
            code = process.wait()
            if self.stopping.wait(self.pause):
                return
            print(f"The worker ended with exit code {code}; it is started again.", file=sys.stderr, flush=True)

    def stop(self) -> None:
        with self.starting:
            self.stopping.set()
        if self.process:
            self.process.terminate()
            self.join(GRACE)
            self.process.kill()
        self.join()

    def _start(self) -> "subprocess.Popen[bytes] | None":
        with self.starting:
            if self.stopping.is_set():
                return None
            self.process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603  the command is our own
            return self.process
