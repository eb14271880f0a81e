"""The page of a meeting."""

import datetime as dt
import json
import re
import zoneinfo

import pytest
import time_machine
from django.urls import reverse

from tests.factories import (
    AgendaItemFactory,
    AttendanceFactory,
    CountryFactory,
    DecisionFactory,
    DocumentFactory,
    FormerNameFactory,
    GuestFactory,
    MeetingFactory,
    MembershipChangeFactory,
    NewsItemFactory,
    OrganisationFactory,
    OrganisationNameFactory,
    PhotoFactory,
    PresidencyFactory,
    SessionFactory,
    SourceFactory,
    StatedTotalFactory,
    TopicFactory,
    UserFactory,
    WorkingGroupFactory,
)

pytestmark = pytest.mark.django_db


def page(client, meeting):
    response = client.get(meeting.get_absolute_url())
    assert response.status_code == 200
    return response


def figures(response):
    return [(figure["number"], figure["label"], figure["note"]) for figure in response.context["figures"]]


def structured(response):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', response.text, re.DOTALL)[1])


def member(country, name, **fields):
    city = OrganisationFactory(country=country, name=name, **fields)
    MembershipChangeFactory(organisation=city)
    return city


@pytest.fixture
def meeting():
    """A round of two groups, with two cities, one of them a guest, and an observer."""
    meeting = MeetingFactory(
        title="Online round", slug="online-round", start_on=dt.date(2025, 4, 9), attendance_complete=True
    )
    bulgaria, greece = CountryFactory(name="Bulgaria"), CountryFactory(name="Greece", footnote="A remark.")
    sofia = member(bulgaria, "Sofia", latitude="42.6977", longitude="23.3219")
    OrganisationNameFactory(organisation=sofia, text="София", language="bg", is_native=True)
    AttendanceFactory(meeting=meeting, organisation=sofia)
    AttendanceFactory(meeting=meeting, organisation=OrganisationFactory(country=greece, name="Larissa"))
    AttendanceFactory(
        meeting=meeting, organisation=OrganisationFactory(observer=True, name="ICLEI"), capacity="observer"
    )
    return meeting


def test_cities_stand_under_their_countries_with_what_is_not_plain_about_them(client, meeting):
    response = page(client, meeting)

    listed = [
        (turnout.country.name, line.attendee.organisation.name, [mark.label for mark in line.marks])
        for turnout in response.context["countries"]
        for line in turnout.lines
    ]
    assert listed == [("Bulgaria", "Sofia", []), ("Greece", "Larissa", ["guest"])]
    assert [[mark.label for mark in line.marks] for line in response.context["others"]] == [["observer"]]
    assert figures(response) == [(2, "cities", ""), (2, "countries", ""), (1, "observer", "")]
    assert '<span class="native" lang="bg">София</span>' in response.text
    assert "Greece*" in response.text
    assert "* Greece: A remark." in response.text


def test_map_shows_who_came_and_where_it_met(client, meeting):
    athens = member(CountryFactory(), "Athens", latitude="37.9838", longitude="23.7275")
    meeting.mode, meeting.host_city = "in_person", athens
    meeting.save()

    response = page(client, meeting)

    assert {(point.label, point.state) for point in response.context["points"]} == {
        ("Sofia", "present"),
        ("Athens", "host"),
    }
    assert [entry["state"] for entry in response.context["legend"]] == ["host", "present"]


def test_topics_stand_under_their_groups_and_the_networks_own_come_last(client):
    meeting = MeetingFactory(start_on=dt.date(2023, 1, 23))
    culture = WorkingGroupFactory(name="Economic and Cultural Cooperation", order=2)
    climate = WorkingGroupFactory(name="Climate", order=1)
    FormerNameFactory(group=culture, name="Economic Cooperation", latest=dt.date(2024, 1, 1))
    funding = TopicFactory(title="Funding", group=None)
    routes, heat = TopicFactory(title="Routes", group=culture), TopicFactory(title="Heat", group=climate)
    AgendaItemFactory(session=SessionFactory(meeting=meeting, order=0), topics=[funding])
    for group, topic in ((culture, routes), (climate, heat)):
        AgendaItemFactory(session=SessionFactory(meeting=meeting, order=1, working_groups=[group]), topics=[topic])

    response = page(client, meeting)

    assert [(group.name, [topic.title for topic in group.topics]) for group in response.context["topic_groups"]] == [
        ("Climate", ["Heat"]),
        ("Economic Cooperation (now Economic and Cultural Cooperation)", ["Routes"]),
        ("The whole network", ["Funding"]),
    ]
    assert f'href="{routes.get_absolute_url()}"' in response.text
    assert response.context["parts"] == []


def test_draft_topic_is_not_shown_to_the_public(client):
    meeting = MeetingFactory()
    AgendaItemFactory(session=SessionFactory(meeting=meeting), topics=[TopicFactory(title="Hushed", status="draft")])
    public = page(client, meeting)
    client.force_login(UserFactory(staff=True))

    assert "Hushed" not in public.text
    assert "Hushed" in page(client, meeting).text


