"""The working groups and the page of each."""

import datetime as dt

import pytest
import time_machine
from pytest_django.asserts import assertContains

from tests.factories import (
    AgendaItemFactory,
    AttendanceFactory,
    FormerNameFactory,
    MeetingFactory,
    OrganisationFactory,
    OrganisationNameFactory,
    ParticipationChangeFactory,
    SessionFactory,
    TopicFactory,
    UserFactory,
    WorkingGroupFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def climate():
    return WorkingGroupFactory(name="Local Climate Action", slug="climate", mandate="Cooler cities.", order=1)


def test_list_counts_what_the_public_may_see(client, climate):
    meeting = MeetingFactory()
    SessionFactory.create_batch(2, meeting=meeting, working_groups=[climate])
    SessionFactory(meeting__status="draft", working_groups=[climate])
    TopicFactory(group=climate)
    TopicFactory(group=climate, status="draft")
    WorkingGroupFactory(name="Later", order=2)

    groups = client.get("/working-groups/").context["groups"]

    assert [(entry.group.name, entry.meetings, entry.topics) for entry in groups] == [
        ("Local Climate Action", 1, 1),
        ("Later", 0, 0),
    ]


def test_lists_keep_the_numbers_of_staff_from_the_public(client, climate):
    SessionFactory(meeting__status="draft", working_groups=[climate])
    client.force_login(UserFactory(staff=True))
    (for_staff,) = client.get("/working-groups/").context["groups"]
    client.logout()
    (for_public,) = client.get("/working-groups/").context["groups"]

    assert (for_staff.meetings, for_public.meetings) == (1, 0)


def test_list_says_that_there_is_none(client):
    assertContains(client.get("/working-groups/"), "No working group on record")


@pytest.mark.parametrize(
    ("earliest", "words"),
    [
        (None, "Out of use after 29 January 2024 at the latest"),
        (dt.date(2024, 1, 29), "In use until 29 January 2024"),
        (dt.date(2023, 1, 23), "Last found on 23 January 2023; the next name is found from 30 January 2024 on"),
    ],
)
def test_page_tells_how_long_a_former_name_was_in_use(client, climate, earliest, words):
    FormerNameFactory(group=climate, name="Climate", earliest=earliest, latest=dt.date(2024, 1, 29))

    assertContains(client.get("/working-groups/climate/"), words)


def test_page_parts_who_takes_part_from_who_did(client, climate):
    for name, changes in {
        "Stays": [("member", 2022)],
        "Leads": [("member", 2022), ("coordinator", 2024)],
        "Left": [("member", 2022), ("left", 2023)],
    }.items():
        organisation = OrganisationFactory(name=name)
        for role, year in changes:
            ParticipationChangeFactory(group=climate, organisation=organisation, role=role, latest=dt.date(year, 1, 1))

    context = client.get("/working-groups/climate/").context

    rows = {
        part: [(row.organisation.name, row.spell.change.role) for row in context[part]] for part in ("present", "past")
    }
    assert rows["present"] == [("Leads", "coordinator"), ("Stays", "member")]
    assert rows["past"] == [("Leads", "member"), ("Left", "member")]


def test_page_lists_its_meetings_and_topics_but_no_drafts(client, climate):
    met = SessionFactory(meeting__title="Round", working_groups=[climate])
    drafted = SessionFactory(meeting__title="Embargoed round", meeting__status="draft", working_groups=[climate])
    SessionFactory(meeting__title="Other group", working_groups=[WorkingGroupFactory()])
    heat = TopicFactory(group=climate, title="Heat")
    TopicFactory(group=climate, title="Embargoed topic", status="draft")
    for session in (met, drafted):
        AgendaItemFactory(session=session, topics=[heat])

    context = client.get("/working-groups/climate/").context

    assert [meeting.title for meeting in context["page"]] == ["Round"]
    assert [(entry.topic.title, entry.discussion.meetings) for entry in context["topics"]] == [("Heat", 1)]
    assert context["topic_count"] == 1


def test_page_ranks_cities_by_the_sessions_of_the_group(client, climate):
    other = WorkingGroupFactory()
    whole, own, others, observer = (OrganisationFactory(name=name) for name in ("Whole", "Own", "Others", "Observer"))
    observer.kind = "network"
    observer.save()
    for _number in range(2):
        meeting = MeetingFactory()
        session = SessionFactory(meeting=meeting, working_groups=[climate])
        AttendanceFactory(meeting=meeting, organisation=whole)
        AttendanceFactory(meeting=meeting, organisation=observer)
        AttendanceFactory(
            meeting=meeting, organisation=others, session=SessionFactory(meeting=meeting, working_groups=[other])
        )
    AttendanceFactory(meeting=meeting, organisation=own, session=session)
    AttendanceFactory(meeting=meeting, organisation=whole, session=session)
    AttendanceFactory(organisation=own)
    drafted = SessionFactory(meeting__status="draft", working_groups=[climate])
    AttendanceFactory(meeting=drafted.meeting, organisation=own, session=drafted)

    company = client.get("/working-groups/climate/").context["company"]

    assert [(row["label"], row["value"]) for row in company] == [("Whole", 2), ("Own", 1)]


def test_page_offers_all_topics_when_they_are_many(client, climate, monkeypatch):
    monkeypatch.setattr("b40.pages.groups.TOPICS", 2)
    TopicFactory.create_batch(3, group=climate)

    response = client.get("/working-groups/climate/")

    assert len(response.context["topics"]) == 2
    assertContains(response, '<a href="/topics/?group=climate">All 3 topics of the group</a>', html=True)


def test_page_of_no_group_is_not_found(client):
    assert client.get("/working-groups/none/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_list_and_page_ask_a_fixed_number_of_queries(client, django_assert_num_queries, climate, rows):
    WorkingGroupFactory.create_batch(rows)
    FormerNameFactory.create_batch(rows, group=climate)
    for _number in range(rows):
        city = OrganisationFactory()
        OrganisationNameFactory(organisation=city)
        meeting = MeetingFactory(host_city=city, mode="in_person")
        session = SessionFactory(meeting=meeting, working_groups=[climate])
        AgendaItemFactory(session=session, topics=[TopicFactory(group=climate)])
        AttendanceFactory(meeting=meeting, organisation=city)
        ParticipationChangeFactory(group=climate, organisation=city)

    with django_assert_num_queries(5):
        client.get("/working-groups/")
    with django_assert_num_queries(17):
        client.get("/working-groups/climate/")


def test_pages_on_the_record(shipped_record, client):
    groups = client.get("/working-groups/").context["groups"]

    assert [entry.group.name for entry in groups] == [
        "Local Climate Action",
        "Local Democracy and Migration",
        "Smart Cities and Digital Transformation",
        "Local Economic and Cultural Cooperation",
    ]
    assertContains(client.get(groups[3].group.get_absolute_url()), "Local Economic Cooperation")
    assertContains(client.get(groups[2].group.get_absolute_url()), "takes part, known by 30 November 2023")
