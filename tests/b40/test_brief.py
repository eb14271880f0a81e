"""The brief of an organisation: its numbers are the record's, it names whom it should, and it fits on one page."""

import datetime as dt
import io
import re

import pypdf
import pytest
import time_machine
from pytest_django.asserts import assertContains, assertNotContains

from b40.briefing import pdf_of, read_brief
from meetings.models import Attendance, Decision, Meeting
from members.mentions import Mentions
from members.models import Country, Organisation
from tests import factories
from tests.b40.admin_rows import secretariat_user
from tests.cast import client_of, delegate

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 2, 1)


@pytest.fixture(autouse=True)
def day():
    with time_machine.travel(dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC), tick=False):
        yield


def city_named(name, country="Greece", **fields):
    known = Country.objects.filter(name=country).first() or factories.CountryFactory(name=country)
    return factories.MembershipChangeFactory(
        organisation__name=name, organisation__country=known, **fields
    ).organisation


def section(brief, key):
    return next((each for each in brief.sections if each.key == key), None)


def texts(brief, key):
    found = section(brief, key)
    return [line.text for line in found.lines] if found else []


def pages_of(brief):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf_of(brief))).pages]


def words(text):
    return re.sub(r"\s+", " ", text)


# --- The real record -------------------------------------------------------------------------------------------------


def test_sofia_s_numbers_are_those_of_the_ledger(shipped_record):
    sofia = Organisation.objects.get(slug="sofia")

    brief = read_brief(sofia, TODAY)

    recent = Meeting.objects.that_took_place().filter(last_day__gte=dt.date(2024, 2, 1), last_day__lte=TODAY)
    attended = recent.attended_by(sofia)
    told = section(brief, "attendance")
    figures = dict(told.figures)
    assert figures["present"] == attended.count() == 4
    assert {line.url for line in told.lines if line.note == "present"} == {each.get_absolute_url() for each in attended}
    assert sum(figures.values()) == len(told.lines) == 5
    assert f"Of {len(told.lines)} meetings in the last 24 months that concerned it: present at 4." == told.lead
    named = set(recent.filter(pk__in=Attendance.objects.filter(organisation=sofia).values("meeting")))
    assert {each.get_absolute_url() for each in named} <= {line.url for line in told.lines}
    assert texts(brief, "membership") == ["Member since 28 June 2022"]
    assert texts(brief, "offices") == ["Presidency, 24 February 2025 to 26 January 2026"]
    assert section(brief, "offices").lines[0].note == "Vasil Terziev"
    decided = Decision.objects.filter(text__contains="Sofia").count()
    assert len(texts(brief, "decisions")) == decided > 0
    assert texts(brief, "presidency")[0] == "Zagreb presides since 26 January 2026"


def test_every_member_city_of_the_record_has_a_brief_of_one_page(shipped_record):
    """Those with most to tell; the others have less."""
    busiest = ["athens", "istanbul", "sofia", "tirana", "zagreb"]

    counts = {slug: len(pages_of(read_brief(Organisation.objects.get(slug=slug), TODAY))) for slug in busiest}

    assert counts == dict.fromkeys(busiest, 1)


# --- What it says ----------------------------------------------------------------------------------------------------


def test_groups_name_who_sits_there_and_who_sits_in_all():
    city = city_named("Skopje")
    climate, culture = factories.WorkingGroupFactory(name="Climate"), factories.WorkingGroupFactory(name="Culture")
    left = factories.WorkingGroupFactory(name="Left")
    factories.ParticipationChangeFactory(organisation=city, group=climate, role="coordinator")
    factories.ParticipationChangeFactory(organisation=city, group=left, role="left")
    factories.GroupSeatFactory(
        mandate__organisation=city, mandate__person__name="Ελένη Παππά", mandate__role="technical", group=climate
    )
    factories.GroupSeatFactory(
        mandate__organisation=city, mandate__person__name="Иван", mandate__role="technical", group=culture
    )
    factories.MandateFactory(organisation=city, person__name="Мария", role="lead")
    factories.MandateFactory(organisation=city, person__name="Former", ends_on=dt.date(2025, 1, 1))

    assert texts(read_brief(city, TODAY), "groups") == [
        "In all of these: Мария, lead delegate",
        "Climate: Ελένη Παππά, technical delegate",
        "Culture: Иван, technical delegate",
    ]