def test_sessions_show_times_in_the_meetings_zone_and_who_came_to_which(client):
    meeting = MeetingFactory(start_on=dt.date(2026, 7, 1), timezone="Europe/Sofia")
    zone = zoneinfo.ZoneInfo("Europe/Sofia")
    session = SessionFactory(
        meeting=meeting,
        title="Opening",
        room="Hall 2",
        starts_at=dt.datetime(2026, 7, 1, 9, 30, tzinfo=zone),
        ends_at=dt.datetime(2026, 7, 1, 11, tzinfo=zone),
    )
    AgendaItemFactory(session=session, title="Welcome", minutes=15)
    city = AttendanceFactory(meeting=meeting, session=session, organisation__name="Burgas").organisation

    response = page(client, meeting)

    assert [(part.title, part.cities) for part in response.context["parts"]] == [("Opening", [city])]
    assert "09:30–11:00" in response.text
    assert "Sofia time, UTC+3" in response.text
    assert "Hall 2" in response.text
    assert "15 min" in response.text


def test_stated_totals_stand_beside_the_counted_with_who_stated_them(client, meeting):
    StatedTotalFactory(meeting=meeting, what="cities", number=2, stated_by="the network")
    StatedTotalFactory(meeting=meeting, what="cities", number=10, bound="nearly", stated_by="press")
    StatedTotalFactory(meeting=meeting, what="participants", number=35, bound="over", stated_by="the network")
    StatedTotalFactory(meeting=meeting, what="participants", number=40)

    response = page(client, meeting)

    assert figures(response) == [
        (2, "cities", "stated: nearly 10 (press)"),
        (2, "countries", ""),
        (1, "observer", ""),
        (35, "participants", "more than stated by the network; also stated: 40"),
    ]
    assert [(total.number, agrees) for total, agrees in response.context["stated"]] == [
        (2, True),
        (10, False),
        (35, False),
        (40, False),
    ]


def test_incomplete_list_says_so(client, meeting):
    meeting.attendance_complete = False
    meeting.save()

    response = page(client, meeting)

    assert figures(response)[0] == (2, "cities", "named in the sources; the list is not complete")
    assert "there may have been more" in response.text


def test_doubt_and_contradiction_are_shown_with_how_we_know(client):
    meeting = MeetingFactory()
    doubtful = AttendanceFactory(
        meeting=meeting, organisation__name="Rakovski", certainty="inferred", basis="The name breaks off."
    )
    disputed = AttendanceFactory(meeting=meeting, organisation__name="Skopje", channel="press")
    AttendanceFactory(meeting=meeting, organisation=disputed.organisation, channel="published", presence="absent")
    AttendanceFactory(meeting=meeting, organisation__name="Patras", presence="excused")

    response = page(client, meeting)

    lines = [line for turnout in response.context["countries"] for line in turnout.lines]
    assert {line.attendee.organisation.name: [mark.label for mark in line.marks] for line in lines} == {
        "Rakovski": ["guest", "inferred"],
        "Skopje": ["guest", "sources disagree"],
    }
    assert doubtful.basis in response.text
    assert "Press: present" in response.text
    assert "Published report: absent" in response.text
    assert [attendee.organisation.name for attendee in response.context["attendance"].excused] == ["Patras"]


def test_entries_refer_to_their_sources_by_number(client, meeting):
    first, second, third = SourceFactory.create_batch(3)
    meeting.sources.add(first)
    row = meeting.attendances.get(organisation__name="Sofia")
    row.sources.add(second, third)

    response = page(client, meeting)

    assert response.context["sources"][0] == first
    assert set(response.context["sources"][1:]) == {second, third}
    lines = [line for turnout in response.context["countries"] for line in turnout.lines]
    assert [line.numbers for line in lines] == [[2, 3], []]


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("held", "No source on record names who came."),
        ("announced", "The list of cities will stand here after the meeting."),
        ("cancelled", "Nobody: the meeting was cancelled."),
    ],
)
def test_meeting_of_which_nobody_is_known_to_have_come_says_why(client, status, words):
    assert words in page(client, MeetingFactory(status=status)).text


def test_cancelled_meeting_says_so_first(client):
    text = page(client, MeetingFactory(status="cancelled")).text

    assert text.index("This meeting did not take place.") < text.index("When and where")
    assert '<span class="badge is-cancelled">cancelled</span>' in text


