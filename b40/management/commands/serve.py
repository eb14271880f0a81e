"""``manage.py serve``: what ``make run`` does once the packages are installed."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from b40.companion import kept_running
from members.models import Organisation

RECORD = Path(__file__).resolve().parents[2] / "network.json"
HOST = "127.0.0.1"
WORKERS = 2
THREADS = 4


class Command(BaseCommand):
    """Bring database, static files and record up to date, then serve on the loopback, worker included, until Ctrl-C."""

    help = "Migrate, load the network's record into an empty database, and serve with a production server."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", default="8000", help="port on 127.0.0.1 (default: 8000)")

    def handle(self, *args: Any, **options: Any) -> None:
        port = free_port(options["port"])
        self.migrate()
        self.collect_static_files()
        self.load_record()
        self.greet(port)
        connection.close()
        code = run_until_stopped(granian_command(port), worker_command())
        if code:
            raise CommandError(f"The server ended with exit code {code}; above is why.")

    def migrate(self) -> None:
        """Apply what migrations are missing. Raises CommandError when the database cannot be used."""
        try:
            waiting = pending_migrations()
        except DatabaseError as error:
            raise CommandError(f"The database cannot be used: {str(error).strip()}") from error
        if waiting:
            self.stdout.write(f"Preparing the database ({waiting} steps) …")
            call_command("migrate", interactive=False)

    def collect_static_files(self) -> None:
        """Hash and compress the static files when one of them changed since the last time."""
        stamp = Path(settings.VAR_DIR) / "static_collected"
        fingerprint = static_fingerprint()
        if stamp.is_file() and stamp.read_text() == fingerprint:
            return
        self.stdout.write("Hashing and compressing the static files (some seconds) …")
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(fingerprint)

    def load_record(self) -> None:
        """Load the record that the project ships when the database holds no organisation yet."""
        if Organisation.objects.exists():
            return
        self.stdout.write("Loading the network's record …")
        call_command("load_network", str(RECORD))

    def greet(self, port: int) -> None:
        """Say where the site is, and how the first staff user comes to be."""
        if not get_user_model().objects.filter(is_staff=True).exists():
            self.stdout.write("No staff user yet: `make staff`, in another terminal, makes the first one.")
        if not settings.MAIL_SERVER:
            self.stdout.write(f"No mail server is set (EMAIL_URL): mails go to the folder {settings.EMAIL_FILE_PATH}.")
        self.stdout.write(self.style.SUCCESS(f"Serving at http://{HOST}:{port}/ · admin at /admin/ · Ctrl-C ends it."))
        self.stdout.flush()


def free_port(written: str) -> int:
    """Give the port as a number. Raises CommandError when it is no port, or not ours to have."""
    if not (written.isascii() and written.isdigit() and 0 < int(written) < 65_536):
        raise CommandError(f"PORT is {written!r}: use a number from 1 to 65535, such as 8000.")
    port = int(written)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as error:
            raise CommandError(f"Port {port} is reserved for the administrator: try make run PORT=8000.") from error
        except OSError as error:
            raise CommandError(
                f"Port {port} is in use: try another, such as make run PORT={8000 + (port + 1) % 1000}."
            ) from error
    return port


def pending_migrations() -> int:
    """Count the migrations that the database still lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def static_fingerprint() -> str:
    """Give a short text that changes when a static file comes, goes or changes."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = os.stat(storage.path(name))
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def granian_command(port: int) -> list[str]:
    """Give the command line of the server: two processes, a few threads each, on the loopback."""
    options = {
        "interface": "wsgi",
        "host": HOST,
        "port": port,
        "http": "1",
        "workers": WORKERS,
        "blocking-threads": THREADS,
        "log-level": "warning",
        "workers-kill-timeout": 5,
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "granian", "--no-ws", "--respawn-failed-workers", *flags, "b40.wsgi:application"]


def worker_command() -> list[str]:
    """Give the command line of the worker, which ends with us even if we are killed."""
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), "work", f"--beside={os.getpid()}"]


def run_until_stopped(command: list[str], beside: list[str]) -> int:
    """Run the server until it ends or we are told to end, and another program beside it; give the server's exit code.

    A terminal's Ctrl-C goes to every process below it, and the server's processes would then be stopped twice: by the
    terminal and by each other. So they get a session of their own, and are told once.
    """
    with kept_running(beside), subprocess.Popen(command, start_new_session=True) as server:  # noqa: S603  the command is our own
        try:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, lambda *_: server.terminate())
            return server.wait()
        finally:
            server.terminate()
