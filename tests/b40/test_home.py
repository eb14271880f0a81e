import datetime as dt
import json
import re

import pytest
from django.utils import timezone

from b40.pages import home
from meetings.models import MeetingStatus
from members.models import Status
from tests import factories

TODAY = dt.date(2026, 3, 1)


@pytest.fixture(autouse=True)
def first_of_march(time_machine):
    time_machine.move_to(dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC), tick=False)


def member(name, **given):
    city = factories.OrganisationFactory(name=name, latitude=42.7, longitude=23.3, **given)
    factories.OrganisationNameFactory(organisation=city, text=f"{name} own", language="bg", is_native=True)
    factories.MembershipChangeFactory(organisation=city)
    return city


def fill(number):
    """So many rows of each kind that the page shows."""
    for row in range(number):
        city = member(f"Member {row}")
        term = factories.PresidencyFactory(city=city, started_on=dt.date(2022 + row, 1, 1))
        factories.OfficeChangeFactory(presidency=term)
        topic = factories.TopicFactory()
        held = factories.MeetingFactory(start_on=dt.date(2025, 1, 1 + row))
        session = factories.SessionFactory(meeting=held)
        factories.AgendaItemFactory(session=session).topics.add(topic)
        factories.AttendanceFactory(meeting=held, organisation=city)
        factories.MeetingFactory(start_on=dt.date(2026, 5, 1 + row), status=MeetingStatus.ANNOUNCED)
        factories.DocumentFactory(meeting=held, dated=dt.date(2025, 1, 1 + row))
        factories.PhotoFactory(news_item=factories.NewsItemFactory(organisations=[city]))
        factories.StatedMemberCountFactory(on=dt.date(2025, 1, 1 + row), members=76)


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_home_asks_as_many_queries_whatever_the_number_of_rows(client, django_assert_num_queries, number):
    fill(number)

    with django_assert_num_queries(22):
        response = client.get("/")

    assert response.status_code == 200


@pytest.mark.django_db
def test_home_of_an_empty_record_says_so(client):
    page = client.get("/").content.decode()

    assert "No meeting is announced at present." in page
    assert '<span class="stat-number">0</span>' in page


