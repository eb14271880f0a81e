"""``manage.py work``: the worker, which does what waits in the queue. ``make run`` starts it beside the web server."""

import logging
import os
import signal
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from b40.privacy.retention import apply_retention
from meetings.following.digests import send_digests
from meetings.mail.delivering import rescue
from meetings.reminding import remind
from members.history import acting

logger = logging.getLogger("b40.worker")

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
IDLE = 1  # seconds between two looks into the empty queue
AWAY = 5  # … while the database is away
AT_ONCE = 50  # tasks, before it looks around again
RESCUE_EVERY = 60
REMIND_EVERY = 15 * 60
DIGEST_EVERY = 60
PRUNE_EVERY = 24 * 60 * 60


class Every:
    """Says, when asked, whether so many seconds have passed since it last said yes. The first time it does."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        self.due = time.monotonic()

    def has_come(self) -> bool:
        if time.monotonic() < self.due:
            return False
        self.due = time.monotonic() + self.seconds
        return True


class Command(BaseCommand):
    """Do one task after the other until told to end; a task that has begun is finished first."""

    help = (
        "Send letters and digests, remind of actions that are due, let go of what was kept long enough, until Ctrl-C."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--beside", type=int, metavar="PID", help="end when this parent process is gone")

    def handle(self, *args: Any, **options: Any) -> None:
        self.is_told_to_end = False
        self.worker = new_worker()
        for number in SIGNALS:
            signal.signal(number, self.end)
        logger.info("The worker is ready.")
        turns = [Every(each) for each in (RESCUE_EVERY, DIGEST_EVERY, REMIND_EVERY, PRUNE_EVERY)]
        while not self.is_told_to_end and options["beside"] in (None, os.getppid()):
            time.sleep(self.look(*turns))
        logger.info("The worker ends.")

    def look(self, rescuing: Every, telling: Every, reminding: Every, pruning: Every) -> int:
        """Do what is to be done; give how many seconds to wait before the next look."""
        try:
            if pruning.has_come():
                call_command("prune_db_task_results", queue_name="*", verbosity=0)
                tidy()
            if telling.has_come():
                send_digests()
            if rescuing.has_come():
                rescue()
            if reminding.has_come():
                remind()
            self.worker = new_worker()
            if not self.is_told_to_end:
                self.worker.run()
        except DatabaseError as error:
            logger.error("The database is away: %s", str(error).strip())
            close_old_connections()
            return AWAY
        return 0 if self.is_told_to_end else IDLE

    def end(self, number: int, frame: Any) -> None:
        """Finish the task at hand, then end; told a second time, end at once: nothing is lost by it."""
        self.is_told_to_end = True
        self.worker.running = False
        signal.signal(number, signal.SIG_DFL)


def tidy() -> None:
    """Let go of what has been kept as long as `settings.RETENTION` says."""
    with acting(name="apply_retention"):
        for line in apply_retention():
            if line.number:
                logger.info("Kept long enough, and let go: %s, %s.", line.what, line.number)


def new_worker() -> Worker:
    """Give the library's worker, for as long as tasks are ready."""
    return Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=AT_ONCE,
        worker_id=get_random_string(32),
    )
