"""What a meeting still lacks: each rule by a meeting that breaks it and one that keeps it."""

import datetime as dt

import pytest
from django.utils import timezone

from meetings.dossier import read_dossier
from meetings.readiness import missing_to_announce, missing_to_publish
from tests import factories
from tests.factories import AttendanceFactory, MeetingFactory, SessionFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return factories.UserFactory(staff=True)


def to_announce(user, meeting):
    return [(missing.text, missing.anchor) for missing in missing_to_announce(read_dossier(user, meeting))]


def to_publish(user, meeting):
    return [(missing.text, missing.anchor) for missing in missing_to_publish(read_dossier(user, meeting))]


def planned(**fields):
    """A meeting that lacks nothing to be announced, but for what is asked."""
    host = factories.OrganisationFactory()
    day = timezone.localdate() + dt.timedelta(days=30)
    meeting = MeetingFactory(
        **{
            "mode": "in_person", "host_city": host, "venue": "Town hall", "status": "draft", "start_on": day, "summary": "Heat",
            **fields,
        }
    )  # fmt: skip
    return meeting


def with_agenda(meeting, **topic):
    starts = dt.datetime.combine(meeting.start_on, dt.time(10), dt.UTC)
    session = SessionFactory(meeting=meeting, starts_at=starts)
    factories.AgendaItemFactory(session=session, topics=[TopicFactory(**topic)])
    return meeting


def told(**fields):
    """A meeting of which everything is told, but for what is asked."""
    meeting = with_agenda(
        MeetingFactory(**{"summary": "Heat", "report": "<p>All</p>", "attendance_complete": True, **fields})
    )
    meeting.sources.add(factories.SourceFactory())
    AttendanceFactory(meeting=meeting)
    return meeting


def test_nothing_is_missing(user):
    assert to_announce(user, with_agenda(planned())) == []
    assert to_publish(user, told()) == []


@pytest.mark.parametrize(
    ("fields", "text", "anchor"),
    [
        ({"summary": " "}, "No summary", "facts"),
        ({"venue": ""}, "No venue", "facts"),
        ({"host_city": None}, "No place", "facts"),
        ({"mode": "hybrid", "host_city": None}, "No place", "facts"),
    ],
)
def test_fact_missing_before_the_announcement(user, fields, text, anchor):
    ((said, where),) = to_announce(user, with_agenda(planned(**fields)))

    assert (said.startswith(text), where) == (True, anchor)


def test_town_that_is_no_host_city_on_record_is_a_place(user):
    assert to_announce(user, with_agenda(planned(host_city=None, place="Brdo"))) == []


def test_online_meeting_needs_no_place(user):
    assert to_announce(user, with_agenda(planned(mode="online", host_city=None, venue=""))) == []


def test_month_is_no_day(user):
    month = timezone.localdate().replace(day=1) + dt.timedelta(days=62)
    texts = [
        text for text, _anchor in to_announce(user, planned(start_on=month.replace(day=1), date_precision="month"))
    ]

    assert "Only the month is known: name the day." in texts


def test_meeting_without_session_time_or_agenda(user):
    meeting = planned()
    assert to_announce(user, meeting) == [("No session: add at least one, with its time.", "sessions")]

    SessionFactory(meeting=meeting)
    assert to_announce(user, meeting) == [
        ("No session has a time: calendars show the whole day.", "sessions"),
        ("No agenda: no session has an item.", "sessions"),
    ]


def test_draft_topics_are_named(user):
    meeting = with_agenda(planned(), title="Shade", status="draft")

    ((text, anchor),) = to_announce(user, meeting)

    assert (text, anchor) == ("1 topic is a draft, which the public does not see: Shade.", "topics")
    assert read_dossier(user, meeting).public_topic_groups == []


@pytest.mark.parametrize(
    ("fields", "text", "anchor"),
    [
        ({"summary": ""}, "No summary: lists and previews of links have nothing to say.", "facts"),
        ({"report": ""}, "No report.", "report"),
        ({"attendance_complete": False}, "The list of cities is not marked as complete.", "attendance"),
        (
            {"status": "announced"},
            "Its day has passed and its status is still “announced”: held or cancelled?",
            "facts",
        ),
    ],
)
def test_fact_missing_before_the_page_tells_what_happened(user, fields, text, anchor):
    assert to_publish(user, told(**fields)) == [(text, anchor)]


def test_meeting_to_come_is_not_asked_whether_it_was_held(user):
    meeting = told(status="announced", start_on=timezone.localdate() + dt.timedelta(days=3))

    assert to_publish(user, meeting) == []


def test_meeting_of_which_nothing_is_told(user):
    assert to_publish(user, MeetingFactory(summary="Heat")) == [
        ("No attendance: nobody is listed.", "attendance"),
        ("No topics: the agenda does not say what was discussed.", "topics"),
        ("No report.", "report"),
        ("No source: say how the network knows.", "facts"),
    ]


def test_contradictions_are_named(user):
    meeting = told()
    for number in range(6):
        city = factories.OrganisationFactory(name=f"City {number}")
        AttendanceFactory(meeting=meeting, organisation=city, channel="press")
        AttendanceFactory(meeting=meeting, organisation=city, channel="self", presence="absent")

    ((text, anchor),) = to_publish(user, meeting)

    assert text == (
        "Sources contradict each other about 6 organisations, and the secretariat has not settled it: "
        "City 0, City 1, City 2, City 3 and 2 more."
    )
    assert anchor == "attendance"


@pytest.mark.parametrize(
    ("total", "is_told"),
    [
        ({"what": "cities", "number": 1}, False),
        ({"what": "cities", "number": 10}, True),
        ({"what": "countries", "number": 2}, True),
        ({"what": "cities", "number": 1, "bound": "over"}, True),
        ({"what": "cities", "number": 3, "bound": "nearly"}, False),
        ({"what": "cities", "number": 10, "bound": "about"}, False),
        ({"what": "cities", "number": 10, "certainty": "disputed"}, False),
        ({"what": "participants", "number": 10}, False),
    ],
)
def test_stated_total_that_differs(user, total, is_told):
    meeting = told()
    factories.StatedTotalFactory(meeting=meeting, stated_by="the press", **total)

    assert bool(to_publish(user, meeting)) == is_told


def test_differing_total_says_both_numbers(user):
    meeting = told()
    factories.StatedTotalFactory(meeting=meeting, what="cities", number=10)

    assert to_publish(user, meeting) == [("a source: 10 cities. The list counts 1.", "attendance")]


def test_document_that_is_only_mentioned(user):
    meeting = told()
    factories.DocumentFactory(meeting=meeting, title="Minutes")
    factories.DocumentFactory(meeting=meeting, url="https://example.org/paper")

    assert to_publish(user, meeting) == [
        ("1 document is only mentioned, without file or address: Minutes.", "documents")
    ]


def test_cancelled_meeting_lacks_nothing(user):
    meeting = planned(status="cancelled", summary="")

    assert (to_announce(user, meeting), to_publish(user, meeting)) == ([], [])


@pytest.mark.parametrize("number", [1, 20])
def test_reading_costs_the_same_for_any_size(user, number, django_assert_num_queries):
    meeting = told()
    for _each in range(number):
        AttendanceFactory(meeting=meeting)
        with_agenda(meeting, status="draft")
        factories.DocumentFactory(meeting=meeting)
        factories.StatedTotalFactory(meeting=meeting, stated_by=f"Paper {_each}")

    with django_assert_num_queries(17):
        dossier = read_dossier(user, meeting)
        missing_to_announce(dossier)
        missing_to_publish(dossier)
