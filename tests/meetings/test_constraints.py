"""Every named constraint of the meetings app refuses what it says, in the database itself and with its own message."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import models

from meetings.models import Attendance, Decision, Document, Guest, Meeting, Session, StatedTotal
from members.models import Country, Organisation, Presidency
from tests.refusal import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def sofia(db: None) -> Organisation:
    country = Country.objects.create(code="BG", name="Bulgaria")
    return Organisation.objects.create(name="Sofia", slug="sofia", country=country)


@pytest.fixture
def meeting(db: None) -> Meeting:
    return Meeting.objects.create(
        title="Round", slug="round", kind="working_groups", mode="online", status="held", start_on=dt.date(2025, 4, 9)
    )


@pytest.mark.parametrize(
    ("changes", "constraint", "message"),
    [
        ({"end_on": dt.date(2025, 4, 8)}, "meeting_ends_after_it_begins", "lies before the first"),
        ({"date_precision": "month"}, "meeting_month_has_no_last_day", "give its first day"),
        (
            {"date_precision": "month", "start_on": dt.date(2025, 4, 1), "end_on": dt.date(2025, 4, 2)},
            "meeting_month_has_no_last_day",
            "no last day",
        ),
        ({"kind": "party"}, "meeting_kind_known", "kinds of meeting"),
        ({"status": "lost"}, "meeting_status_known", "statuses"),
        ({"mode": "by post"}, "meeting_mode_known", "online, in person or hybrid"),
        ({"venue": "Town hall"}, "meeting_online_has_no_venue", "choose hybrid"),
    ],
)  # fmt: skip
def test_meeting_constraint_refuses(
    meeting: Meeting, changes: dict[str, object], constraint: str, message: str
) -> None:
    for name, value in changes.items():
        setattr(meeting, name, value)

    refused(meeting, constraint, message)


def test_meeting_only_a_summit_is_hosted_by_a_presidency(meeting: Meeting, sofia: Organisation) -> None:
    meeting.summit_of = Presidency.objects.create(city=sofia, started_on=dt.date(2025, 2, 24))

    refused(meeting, "meeting_presidency_hosts_summits", "Only a summit")


def test_meeting_summit_lies_on_the_handover(sofia: Organisation) -> None:
    presidency = Presidency.objects.create(city=sofia, started_on=dt.date(2025, 2, 24))
    summit = Meeting(
        title="Summit",
        slug="summit",
        kind="summit",
        mode="in_person",
        start_on=dt.date(2025, 3, 1),
        summit_of=presidency,
    )

    with pytest.raises(ValidationError, match="2025-02-24, which is no day of this summit"):
        summit.clean()


def test_meeting_unknown_time_zone_is_refused(meeting: Meeting) -> None:
    meeting.timezone = "Europe/Sofiya"

    with pytest.raises(ValidationError, match="no IANA time zone"):
        meeting.full_clean()


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (dt.datetime(2025, 4, 9, 10, tzinfo=dt.UTC), dt.datetime(2025, 4, 9, 10, tzinfo=dt.UTC)),
        (None, dt.datetime(2025, 4, 9, 10, tzinfo=dt.UTC)),
    ],
)
def test_session_ends_after_it_starts(meeting: Meeting, starts: dt.datetime | None, ends: dt.datetime) -> None:
    refused(
        Session(meeting=meeting, starts_at=starts, ends_at=ends), "session_ends_after_it_starts", "ends after it starts"
    )


def test_session_outside_the_meetings_days_is_refused(meeting: Meeting) -> None:
    session = Session(meeting=meeting, starts_at=dt.datetime(2025, 4, 9, 21, 30, tzinfo=dt.UTC))  # 10 April in Istanbul

    with pytest.raises(ValidationError, match="9 April 2025"):
        session.clean()


def test_attendance_once_a_meeting_and_channel(meeting: Meeting, sofia: Organisation) -> None:
    Attendance.objects.create(meeting=meeting, organisation=sofia)
    Attendance.objects.create(meeting=meeting, organisation=sofia, channel="press")

    refused(
        Attendance(meeting=meeting, organisation=sofia),
        "attendance_once_a_meeting_and_channel",
        "listed already for the whole meeting",
    )


def test_attendance_once_a_session_and_channel(meeting: Meeting, sofia: Organisation) -> None:
    session = Session.objects.create(meeting=meeting)
    Attendance.objects.create(meeting=meeting, organisation=sofia)
    Attendance.objects.create(meeting=meeting, session=session, organisation=sofia)

    refused(
        Attendance(meeting=meeting, session=session, organisation=sofia),
        "attendance_once_a_session_and_channel",
        "listed already for this session",
    )


@pytest.mark.parametrize(
    ("changes", "constraint", "message"),
    [
        ({"presence": "asleep"}, "attendance_presence_known", "present, excused or absent"),
        ({"channel": "rumour"}, "attendance_channel_known", "who told of it"),
    ],
)  # fmt: skip
def test_attendance_closed_sets(
    meeting: Meeting, sofia: Organisation, changes: dict[str, str], constraint: str, message: str
) -> None:
    refused(Attendance(meeting=meeting, organisation=sofia, **changes), constraint, message)


def test_attendance_of_another_meetings_session_is_refused(meeting: Meeting, sofia: Organisation) -> None:
    other = Meeting.objects.create(
        title="Other", slug="other", kind="board", mode="online", start_on=dt.date(2025, 5, 9)
    )
    session = Session.objects.create(meeting=other)

    with pytest.raises(ValidationError, match="belongs to another meeting"):
        Attendance.objects.create(meeting=meeting, session=session, organisation=sofia)


@pytest.mark.parametrize(
    ("model", "values", "constraint", "message"),
    [
        (Guest, {"name": "An embassy"}, "guest_once_a_meeting", "guest is listed already"),
        (Decision, {"text": "Signed"}, "decision_once_a_meeting", "decision is listed already"),
        (StatedTotal, {"what": "cities", "number": 16}, "stated_total_once", "total is listed already"),
        (Document, {"title": "Agenda"}, "document_title_once_a_meeting", "document of this title already"),
    ],
)  # fmt: skip
def test_parts_are_listed_once(
    meeting: Meeting, model: type[models.Model], values: dict[str, object], constraint: str, message: str
) -> None:
    model(meeting=meeting, **values).save()

    refused(model(meeting=meeting, **values), constraint, message)


def test_document_title_once_for_the_network() -> None:
    Document.objects.create(title="Istanbul Declaration")

    refused(
        Document(title="Istanbul Declaration"),
        "document_title_once_for_the_network",
        "network has a document of this title",
    )


def test_document_is_kept_here_or_elsewhere(meeting: Meeting) -> None:
    document = Document(
        meeting=meeting, title="Minutes", file="documents/a/minutes.pdf", url="https://example.org/minutes"
    )

    refused(document, "document_kept_here_or_elsewhere", "not both")


def test_stated_total_of_something_known(meeting: Meeting) -> None:
    refused(
        StatedTotal(meeting=meeting, what="sandwiches", number=3),
        "stated_total_of_something_known",
        "what the total counts",
    )