def test_actions_topics_dates_and_the_handover():
    city, next_city = city_named("Skopje"), city_named("Zagreb")
    late = factories.ActionItemFactory(owners=[city], text="Late", due_on=dt.date(2026, 1, 5))
    factories.ActionItemFactory(owners=[city], text="Soon", due_on=dt.date(2026, 3, 1))
    factories.ActionItemFactory(owners=[city], text="Done", closed_on=TODAY, outcome="done", opened_on=TODAY)
    factories.ActionItemFactory(owners=[next_city], text="Of others")
    proposed = factories.TopicProposalFactory(organisation=city, topic__title="Shade", topic__status="open").topic
    factories.TopicSupportFactory(organisation=city, topic__title="Night buses")
    factories.TopicProposalFactory(organisation=city, topic__title="Not on the table yet", topic__status="proposed")
    meeting = factories.MeetingFactory(title="Round", status="announced", start_on=dt.date(2026, 4, 1))
    factories.MeetingFactory(title="Draft", status="draft", start_on=dt.date(2026, 5, 1))
    factories.InvitationFactory(meeting=meeting, organisation=city)
    factories.PresidencyFactory(city=city, started_on=dt.date(2025, 2, 24))
    factories.PresidencyFactory(city=next_city, started_on=dt.date(2026, 6, 1))

    brief = read_brief(city, TODAY)

    first, second = section(brief, "actions").lines
    assert (first.text, first.mark, first.is_late, second.text, second.mark) == (
        "Late", "overdue since 5 January 2026", True, "Soon", "due 1 March 2026",
    )  # fmt: skip
    assert first.url == f"/my/actions/{late.pk}/"
    assert [(line.text, line.note) for line in section(brief, "topics").lines] == [
        ("Night buses", "supports it"), ("Shade", "proposed by it"),
    ]  # fmt: skip
    assert section(brief, "topics").lines[1].url == proposed.get_absolute_url()
    (date,) = section(brief, "dates").lines
    assert (date.text, date.mark, date.note) == ("Round", "1 April 2026", "online, invited, not answered yet")
    assert texts(brief, "presidency") == [
        "Skopje presides since 24 February 2025", "Next handover on 1 June 2026, to Zagreb",
    ]  # fmt: skip


def test_decisions_are_found_by_any_spelling_or_by_what_came_of_their_item():
    city = city_named("Niš")
    factories.OrganisationNameFactory(organisation=city, text="Ниш", language="sr", is_native=True)
    held = factories.MeetingFactory(start_on=dt.date(2025, 5, 1))
    item = factories.AgendaItemFactory(session__meeting=held)
    factories.MinutesFactory(meeting=held)
    factories.ActionItemFactory(meeting=held, item=item, owners=[city])
    for text in ("Nis hosts the next round", "Домаћин је Ниш", "The costs of nis are shared", "Nisava hosts"):
        factories.DecisionFactory(meeting=held, text=text)
    factories.DecisionFactory(meeting=held, text="Its owner follows it up", item=item)
    factories.DecisionFactory(meeting=factories.MeetingFactory(status="draft"), text="Niš, in a draft")
    before = texts(read_brief(city, TODAY), "decisions")
    staff = factories.UserFactory(staff=True)
    held.minutes_record.circulated_at, held.minutes_record.circulated_by = dt.datetime(2025, 6, 1, tzinfo=dt.UTC), staff
    held.minutes_record.approved_on, held.minutes_record.approved_by = dt.date(2025, 7, 1), staff
    held.minutes_record.save()

    assert before == ["Nis hosts the next round", "Домаћин је Ниш"]
    assert sorted(texts(read_brief(city, TODAY), "decisions")) == sorted([*before, "Its owner follows it up"])


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("Dimitrovgrad and Niš sign", False),
        ("Dimitrovgrad (Serbia) signs", True),
        ("Dimitrovgrad (Bulgaria) signs", False),
        ("Serbia and Dimitrovgrad", True),
    ],
)
def test_a_name_that_two_cities_bear_counts_with_its_country_alone(text, stands):
    city_named("Dimitrovgrad", "Bulgaria")
    city = city_named("Dimitrovgrad", "Serbia")

    assert Mentions(city).stand_in(text) is stands


# --- One page --------------------------------------------------------------------------------------------------------

LONG = "Νέα Φιλαδέλφεια – Νέα Χαλκηδόνα"
CYRILLIC = "Милена Христова-Константинополска"


