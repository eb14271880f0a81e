"""One answer to "who attended": the page, the list and every QuerySet agree, whatever stands in the ledger."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetings.attendance import who_attended
from meetings.models import Attendance, Channel, Meeting, Presence
from tests.factories import (
    AttendanceFactory,
    MeetingFactory,
    MembershipChangeFactory,
    OrganisationFactory,
    SessionFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db

# A row: which organisation, the whole meeting or which session, who tells, what.
ROWS = st.tuples(
    st.integers(0, 4), st.sampled_from([None, 0, 1]), st.sampled_from(Channel.values), st.sampled_from(Presence.values)
)


def counted_by_hand(rows):
    """The rule once more, in plain Python: present counts, unless the secretariat says otherwise of the same scope."""
    settled = {
        (organisation, scope)
        for organisation, scope, channel, presence in rows
        if channel == Channel.SECRETARIAT and presence != Presence.PRESENT
    }
    return {
        organisation
        for organisation, scope, _channel, presence in rows
        if presence == Presence.PRESENT and (organisation, scope) not in settled
    }


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROWS, max_size=25, unique_by=lambda row: row[:3]))
def test_list_page_and_querysets_agree_on_any_ledger(db, rows):
    Meeting.objects.all().delete()
    cities = [OrganisationFactory() for _number in range(4)]
    organisations = [*cities, OrganisationFactory(observer=True)]
    meeting = MeetingFactory()
    sessions = [SessionFactory(meeting=meeting, order=order) for order in range(2)]
    for at, scope, channel, presence in rows:
        session = None if scope is None else sessions[scope]
        AttendanceFactory(
            meeting=meeting, organisation=organisations[at], session=session, channel=channel, presence=presence
        )

    attendance = who_attended(meeting)

    expected = counted_by_hand(rows)
    listed = Meeting.objects.with_counts().get(pk=meeting.pk)
    assert {attendee.organisation.pk for attendee in attendance.present} == {organisations[at].pk for at in expected}
    assert len(attendance.cities) == len(expected - {4}) == listed.city_count
    assert len(attendance.by_country) == listed.country_count
    assert {
        organisation.pk for organisation in organisations if meeting in Meeting.objects.attended_by(organisation)
    } == {organisations[at].pk for at in expected}


def test_secretariat_settles_what_sources_contradict_for_the_same_scope_alone():
    meeting, city = MeetingFactory(), OrganisationFactory()
    session = SessionFactory(meeting=meeting)
    AttendanceFactory(meeting=meeting, organisation=city, channel="press")
    AttendanceFactory(meeting=meeting, organisation=city, channel="secretariat", presence="excused")
    settled = who_attended(meeting)
    AttendanceFactory(meeting=meeting, organisation=city, session=session, channel="published")

    at_session = who_attended(meeting)

    assert [(len(settled.cities), len(settled.excused)), (len(at_session.cities), len(at_session.excused))] == [
        (0, 1),
        (1, 0),
    ]
    assert settled.attendees[0].is_contradicted


@pytest.mark.parametrize(
    ("status", "stated", "capacity"),
    [
        ("member", "", "member"),
        ("candidate", "", "candidate"),
        ("ended", "", "guest"),
        (None, "", "guest"),
        ("member", "observer", "observer"),
    ],
)
def test_capacity_is_what_a_source_says_else_what_it_was_on_the_day(status, stated, capacity):
    city = OrganisationFactory()
    if status:
        MembershipChangeFactory(organisation=city, status=status, latest=dt.date(2023, 1, 1))
    MembershipChangeFactory(organisation=city, status="partner", latest=dt.date(2024, 1, 1))
    row = AttendanceFactory(organisation=city, capacity=stated, meeting__start_on=dt.date(2023, 6, 1))

    attendee = who_attended(row.meeting).attendees[0]

    assert attendee.capacity == capacity


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_depend_on_the_length_of_the_ledger(number, django_assert_num_queries):
    meeting = MeetingFactory()
    for row in AttendanceFactory.create_batch(number, meeting=meeting):
        row.sources.add(SourceFactory())

    with django_assert_num_queries(4):
        attendance = who_attended(meeting)
        assert [attendee.organisation.own_name for attendee in attendance.cities] == [None] * number
    assert Attendance.objects.counted().count() == number
