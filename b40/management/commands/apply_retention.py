"""``manage.py apply_retention``: let go of what was kept long enough. The worker does it once a day."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from b40.privacy.retention import apply_retention
from members.history import acting


class Command(BaseCommand):
    """Say of each kind of data how much is let go of."""

    help = "Let go of personal data that was kept as long as settings.RETENTION says, and report it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only report what would be let go of")

    def handle(self, *args: Any, **options: Any) -> None:
        with acting(name="apply_retention"):
            lines = apply_retention(dry_run=options["dry_run"])
        for line in lines:
            self.stdout.write(f"{line.what}, older than {line.days} days: {line.number}")
        if options["dry_run"]:
            self.stdout.write("Nothing was changed.")