def test_everything_else_on_record_is_on_the_page(client, meeting):
    PresidencyFactory(city__name="Zagreb", started_on=dt.date(2020, 1, 1))
    meeting.motto, meeting.note, meeting.report = (
        "Together",
        "Sources fall short.",
        "<p>They met.</p><script>x</script>",
    )
    meeting.save()
    GuestFactory(meeting=meeting, name="An embassy")
    DecisionFactory(meeting=meeting, text="A shared calendar")
    DocumentFactory(meeting=meeting, title="Minutes", kind="minutes", language="bg")
    kept = DocumentFactory(meeting=meeting, title="Agenda", kept=True)
    photo = PhotoFactory(meeting=meeting, alt="A full hall")

    text = page(client, meeting).text

    for words in (
        "Together",
        "Sources fall short.",
        "<p>They met.</p>",
        "An embassy",
        "A shared calendar",
        "Zagreb",
        "Bulgarian",
    ):
        assert words in text
    assert "<script>x" not in text
    assert "text not found" in text
    assert f'href="{kept.file.url}"' in text
    assert f'src="{photo.image.small_url}" srcset="{photo.image.srcset}"' in text
    assert 'width="600" height="400" alt="A full hall" loading="lazy"' in text


def test_document_whose_file_is_gone_breaks_nothing(client, meeting):
    document = DocumentFactory(meeting=meeting, title="Lost", kept=True)
    document.file.storage.delete(document.file.name)

    assert "Lost" in page(client, meeting).text


def test_month_is_not_made_a_day(client):
    meeting = MeetingFactory(start_on=dt.date(2022, 6, 1), date_precision="month")

    response = page(client, meeting)

    assert "June 2022" in response.text
    assert "the day is not known" in response.text
    assert reverse("meetings:ics", args=[meeting.slug]) not in response.text
    assert structured(response)["startDate"] == "2022-06"
    assert "endDate" not in structured(response)


def test_neighbours_are_the_next_days_that_the_visitor_may_see(client):
    first, second, draft, third = (
        MeetingFactory(start_on=dt.date(2024, 1, number), status="draft" if number == 3 else "held")
        for number in (1, 2, 3, 4)
    )

    public = page(client, second).context
    client.force_login(UserFactory(staff=True))
    staff = page(client, second).context

    assert (public["previous"], public["following"]) == (first, third)
    assert (staff["previous"], staff["following"]) == (first, draft)


def test_neighbours_of_the_same_day_are_told_apart(client):
    meetings = [MeetingFactory(start_on=dt.date(2024, 1, 1)) for _number in range(3)]

    context = page(client, meetings[1]).context

    assert (context["previous"], context["following"]) == (meetings[0], meetings[2])


def test_structured_data_describe_the_event(client, meeting):
    topic = TopicFactory(title="</script><b>Heat</b>")
    AgendaItemFactory(session=SessionFactory(meeting=meeting), topics=[topic])

    event = structured(page(client, meeting))

    assert event["@type"] == "Event"
    assert event["eventStatus"] == "https://schema.org/EventScheduled"
    assert event["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"
    assert event["location"] == [{"@type": "VirtualLocation", "url": "http://testserver/meetings/online-round/"}]
    assert (event["startDate"], event["endDate"]) == ("2025-04-09", "2025-04-09")
    assert event["organizer"]["name"] == "B40 Balkan Cities Network"
    assert [about["name"] for about in event["about"]] == ["</script><b>Heat</b>"]


def test_structured_data_of_a_cancelled_hybrid_meeting(client):
    country = CountryFactory(name="Greece")
    meeting = MeetingFactory(
        mode="hybrid", status="cancelled", host_city=member(country, "Athens"), country=country, venue="Technopolis",
        start_on=dt.date(2024, 1, 1), end_on=dt.date(2024, 1, 3),
    )  # fmt: skip

    event = structured(page(client, meeting))

    assert event["eventStatus"] == "https://schema.org/EventCancelled"
    assert event["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    address = {"@type": "PostalAddress", "addressLocality": "Athens", "addressCountry": "Greece"}
    assert event["location"][0] == {"@type": "Place", "name": "Technopolis", "address": address}
    assert event["location"][1]["@type"] == "VirtualLocation"
    assert event["endDate"] == "2024-01-03"


@time_machine.travel(dt.datetime(2026, 3, 1, tzinfo=dt.UTC), tick=False)
@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_depend_on_how_much_is_on_record(client, number, django_assert_num_queries):
    PresidencyFactory()
    meeting = MeetingFactory(mode="in_person", host_city=OrganisationFactory(), country=CountryFactory())
    for order in range(number):
        group = WorkingGroupFactory()
        session = SessionFactory(meeting=meeting, order=order, working_groups=[group])
        AgendaItemFactory(session=session, topics=[TopicFactory(group=group), TopicFactory(group=None)])
        for row in (AttendanceFactory(meeting=meeting), StatedTotalFactory(meeting=meeting, number=order + 1)):
            row.sources.add(SourceFactory())
        OrganisationNameFactory(
            organisation=AttendanceFactory(meeting=meeting, certainty="inferred", basis="So.").organisation
        )
        for factory in (GuestFactory, DecisionFactory, DocumentFactory, PhotoFactory):
            factory(meeting=meeting)
        PhotoFactory(news_item=NewsItemFactory(meeting=meeting, organisations=[OrganisationFactory()]))

    with django_assert_num_queries(29):
        page(client, meeting)
