"""The benchmark's work inside Django: fill a database, or count the queries of pages."""

import os
import sys

import django


def prepare(factor: int) -> None:
    """Make an empty database, fill it, and collect the static files."""
    from django.core.management import call_command
    from django.db import connection

    from tests.bench.synthetic import fill

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    fill(factor)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def print_queries(paths: list[str]) -> None:
    """Print, for each page, how many queries it asks when nothing is cached, and its path."""
    from django.conf import settings
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.ALLOWED_HOSTS = ["testserver"]
    for path in paths:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            status = Client().get(path).status_code
        if status != 200:
            raise SystemExit(f"{path} answered {status}")
        print(len(queries), path)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "b40.settings")
    django.setup()
    if sys.argv[1] == "--queries":
        print_queries(sys.argv[2:])
    else:
        prepare(int(sys.argv[1]))