@pytest.mark.django_db
def test_numbers_count_todays_record_and_lead_to_its_rows(rf):
    albania, greece = factories.CountryFactory(name="Albania"), factories.CountryFactory(name="Greece")
    for name, country in (("Tirana", albania), ("Durrës", albania), ("Athens", greece)):
        member(name, country=country)
    candidate = factories.OrganisationFactory()
    factories.MembershipChangeFactory(organisation=candidate, status=Status.CANDIDATE)
    left = member("Left")
    factories.MembershipChangeFactory(organisation=left, status=Status.ENDED, latest=dt.date(2024, 1, 1))
    joins_tomorrow = factories.OrganisationFactory()
    factories.MembershipChangeFactory(organisation=joins_tomorrow, latest=TODAY + dt.timedelta(days=1))
    factories.PresidencyFactory(started_on=dt.date(2025, 1, 1))
    factories.PresidencyFactory(started_on=dt.date(2027, 1, 1))
    factories.MeetingFactory()
    factories.MeetingFactory(status=MeetingStatus.DRAFT)

    numbers = home.numbers(factories.UserFactory(), TODAY)

    assert [(number["number"], number["label"], number["url"]) for number in numbers] == [
        (3, "member cities", "/cities/"),
        (2, "countries", "/cities/"),
        (1, "presidency", "/presidencies/"),
        (1, "meeting on record", "/meetings/"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stated", "note"), [(3, ""), (76, "identified by name; 76 stated in January 2026")], ids=["same", "other"]
)
def test_the_stated_number_stands_beside_the_counted_one_only_when_it_differs(stated, note):
    factories.StatedMemberCountFactory(on=dt.date(2025, 1, 1), members=73)
    factories.StatedMemberCountFactory(on=dt.date(2026, 1, 26), members=stated)
    factories.StatedMemberCountFactory(on=dt.date(2027, 1, 1), members=90)

    assert home.stated_beside(3, TODAY) == note


@pytest.mark.django_db
def test_presiding_after_a_change_of_mayor_names_the_new_one():
    term = factories.PresidencyFactory(started_on=dt.date(2026, 1, 26))
    factories.PresidencyFactory(started_on=dt.date(2027, 1, 1))
    factories.OfficeChangeFactory(presidency=term)
    later = factories.OfficeChangeFactory(presidency=term, latest=dt.date(2026, 2, 1))
    factories.OfficeChangeFactory(presidency=term, latest=dt.date(2026, 6, 1))

    presiding = home.presiding(factories.UserFactory(), TODAY)

    assert (presiding.presidency, presiding.president) == (term, later)


@pytest.mark.django_db
def test_home_shows_next_meetings_and_the_latest_held_ones_but_no_draft(client):
    factories.MeetingFactory(title="Spring round", start_on=dt.date(2026, 4, 9), status=MeetingStatus.ANNOUNCED)
    factories.MeetingFactory(title="Held last year", start_on=dt.date(2025, 4, 9))
    factories.MeetingFactory(title="Secret plan", start_on=dt.date(2026, 4, 10), status=MeetingStatus.DRAFT)
    factories.MeetingFactory(title="Called off", start_on=dt.date(2026, 4, 11), status=MeetingStatus.CANCELLED)

    page = client.get("/").content.decode()

    assert page.index("Spring round") < page.index("Held last year")
    assert "Secret plan" not in page
    assert "Called off" not in page


@pytest.mark.django_db
def test_latest_meetings_count_the_cities_that_came():
    held = factories.MeetingFactory()
    factories.AttendanceFactory.create_batch(2, meeting=held)

    latest = home.meetings(factories.UserFactory(), TODAY)["latest_meetings"]

    assert [(meeting, meeting.city_count) for meeting in latest] == [(held, 2)]


@pytest.mark.django_db
def test_topics_stand_under_their_group_latest_first_each_once_without_drafts():
    group = factories.WorkingGroupFactory(name="Local Climate Action")
    heat, air = factories.TopicFactory(group=group, title="Heat"), factories.TopicFactory(group=group, title="Air")
    secret = factories.TopicFactory(group=group, status="draft")
    for year, topics in ((2024, [heat]), (2025, [air, heat, secret])):
        session = factories.SessionFactory(meeting=factories.MeetingFactory(start_on=dt.date(year, 4, 9)))
        for order, topic in enumerate(topics):
            factories.AgendaItemFactory(session=session, order=order).topics.add(topic)
    draft = factories.MeetingFactory(status=MeetingStatus.DRAFT)
    only_in_draft = factories.TopicFactory(group=group, title="Only in a draft")
    factories.AgendaItemFactory(session=factories.SessionFactory(meeting=draft)).topics.add(only_in_draft)

    groups = home.topics_by_group(factories.UserFactory())

    assert [(row["name"], row["topics"]) for row in groups] == [("Local Climate Action", [air, heat])]


@pytest.mark.django_db
def test_map_shows_members_alone_marks_the_presiding_city_and_is_told_as_a_table():
    city = member("Sofia", country=factories.CountryFactory(name="Bulgaria"))
    factories.OrganisationFactory(name="No member", latitude=42, longitude=23)

    drawn = home.city_map(factories.UserFactory(), TODAY, city.pk)

    assert [(point.label, point.native, point.state, point.href) for point in drawn["points"]] == [
        ("Sofia", "Sofia own", "host", city.get_absolute_url())
    ]
    assert drawn["map_countries"] == [("Bulgaria", [city])]


@pytest.mark.django_db
def test_papers_of_drafts_stay_hidden():
    shown = factories.DocumentFactory(dated=dt.date(2025, 1, 1))
    factories.DocumentFactory(dated=dt.date(2026, 1, 1), meeting=factories.MeetingFactory(status=MeetingStatus.DRAFT))

    assert home.newest_documents(factories.UserFactory()) == [shown]


@pytest.mark.django_db
def test_home_has_one_heading_a_search_its_address_and_structured_data(client):
    page = client.get("/?utm_source=x").content.decode()

    assert len(re.findall("<h1", page)) == 1
    assert '<link rel="canonical" href="http://testserver/">' in page
    assert 'content="http://testserver/og/site/b40.png"' in page
    assert 'type="application/atom+xml"' in page
    assert '<html lang="en"' in page
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert [json.loads(block)["@type"] for block in blocks] == ["Organization", "WebSite"]
    assert re.search(r'<form[^>]*action="/search/"[^>]*>.*?name="q"', page, re.DOTALL)


@pytest.mark.django_db
def test_today_is_the_secretariats_day(time_machine, client):
    """At 22:30 UTC Istanbul has begun the next day."""
    time_machine.move_to(dt.datetime(2026, 2, 28, 22, 30, tzinfo=dt.UTC), tick=False)
    term = factories.PresidencyFactory(started_on=TODAY, city=member("Zagreb"))

    assert timezone.localdate() == TODAY
    assert term.get_absolute_url() in client.get("/").content.decode()
