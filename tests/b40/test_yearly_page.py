"""The page of the yearly report: what it says, to whom, at what cost."""

import datetime as dt

import pytest
import time_machine
from django.core.cache import caches
from pytest_django.asserts import assertContains, assertNotContains

from b40.page_cache import GREATEST_PAGE
from meetings.models import AgendaItem, Attendance, Decision, Meeting, Session
from members.models import Country, MembershipChange, Organisation, OrganisationName
from tests.b40.yearly_records import SOFIA, held, make_terms, member, text_of
from tests.factories import (
    AttendanceFactory,
    CountryFactory,
    DecisionFactory,
    MembershipChangeFactory,
    OrganisationFactory,
    StatedMemberCountFactory,
    TopicFactory,
    UserFactory,
    WorkingGroupFactory,
)

pytestmark = pytest.mark.django_db
FILES = ["report/", "report.pdf", "report.xlsx", "report/cities.csv"]


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def term():
    return make_terms()


# --- What it says ----------------------------------------------------------------------------------------------------


def test_page_links_its_papers_its_neighbours_and_every_number_to_its_rows(client, term):
    city = member("Plovdiv", slug="plovdiv")
    held("The round", dt.date(2025, 4, 9), city)
    WorkingGroupFactory(name="Climate", slug="climate")

    page = client.get(f"{SOFIA}report/").content.decode()

    for link in [
        'href="/presidencies/sofia-2025-02-24/report.pdf"',
        'href="/presidencies/sofia-2025-02-24/report.xlsx"',
        'href="/presidencies/sofia-2025-02-24/report/presence.csv"',
        'href="/meetings/?presidency=sofia-2025-02-24&amp;city=plovdiv">1<',
        'href="/meetings/?presidency=sofia-2025-02-24&amp;group=climate">0<',
        'href="/meetings/?presidency=sofia-2025-02-24&amp;kind=working_groups"',
        'href="/cities/?on=2026-01-25&amp;country=BG&amp;status=member">1<',
        'href="/presidencies/tirana-2024-01-30/report/#meetings"',
        'href="/presidencies/zagreb-2026-01-26/report/" rel="next"',
    ]:
        assert link in page, link


def test_the_linked_list_has_as_many_meetings_as_the_number_says(client, term):
    city = member("Plovdiv", slug="plovdiv")
    for month in (4, 5, 6):
        held(f"Round {month}", dt.date(2025, month, 9), city)
    held("Draft", dt.date(2025, 7, 9), city, status="draft")

    listed = client.get("/meetings/?presidency=sofia-2025-02-24&city=plovdiv").context["page"].paginator.count

    assertContains(client.get(f"{SOFIA}report/"), f'&amp;city=plovdiv">{listed}</a>')
    assert listed == 3


def test_the_presidency_and_the_admin_lead_to_it(client, term, admin_client):
    assertContains(client.get(SOFIA), f'href="{SOFIA}report/"')
    assertContains(admin_client.get("/admin/"), 'href="/presidencies/report/"')
    assert client.get("/presidencies/report/")["Location"] == "/presidencies/zagreb-2026-01-26/report/"


def test_without_a_presidency_the_way_leads_to_the_terms(client):
    assert client.get("/presidencies/report/")["Location"] == "/presidencies/"


def test_a_term_that_lasts_says_that_it_is_not_over(client, term):
    assertContains(client.get("/presidencies/zagreb-2026-01-26/report/"), "The time of this report is not over yet")
    assertNotContains(client.get(f"{SOFIA}report/"), "not over yet")


@pytest.mark.parametrize(
    ("query", "remark"),
    [
        ("?start=2025-01-01", "Give both days, or neither."),
        ("?start=2025-02-01&end=2025-01-01", "The first day lies after the last."),
        ("?start=1990-01-01&end=2025-01-01", "A report covers five years at most."),
        ("?start=0001-01-01&end=0001-01-02", "The days lie too far from ours: give years from 1900 to 2200."),
        ("?start=9999-12-30&end=9999-12-31", "The days lie too far from ours: give years from 1900 to 2200."),
        ("?start=soon&end=2025-01-01", "“soon” is no day of the calendar. Write it as in 2023-01-23."),
        ("?silent=7-winks", "Select a valid choice. 7-winks is not one of the available choices."),
    ],
)
def test_what_cannot_be_read_is_left_out_and_said(client, term, query, remark):
    response = client.get(f"{SOFIA}report/{query}")

    assertContains(response, remark)
    assertContains(response, "24 February 2025 to 25 January 2026")


@pytest.mark.parametrize(
    "query", ["?start=1900-01-01&end=1904-12-31", "?start=2200-01-01&end=2200-12-31&silent=24-months"]
)
def test_the_farthest_days_are_answered(client, term, query):
    assert client.get(f"{SOFIA}report/{query}").context["form"].remarks == []


def test_a_rule_that_cannot_be_read_leaves_the_days(client, term):
    assertContains(
        client.get(f"{SOFIA}report/?start=2025-04-01&end=2025-06-30&silent=x"), "1 April 2025 to 30 June 2025"
    )


def test_other_days_and_another_rule_are_answered_and_carried_on(client, term):
    response = client.get(f"{SOFIA}report/?start=2025-04-01&end=2025-06-30&silent=3-meetings")

    assertContains(response, "1 April 2025 to 30 June 2025")
    assertContains(response, "(the last 3 summits and rounds)")
    assertContains(response, "report.pdf?start=2025-04-01&amp;end=2025-06-30&amp;silent=3-meetings")


