"""manage.py import_post FILE… [--dry-run] [--format json]"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from b40.loading.problems import Problem
from b40.moving.importing import Done, Outcome, import_post
from b40.moving.reading import Post, UnreadableFile, read_posts
from b40.moving.recognition import Known
from b40.moving.report import lines_of, summary_of
from members.history import acting

PROGRESS_EVERY = 100


class Command(BaseCommand):
    help = "Import posts of the WordPress site as drafts to be confirmed (docs/moving-in.md)."
    requires_migrations_checks = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files", nargs="+", metavar="FILE", help="what /wp-json/wp/v2/posts answered: one post or a list"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
        parser.add_argument(
            "--format", choices=["text", "json"], default="text", help="json: what was recognised, as one list"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import every post that can be read. Exits with 2 when any could not; the others are in all the same."""
        self.dry_run: bool = options["dry_run"]
        self.as_json: bool = options["format"] == "json"
        self.quiet = options["verbosity"] == 0
        self.counts: Counter[Done] = Counter()
        self.problems = 0
        self._begin()
        known = Known.read()
        for name in options["files"]:
            with acting(name="import_post", reason=Path(name).name[:300]):
                self._import_file(Path(name), known)
        self._end()
        if self.problems:
            sys.exit(2)

    def _import_file(self, path: Path, known: Known) -> None:
        for found in self._read(path):
            if isinstance(found, Problem):
                self._refuse(path, found)
                continue
            outcome = import_post(found, known, dry_run=self.dry_run)
            if isinstance(outcome, Problem):
                self._refuse(path, outcome)
            else:
                self._tell(outcome)

    def _read(self, path: Path) -> Iterator[Post | Problem]:
        try:
            yield from read_posts(path)
        except UnreadableFile as error:
            yield Problem("", str(error))

    # --- What is said ------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        if self.as_json:
            self.stdout.write("[", ending="")

    def _tell(self, outcome: Outcome) -> None:
        first = not self.counts.total()
        self.counts[outcome.done] += 1
        if self.as_json:
            text = json.dumps(outcome.finding.as_json(), ensure_ascii=False, indent=2)
            self.stdout.write(f"{'' if first else ','}\n{text}", ending="")
        elif not self.quiet:
            self._clear()
            for line in lines_of(outcome, dry_run=self.dry_run):
                self.stdout.write(line)
        self._progress()

    def _refuse(self, path: Path, problem: Problem) -> None:
        self.problems += 1
        self._clear()
        self.stderr.write(self.style.ERROR(f"{path}: {problem}"))

    def _end(self) -> None:
        self._clear()
        if self.as_json:
            self.stdout.write("\n]")
            return
        if not self.quiet:
            self.stdout.write(f"{summary_of(self.counts, self.problems)}.")
        if self.dry_run:
            self.stdout.write(self.style.WARNING("This was a dry run: nothing was written."))

    def _progress(self) -> None:
        done = self.counts.total()
        if self.stderr.isatty():
            self.stderr.write(f"\r\033[K{done} posts", ending="")
            self.stderr.flush()
        elif done % PROGRESS_EVERY == 0 and not self.quiet:
            self.stderr.write(f"{done} posts")

    def _clear(self) -> None:
        if self.stderr.isatty():
            self.stderr.write("\r\033[K", ending="")
