"""Topics: the list, and where and when each was discussed."""

import datetime as dt

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import (
    AgendaItemFactory,
    MeetingFactory,
    SessionFactory,
    TopicFactory,
    UserFactory,
    WorkingGroupFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def heat():
    climate = WorkingGroupFactory(name="Local Climate Action", slug="climate", order=1)
    return TopicFactory(title="Urban heat", slug="heat", group=climate, description="Топлинен остров")


def discussed(topic, *, group=None, **meeting):
    session = SessionFactory(meeting=MeetingFactory(**meeting), working_groups=[group] if group else [])
    return AgendaItemFactory(session=session, topics=[topic])


def listed(response):
    return [entry.topic.title for _group, entries in response.context["groups"] for entry in entries]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Urban heat", "Migration", "Settled matter", "Whole network"]),
        ("?group=climate", ["Urban heat"]),
        ("?group=network", ["Whole network"]),
        ("?status=settled", ["Settled matter"]),
        ("?status=open&group=democracy", ["Migration"]),
        ("?q=HEAT urban", ["Urban heat"]),
        ("?q=остров", ["Urban heat"]),
        ("?q=ostrov", ["Urban heat"]),
        ("?q=Embargoed", []),
        ("?status=draft", ["Urban heat", "Migration", "Settled matter", "Whole network"]),
        ("?group=none", ["Urban heat", "Migration", "Settled matter", "Whole network"]),
        ("?q=%00", ["Urban heat", "Migration", "Settled matter", "Whole network"]),
    ],
)
def test_list_is_narrowed_by_group_status_and_words_in_any_script(client, heat, query, titles):
    democracy = WorkingGroupFactory(name="Democracy", slug="democracy", order=2)
    TopicFactory(title="Migration", group=democracy)
    TopicFactory(title="Settled matter", group=democracy, status="settled")
    TopicFactory(title="Embargoed", group=democracy, status="draft")
    TopicFactory(title="Whole network", group=None)

    assert listed(client.get("/topics/" + query)) == titles


@pytest.mark.parametrize(
    ("query", "label"),
    [("?group=none", "Working group"), ("?status=draft", "Status"), ("?q=%00", "Words, in any script")],
)
def test_list_says_which_filter_it_could_not_read(client, heat, query, label):
    assertContains(client.get("/topics/" + query), f"The filter “{label}” could not be read and was left out.")


def test_list_counts_the_meetings_that_the_public_may_see(client, heat):
    discussed(heat, start_on=dt.date(2024, 5, 21))
    discussed(heat, start_on=dt.date(2025, 4, 9))
    discussed(heat, start_on=dt.date(2026, 4, 9), status="draft")

    assertContains(client.get("/topics/"), "2 meetings, last in April 2025")


def test_list_counts_a_meeting_once_however_many_items_it_had(client, heat):
    session = SessionFactory()
    AgendaItemFactory.create_batch(2, session=session, topics=[heat])

    ((_group, (entry,)),) = client.get("/topics/").context["groups"]

    assert entry.discussion.meetings == 1


def test_list_is_paged_and_says_when_nothing_fits(client, heat, monkeypatch):
    monkeypatch.setattr("b40.pages.topics.TOPICS_PER_PAGE", 1)
    TopicFactory(title="Whole network", group=None)

    assert listed(client.get("/topics/?page=2")) == ["Whole network"]
    assert client.get("/topics/?page=3").status_code == 404
    assertContains(client.get("/topics/?q=atlantis"), "No topic fits")


def test_page_tells_where_and_when_it_was_discussed(client, heat):
    discussed(heat, group=heat.group, title="Round", start_on=dt.date(2024, 5, 21))
    discussed(heat, title="Summit", start_on=dt.date(2025, 2, 24))

    rows = client.get("/topics/heat/").context["rows"]

    assert [(row["meeting"].title, row["sessions"]) for row in rows] == [
        ("Summit", ["Plenary"]),
        ("Round", ["Local Climate Action"]),
    ]


def test_drafts_do_not_leak(client, heat):
    discussed(heat, title="Embargoed round", status="draft")
    TopicFactory(title="Embargoed topic", slug="secret", status="draft", group=heat.group)

    assertNotContains(client.get("/topics/heat/"), "Embargoed")
    assertContains(client.get("/topics/heat/"), "Not on the agenda of any meeting on record")
    assertNotContains(client.get("/topics/"), "Embargoed")
    assertNotContains(client.get("/topics/"), "1 meeting")
    assert client.get("/topics/secret/").status_code == 404


def test_staff_see_drafts(client, heat):
    discussed(heat, title="Embargoed round", status="draft")
    TopicFactory(title="Embargoed topic", slug="secret", status="draft", group=heat.group)
    client.force_login(UserFactory(staff=True))

    assertContains(client.get("/topics/heat/"), "Embargoed round")
    assertContains(client.get("/topics/"), "Embargoed topic")
    assert client.get("/topics/secret/").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_list_and_page_ask_a_fixed_number_of_queries(client, django_assert_num_queries, heat, rows):
    for _number in range(rows):
        discussed(heat, group=heat.group)
        discussed(TopicFactory())

    with django_assert_num_queries(4):
        client.get("/topics/")
    with django_assert_num_queries(7):
        client.get("/topics/heat/")


def test_page_on_the_record(shipped_record, client):
    response = client.get("/topics/urban-heat-island-effect/")

    assertContains(response, "First Online Working Group Meetings during Sofia Presidency")
    assertContains(response, "Local Climate Action")