# --- To whom ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", FILES)
def test_nothing_of_a_draft_leaks_to_anybody(client, term, file):
    """Staff see drafts everywhere else; the report that they print is the public's."""
    city = member("Plovdiv")
    draft = held("Hidden round", dt.date(2025, 4, 9), city, status="draft")
    DecisionFactory(meeting=draft, text="Hidden decision")
    AttendanceFactory(organisation=city, meeting=held("Open round", dt.date(2025, 5, 9)))
    answers = [client.get(f"{SOFIA}{file}").content]
    client.force_login(UserFactory(staff=True))
    answers.append(client.get(f"{SOFIA}{file}").content)

    for answer in answers:
        said = text_of(answer) if file.endswith("pdf") else answer.decode("utf-8", "replace")
        assert "Hidden" not in said
        assert "idden round" not in said


# --- At what cost ----------------------------------------------------------------------------------------------------


def fill(cities, meetings):
    """Add a network in one go: a third of its cities at each meeting. And one of everything else that a report tells."""
    held("Earlier", dt.date(2024, 5, 21), member("Silent", "GR"))
    held("With a guest", dt.date(2025, 2, 25), OrganisationFactory(observer=True))
    MembershipChangeFactory(
        organisation=OrganisationFactory(country=CountryFactory(code="GR")), latest=dt.date(2025, 5, 1)
    )
    StatedMemberCountFactory(on=dt.date(2025, 5, 1))
    country = Country.objects.get_or_create(code="BG", name="Bulgaria")[0]
    group, topic = WorkingGroupFactory(), TopicFactory()
    towns = [
        Organisation(name=f"Θεσσαλονίκη {number}", slug=f"town-{number}", country=country) for number in range(cities)
    ]
    for town in towns:
        town.derive_keys()
    Organisation.objects.bulk_create(towns)
    OrganisationName.objects.bulk_create(
        OrganisationName(organisation=town, text=f"Град {town.name}", language="sr", is_native=True) for town in towns
    )
    MembershipChange.objects.bulk_create(
        MembershipChange(organisation=town, status="member", latest=dt.date(2022, 1, 1)) for town in towns
    )
    first = dt.date(2025, 2, 25)
    rounds = [
        Meeting(
            title=f"Round {number}", slug=f"round-{number}", kind="working_groups", mode="online", status="held",
            start_on=first + dt.timedelta(days=3 * number), attendance_complete=number % 2 == 0,
        )
        for number in range(meetings)
    ]  # fmt: skip
    Meeting.objects.bulk_create(rounds)
    sessions = Session.objects.bulk_create(Session(meeting=meeting) for meeting in rounds)
    links = Session.working_groups.through
    links.objects.bulk_create(links(session=session, workinggroup=group) for session in sessions)
    items = AgendaItem.objects.bulk_create(AgendaItem(session=session) for session in sessions)
    links = AgendaItem.topics.through
    links.objects.bulk_create(links(agendaitem=item, topic=topic) for item in items)
    Decision.objects.bulk_create(Decision(meeting=meeting, text="To go on") for meeting in rounds)
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, organisation=town)
        for step, meeting in enumerate(rounds)
        for town in towns[step % 3 :: 3]
    )


@pytest.mark.parametrize(("cities", "meetings"), [(3, 3), (80, 100)])
def test_queries_do_not_depend_on_the_size_of_the_network(client, term, django_assert_num_queries, cities, meetings):
    fill(cities, meetings)
    caches["pages"].clear()

    with django_assert_num_queries(51):
        page = client.get(f"{SOFIA}report/")
    with django_assert_num_queries(47):
        client.get(f"{SOFIA}report.pdf")
    with django_assert_num_queries(47):
        client.get(f"{SOFIA}report.xlsx")

    assert page.context["report"].tables["cities"].total == cities + 2
    assert len(page.content) < GREATEST_PAGE, "it would not be kept for the next visitor"


def test_a_network_larger_than_a_table_is_cut_and_says_so(client, term, monkeypatch):
    monkeypatch.setattr("b40.yearly.turnout.MOST_ROWS", 5)
    fill(12, 3)

    response = client.get(f"{SOFIA}report/")

    assertContains(response, "The first 5 of 14 rows.")
    assert [figure.number for figure in response.context["report"].sections[0].figures][:2] == [4, 12]


# --- In a browser ----------------------------------------------------------------------------------------------------


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_scripts_a_reader_comes_from_the_presidency_to_a_number_and_its_rows(
    transactional_db, shipped_record, page
):
    page.goto("/presidencies/sofia-2025-02-24/")
    page.get_by_role("link", name="Yearly report: the term in numbers").click()

    round_ = page.get_by_role("row", name="First Online Working Group Meetings")
    assert round_.get_by_role("cell", name="16", exact=True).is_visible()

    row = page.locator("#table-cities").get_by_role("row", name="Zagreb")
    number = row.get_by_role("link").nth(1)
    told = int(number.inner_text())
    number.click()

    assert page.locator(".meeting-row").count() == told == 4


@pytest.mark.looks
def test_the_report_of_many_meetings_is_accessible_and_fits_the_window(transactional_db, page, axe_violations):
    make_terms()
    fill(12, 100)
    for width, scheme in [(360, "light"), (1440, "dark")]:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{SOFIA}report/")

        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
