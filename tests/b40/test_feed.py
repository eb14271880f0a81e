import datetime as dt
from xml.etree import ElementTree

import pytest

from meetings.models import Meeting, MeetingStatus
from tests import factories

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client):
    response = client.get("/feed.atom")
    return ElementTree.fromstring(response.content).findall(f"{ATOM}entry")


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_feed_asks_one_query_whatever_the_number_of_meetings(client, django_assert_num_queries, number):
    factories.MeetingFactory.create_batch(number)

    with django_assert_num_queries(1):
        assert len(entries(client)) == number


@pytest.mark.django_db
def test_feed_is_atom_with_a_lasting_identity_an_author_and_its_own_address(client):
    factories.MeetingFactory()

    response = client.get("/feed.atom")
    feed = ElementTree.fromstring(response.content)

    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert feed.findtext(f"{ATOM}id") == "tag:b40network.org,2021:meetings"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "B40 Balkan Cities Network, Permanent Secretariat"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"alternate": "http://testserver/meetings/", "self": "http://testserver/feed.atom"}


@pytest.mark.django_db
def test_entry_keeps_its_identity_and_tells_days_place_and_cities(client, time_machine):
    time_machine.move_to(dt.datetime(2026, 1, 1, 9, tzinfo=dt.UTC), tick=False)
    meeting = factories.MeetingFactory(title="Round", start_on=dt.date(2025, 4, 9), summary="Topics were agreed.")
    factories.AttendanceFactory.create_batch(2, meeting=meeting)
    time_machine.move_to(dt.datetime(2026, 2, 1, 9, tzinfo=dt.UTC), tick=False)
    meeting.title, meeting.slug = "Spring round", "spring"
    meeting.save()

    (entry,) = entries(client)

    assert {child.tag.removeprefix(ATOM): child.text for child in entry if child.text} == {
        "title": "Spring round",
        "id": f"tag:b40network.org,2021:meeting/{meeting.pk}",
        "published": "2026-01-01T09:00:00+00:00",
        "updated": "2026-02-01T09:00:00+00:00",
        "summary": "Working group meeting · 9 April 2025 · online · 2 cities. Topics were agreed.",
    }
    assert entry.find(f"{ATOM}link").get("href") == "http://testserver/meetings/spring/"


@pytest.mark.django_db
def test_drafts_stay_out_whoever_asks_and_cancelled_says_so(client):
    factories.MeetingFactory(status=MeetingStatus.DRAFT)
    factories.MeetingFactory(title="Workshop", status=MeetingStatus.CANCELLED)
    client.force_login(factories.UserFactory(staff=True))

    assert [entry.findtext(f"{ATOM}title") for entry in entries(client)] == ["Workshop (cancelled)"]


@pytest.mark.django_db
def test_feed_is_bounded_newest_first(client):
    factories.MeetingFactory.create_batch(35)

    titles = [entry.findtext(f"{ATOM}title") for entry in entries(client)]

    assert titles == list(Meeting.objects.order_by("-start_on").values_list("title", flat=True)[:30])


@pytest.mark.django_db
def test_feed_answers_that_nothing_changed(client):
    factories.MeetingFactory()
    first = client.get("/feed.atom")

    second = client.get("/feed.atom", headers={"if-modified-since": first["Last-Modified"]})

    assert (second.status_code, second.content) == (304, b"")


@pytest.mark.django_db
def test_feed_without_meetings_is_still_a_feed(client):
    assert entries(client) == []