def crowd(city, meetings=30):
    """A city with everything there can be, all of it long."""
    for number in range(meetings):
        title = f"Среща на работните групи за адаптация към изменението на климата и зелени покриви, {number}"
        meeting = factories.MeetingFactory(title=title, start_on=dt.date(2025, 1, 1) + dt.timedelta(days=10 * number))
        factories.AttendanceFactory(meeting=meeting, organisation=city)
        factories.DecisionFactory(
            meeting=meeting, text=f"{LONG}: {'η πόλη αναλαμβάνει τον συντονισμό της ομάδας ' * 4}{number}"
        )
        factories.ActionItemFactory(
            meeting=meeting, owners=[city], text=f"{'Изпрати списъка на сенчестите улици ' * 5}{number}"
        )
        factories.TopicSupportFactory(organisation=city, topic__title=f"Θέμα {number} {'για το κλίμα ' * 6}")
    for number in range(12):
        group = factories.WorkingGroupFactory(name=f"Климатични действия и устойчива градска мобилност {number}")
        factories.ParticipationChangeFactory(organisation=city, group=group)
        factories.GroupSeatFactory(
            mandate__organisation=city, mandate__person__name=f"{CYRILLIC} {number}", group=group
        )


def test_however_much_there_is_it_stays_one_page_and_says_what_is_left_out():
    city = city_named(LONG)
    crowd(city)
    brief = read_brief(city, TODAY)

    (page,) = pages_of(brief)

    said = words(page)
    for expected in (LONG, CYRILLIC, "Среща на работните групи", "Θέμα", "30 present"):
        assert expected in said
    left_out = [int(number) for number in re.findall(r"and (\d+) more", said)]
    assert len(left_out) >= 4
    assert section(brief, "attendance").cut(1).more == 20
    assert all(number >= 2 for number in left_out)


def test_a_short_brief_leaves_nothing_out_and_is_tagged():
    city = city_named("Skopje")
    factories.AttendanceFactory(
        meeting__title="The one meeting", meeting__start_on=dt.date(2025, 5, 1), organisation=city
    )

    reader = pypdf.PdfReader(io.BytesIO(pdf_of(read_brief(city, TODAY))))

    text = words(reader.pages[0].extract_text())
    assert "The one meeting – present" in text
    assert " more" not in text
    assert reader.metadata.title == "Brief for Skopje"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_a_single_line_is_never_put_off():
    city = city_named("Skopje")
    for number in range(11):
        factories.AttendanceFactory(meeting__start_on=dt.date(2025, 5, 1 + number), organisation=city)

    assert section(read_brief(city, TODAY), "attendance").cut(1).more == 0


# --- Its pages -------------------------------------------------------------------------------------------------------


def test_page_and_paper_say_the_same_and_all_of_it_stands_on_the_page():
    city = city_named("Skopje")
    city.slug = "skopje"
    city.save()
    crowd(city, meetings=14)
    own = client_of(delegate(city))

    page = own.get("/my/city/skopje/brief/")

    for line in section(page.context["brief"], "attendance").lines:
        assertContains(page, f'href="{line.url}"')
    paper = own.get("/my/city/skopje/brief.pdf")
    assert paper["Content-Type"] == "application/pdf"
    assert paper["Content-Disposition"] == 'inline; filename="b40-brief-skopje-2026-02-01.pdf"'
    (text,) = [each.extract_text() for each in pypdf.PdfReader(io.BytesIO(paper.content)).pages]
    assert page.context["brief"].lead in words(text)


def test_staff_is_led_to_its_own_page_of_an_action():
    city = city_named("Skopje")
    action = factories.ActionItemFactory(owners=[city], text="Send the list")
    address = f"/my/city/{city.slug}/brief/"

    assertContains(client_of(secretariat_user()).get(address), f'href="/admin/meetings/actionitem/{action.pk}/change/"')
    assertNotContains(client_of(delegate(city)).get(address), "/admin/meetings/")


def test_a_brief_asks_the_same_number_of_queries_however_much_there_is(django_assert_num_queries):
    city = city_named("Skopje")
    crowd(city, meetings=2)
    factories.PresidencyFactory(city=city, started_on=dt.date(2000, 1, 1))
    with django_assert_num_queries(29):
        read_brief(Organisation.objects.get(pk=city.pk), TODAY)
    for number in range(5):
        factories.ParticipationChangeFactory(organisation=city)
        factories.TopicSupportFactory(organisation=city)
        factories.AttendanceFactory(meeting__start_on=dt.date(2024, 5, 1 + number), organisation=city)
        factories.PresidencyFactory(city=city, started_on=dt.date(2001 + number, 1, 1))

    with django_assert_num_queries(29):
        read_brief(Organisation.objects.get(pk=city.pk), TODAY)
