"""Laws of loading: twice is once, any order gives one record, and what is read is what was written."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from b40.loading.applying import apply_rows
from b40.loading.loading import load, read_rows
from b40.loading.merging import plain
from b40.loading.problems import LoadError, Place
from b40.loading.reading import read_json
from b40.loading.rows import KINDS
from b40.loading.shapes import WRONG, degrees, window
from tests.b40.loading_records import as_file, small_record

pytestmark = pytest.mark.django_db

# Lists in which the order says nothing; that of names, sessions, agenda items, guests, decisions and documents does.
FREE_LISTS = {
    "sources",
    "countries",
    "organisations",
    "membership",
    "presidencies",
    "presidents",
    "permanent_secretaries",
    "board_seats",
    "stated_member_counts",
    "working_groups",
    "former_names",
    "participation",
    "topics",
    "network_topics",
    "meetings",
    "attendance",
    "stated_totals",
}
SLOW = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Undo(Exception):
    """Raised to roll an example back."""


def shuffled(draw, value, key=""):
    if isinstance(value, dict):
        return {name: shuffled(draw, value[name], name) for name in draw(st.permutations(list(value)))}
    if isinstance(value, list):
        items = [shuffled(draw, item) for item in value]
        return draw(st.permutations(items)) if key in FREE_LISTS else items
    return value


@st.composite
def records(draw):
    """The small record in any order, with parts left out and texts changed."""
    record = small_record()
    for name in draw(st.sets(st.sampled_from(["permanent_secretaries", "board_seats", "documents"]))):
        del record[name]
    for entry in [*record["organisations"], *record["meetings"]]:
        entry["note"] = draw(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30))
    record["meetings"][0]["attendance"] = draw(st.lists(st.sampled_from(["athens", "sofia", "iclei"]), unique=True))
    return shuffled(draw, record)


def snapshot():
    """Everything in the database that a file can bring, with names in the place of primary keys."""
    names = {}
    for kind in KINDS:
        for found in kind.model.objects.order_by("pk"):
            names[kind.model, found.pk] = json.dumps([kind.model._meta.label, described(found, names)], default=str)
    return sorted(names.values())


def described(found, names):
    """The fields of an object, others by their names."""
    kept = {}
    for field in found._meta.concrete_fields:
        value = getattr(found, field.attname)
        if field.is_relation:
            kept[field.name] = names.get((field.related_model, value))
        elif field.name not in {"id", "created_at", "changed_at", "recorded_at"}:
            kept[field.name] = plain(value)
    for field in found._meta.many_to_many:
        kept[field.name] = sorted(names[type(one), one.pk] for one in getattr(found, field.name).all())
    return kept


def loaded(*files):
    """What the database holds after loading these files, from nothing and back to nothing."""
    result = []
    try:
        with transaction.atomic():
            reports = [load(as_file(one)) for one in files]
            result = [snapshot(), reports]
            raise Undo
    except Undo:
        return result


@SLOW
@given(records())
def test_loading_twice_is_loading_once(record):
    once, _reports = loaded(record)
    twice, (first, second) = loaded(record, record)

    assert once == twice
    assert second.wrote_nothing
    assert len(second.unchanged) == len(first.created)
    assert not second.conflicts


@SLOW
@given(st.data())
def test_any_order_of_the_file_gives_the_same_record(data):
    record = data.draw(records())

    in_order, _reports = loaded(record)
    in_disorder, _reports = loaded(shuffled(data.draw, record))

    assert in_order == in_disorder


@SLOW
@given(st.data())
def test_file_in_two_halves_gives_the_same_record_as_the_whole(data):
    record = small_record()
    later = set(data.draw(st.sets(st.sampled_from(["meetings", "documents", "board_seats", "presidencies"]))))
    if "presidencies" in later:
        later.add("meetings")
    head = {name: value for name, value in record.items() if name not in later}

    whole, _reports = loaded(record)
    in_halves, _reports = loaded(head, record)

    assert whole == in_halves


@given(records())
@settings(max_examples=20, deadline=None)
def test_record_survives_a_round_trip_through_json(record):
    assert read_json(as_file(record)) == record
    assert read_json(json.dumps(record, indent=2).encode()) == record


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@given(ANY_JSON, st.sampled_from(["meetings", "organisations", "presidencies", "working_groups", "sources"]))
@settings(max_examples=50, deadline=None)
def test_any_json_in_the_place_of_an_entry_is_refused_with_that_place(value, name):
    record = {**small_record(), name: [value]}

    with pytest.raises(LoadError) as caught:
        read_rows(json.dumps(record).encode())

    assert all(problem.place.startswith(f"{name}[0]") for problem in caught.value.problems)


@given(st.binary(max_size=300))
@settings(max_examples=50, deadline=None)
def test_any_bytes_are_refused_with_a_message(raw):
    with pytest.raises(LoadError) as caught:
        load(raw)
    assert all(problem.message for problem in caught.value.problems)


@given(st.dates(min_value=dt.date(1900, 1, 1)), st.dates(min_value=dt.date(1900, 1, 1)))
def test_window_is_read_as_it_is_written(one, other):
    earliest, latest = sorted([one, other])

    assert window(f"{earliest}/{latest}", Place()) == (earliest, latest)
    if earliest != latest:
        assert window(f"{latest}/{earliest}", Place()) is WRONG


@given(st.floats(-90, 90))
def test_coordinate_is_kept_to_four_places(number):
    assert abs(degrees(90)(number, Place()) - Decimal(str(number))) <= Decimal("0.00005")


def test_rows_may_be_applied_without_a_file():
    rows = read_rows(as_file(small_record()))

    assert apply_rows(rows, dry_run=False, progress=lambda *_: None).created
