"""manage.py load_network FILE [--dry-run]"""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from b40.loading.loading import load
from b40.loading.problems import LoadError, Problem
from members.history import acting


class Command(BaseCommand):
    help = "Load a network record (docs/network-record.md). What staff edited is kept and listed."
    requires_migrations_checks = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the record, a JSON file; b40/network.json is the network's own")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and report. Exits with 2, problems on stderr and nothing written when the file cannot be loaded."""
        path = Path(options["file"])
        try:
            with acting(name="load_network", reason=path.name):
                report = load(_read(path), dry_run=options["dry_run"], progress=self._progress)
        except LoadError as error:
            self._clear()
            for line in error.lines(path.name):
                self.stderr.write(line)
            self.stderr.write(self.style.ERROR("Nothing was loaded."))
            sys.exit(2)
        self._clear()
        if options["verbosity"] > 0:
            for line in report.lines(every_name=options["verbosity"] > 1):
                self.stdout.write(line)
        if options["dry_run"]:
            self.stdout.write(self.style.WARNING("This was a dry run: nothing was written."))

    def _progress(self, kind: str, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r\033[Kloading {kind} ({done} of {total})", ending="")
            self.stderr.flush()

    def _clear(self) -> None:
        if self.stderr.isatty():
            self.stderr.write("\r\033[K", ending="")


def _read(path: Path) -> bytes:
    """Read a file. Raises LoadError when it is not there or may not be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise LoadError([Problem("", f"the file cannot be read: {error.strerror}")]) from error
