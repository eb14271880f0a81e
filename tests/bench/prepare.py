"""The benchmark's work inside Django: fill a database, or count the queries of pages."""

import os
import sys
from typing import Any

import django


def prepare(factor: int) -> None:
    """Make an empty database, fill it, collect the static files, and print the key of a staff member's session."""
    from django.core.management import call_command
    from django.db import connection

    from tests.bench.synthetic import fill

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    fill(factor)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(staff_session().session_key)


def staff_session() -> Any:
    """Sign a new staff member in."""
    from django.test import Client

    from members.models import User

    client = Client()
    client.force_login(User.objects.create_superuser("bench"))
    return client.session


def print_queries(paths: list[str]) -> None:
    """Print, for each page, how many queries it asks when nothing is cached, and its path."""
    from django.conf import settings
    from django.core.cache import caches
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from members.models import User

    settings.ALLOWED_HOSTS = ["testserver"]
    settings.ROOT_URLCONF = "tests.bench.urls"
    for path in paths:
        client = Client()
        if path.startswith("/admin/"):
            client.force_login(User.objects.get(username="bench"))
        for name in settings.CACHES:
            caches[name].clear()
        with CaptureQueriesContext(connection) as queries:
            status = client.get(path).status_code
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
