import json
from pathlib import Path

import pytest
from django.db import transaction

from b40.loading.loading import load
from b40.moving.recognition import Known
from members.models import Organisation
from tests.kept import Kept
from tests.shipped import record_without_april

HERE = Path(__file__).parent
POSTS = HERE / "posts"


class ShippedNames:
    """The names on record, and every spelling of each city that no other organisation shares."""

    def __init__(self, known, spellings):
        self.known, self.spellings = known, spellings

    def __repr__(self):
        return "the names on record"


@pytest.fixture(scope="session")
def shipped_names(kept_without_april, django_db_blocker):
    """Read once; the record itself is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        kept_without_april.lay()
        read = Known.read()
        spellings = {}
        for city in Organisation.objects.cities().prefetch_related("names"):
            texts = [city.name, *(name.text for name in city.names.all())]
            spellings[city.slug] = [text for text in texts if len(read.register.mentions(text)) == 1]
        transaction.set_rollback(True)
    return ShippedNames(read, spellings)


@pytest.fixture(scope="session")
def known(shipped_names):
    """The names of the shipped record. Recognition asks the database nothing more."""
    return shipped_names.known


# Enough of the record for most tests.
CITIES = {"athens", "burgas", "edirne", "istanbul", "izmir", "sofia", "tirana", "varna", "zagreb", "zenica"}


def part_of_the_record():
    record = json.loads(record_without_april())
    few = {
        key: record[key]
        for key in ("format", "version", "title", "compiled", "countries", "working_groups", "network_topics")
    }
    for group in few["working_groups"]:
        group.pop("participants", None)
    few["organisations"] = [
        each for each in record["organisations"] if each["slug"] in CITIES or each["kind"] != "city"
    ]
    ceremony = next(meeting for meeting in record["meetings"] if meeting["kind"] == "ceremony")
    few["meetings"] = [{key: value for key, value in ceremony.items() if not key.startswith("attendance")}]
    return json.dumps(few).encode()


@pytest.fixture(scope="session")
def kept_part(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return Kept(lambda: load(part_of_the_record()))


@pytest.fixture
def register(db, kept_part):
    """Some cities of the shipped record, its groups and their topics, and one meeting."""
    kept_part.lay()


@pytest.fixture
def write_posts(tmp_path):
    """Write what is given as a JSON file, and give its path."""

    def write(value, name="posts.json"):
        path = tmp_path / name
        path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
        return path

    return write
