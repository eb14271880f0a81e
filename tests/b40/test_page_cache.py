"""Kept pages are fast, and never older than the record."""

import datetime as dt
import gzip
import threading

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from b40 import page_cache
from members.freshness import record_version, remembered
from members.models import Change
from tests.factories import MeetingFactory, SessionFactory, TopicFactory, UserFactory

PAGE = "/meetings/round/"


@pytest.fixture(autouse=True)
def kept_pages(settings):
    settings.MIDDLEWARE = ["b40.page_cache.PageCacheMiddleware", *settings.MIDDLEWARE]
    caches["pages"].clear()


@pytest.fixture
def meeting(db):
    return MeetingFactory(title="A first round", slug="round")


def test_kept_page_costs_one_query_and_is_the_same_with_all_headers(client, meeting):
    first = client.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        second = client.get(PAGE)

    assert (second.content, dict(second.items())) == (first.content, dict(first.items()))
    assert len(queries) == 1
    assert "default-src 'self'" in second["Content-Security-Policy"]


def test_change_of_the_record_is_seen_at_once(client, meeting):
    client.get(PAGE)
    meeting.title = "A renamed round"
    meeting.save()

    assert "A renamed round" in client.get(PAGE).text


@pytest.mark.parametrize(
    "change",
    [
        lambda meeting: SessionFactory(meeting=meeting, title="Evening session"),
        lambda meeting: meeting.delete(),
        lambda meeting: meeting.sources.clear() or meeting.sources.create(url="https://example.org/evening"),
        lambda meeting: TopicFactory(),
    ],
)
def test_any_change_makes_another_version(meeting, change):
    before = record_version()

    change(meeting)

    assert record_version() != before


def test_page_of_a_meeting_that_became_a_draft_is_gone_at_once(client, meeting):
    client.get(PAGE)
    meeting.status = "draft"
    meeting.save()

    assert client.get(PAGE).status_code == 404


def test_page_of_staff_is_neither_kept_nor_answered_from_what_is_kept(client, meeting):
    meeting.status = "draft"
    meeting.save()
    staff = Client()
    staff.force_login(UserFactory(staff=True))

    assert [staff.get(PAGE).status_code, client.get(PAGE).status_code, staff.get(PAGE).status_code] == [200, 404, 200]


def test_browser_that_holds_the_page_is_told_so(client, meeting):
    first = client.get(PAGE)

    again = client.get(PAGE, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, first["Cache-Control"]) == (304, b"", "no-cache")


def test_page_is_kept_apart_by_host_query_day_and_compression(client, meeting, settings):
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    plain = client.get(PAGE)
    packed = client.get(PAGE, headers={"Accept-Encoding": "gzip"})
    elsewhere = client.get(PAGE, headers={"Host": "other.example"})
    with time_machine.travel(dt.datetime(2030, 1, 1, tzinfo=dt.UTC)), CaptureQueriesContext(connection) as queries:
        client.get(PAGE)

    assert gzip.decompress(packed.content) == plain.content
    assert ("http://testserver/" in plain.text, "http://testserver/" in elsewhere.text) == (True, False)
    assert len(queries) > 1


def test_host_that_is_not_ours_is_refused(client, meeting):
    assert client.get(PAGE, headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("path", ["/account/login/", "/meetings/nowhere/", "/meetings/?q=" + "a" * 700])
def test_what_may_differ_or_is_missing_is_not_kept(client, meeting, monkeypatch, path):
    client.get(path)
    kept = []
    monkeypatch.setattr(page_cache, "Kept", lambda *page: kept.append(page))

    client.get(path)

    assert caches["pages"]._cache == {}
    assert kept == []


def test_remembered_is_counted_once_for_each_question_and_state(meeting):
    counted = []

    def count():
        counted.append(1)
        return len(counted)

    answers = [remembered("a", count), remembered("a", count), remembered("b", count)]
    meeting.save()
    meeting.title = "Another"
    meeting.save()

    assert [*answers, remembered("a", count)] == [1, 1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_changes_committed_in_another_order_than_numbered_make_another_version():
    """A slow transaction numbers its change first and commits it last."""
    if connection.vendor == "sqlite":  # has one writer at a time, from BEGIN on: numbered and committed in one order
        assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        return
    begun, finish = threading.Event(), threading.Event()

    def slowly() -> None:
        with transaction.atomic():
            Change.objects.create(actor="slow", action="created", model="x", record="x:1")
            begun.set()
            finish.wait(10)
        connection.close()

    slow = threading.Thread(target=slowly)
    slow.start()
    begun.wait(10)
    Change.objects.create(actor="quick", action="created", model="x", record="x:2")
    between = record_version()
    finish.set()
    slow.join()

    assert record_version() != between
