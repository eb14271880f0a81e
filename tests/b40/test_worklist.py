"""The dashboard: each check finds what is wrong and nothing else, leads to the mend, and is for those who may mend."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from b40 import worklist
from b40.latest_changes import latest_batches
from meetings.models import ActionReport, Attendance, Document, Meeting, StatedTotal
from members.history import acting
from members.models import Change, Organisation, ProposedChange, User
from tests import factories
from tests.b40.admin_rows import address, client_of, secretariat_user
from workinggroups.models import Topic, WorkingGroup

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 6, 1)


def titles(check: Callable[[dt.date], worklist.Found], day: dt.date = DAY) -> list[str]:
    return [line.title for line in check(day).lines]


def workspace(meeting: Meeting, part: str = "") -> str:
    return address(Meeting, "workspace", meeting.pk) + part


# --- Checks ----------------------------------------------------------------------------------------------------------


def test_next_meetings_lead_to_their_workspaces() -> None:
    city = factories.OrganisationFactory(name="Sofia")
    later = factories.MeetingFactory(status="announced", start_on=DAY + dt.timedelta(days=9))
    sooner = factories.MeetingFactory(status="announced", start_on=DAY, mode="in_person", host_city=city, title="Round")
    factories.MeetingFactory(status="announced", start_on=DAY - dt.timedelta(days=1))
    factories.MeetingFactory(status="draft", start_on=DAY)

    found = worklist.next_meetings(DAY)

    assert found.lines == [
        worklist.Line("Round", "1 June 2026 · Sofia", workspace(sooner)),
        worklist.Line(later.title, "10 June 2026 · online", workspace(later)),
    ]


def test_drafts() -> None:
    meeting = factories.MeetingFactory(status="draft")
    factories.MeetingFactory()
    topic = factories.TopicFactory(status="draft")
    factories.TopicFactory()

    assert [line.url for line in worklist.draft_meetings(DAY).lines] == [workspace(meeting)]
    assert [line.url for line in worklist.draft_topics(DAY).lines] == [address(Topic, "change", topic.pk)]


def test_what_delegates_sent_waits_until_it_is_answered() -> None:
    proposal = factories.TopicProposalFactory(organisation__name="Skopje", topic__group__name="Climate")
    factories.TopicSupportFactory(topic=proposal.topic)
    factories.TopicProposalFactory(topic__status="open")
    paper = factories.DocumentFactory(
        audience="members", wished_audience="public", handed_in_by=proposal.organisation, title="Green roofs"
    )
    factories.DocumentFactory(audience="public", wished_audience="public", handed_in_by=proposal.organisation)
    report = factories.ActionReportFactory(done=True)
    factories.ActionReportFactory()
    factories.ActionReportFactory(done=True, action__closed_on=DAY, action__outcome="done", action__opened_on=DAY)

    topics, papers, reports = (
        check(DAY).lines
        for check in (worklist.proposed_topics, worklist.papers_to_publish, worklist.reports_to_confirm)
    )

    text = "Climate · proposed by Skopje · 1 supports it"
    assert topics == [worklist.Line(proposal.topic.title, text, address(Topic, "change", proposal.topic.pk))]
    assert papers == [
        worklist.Line("Green roofs", "Skopje wishes it to be public", address(Document, "change", paper.pk))
    ]
    assert [line.url for line in reports] == [address(ActionReport, "change", report.pk)]


def test_what_cities_propose_for_their_pages_waits_and_leads_to_the_answer() -> None:
    proposal = factories.ProposedChangeFactory(organisation__name="Ниш", proposed_by__person__name="Марија")
    factories.ProposedChangeFactory(withdrawn_at=timezone.now(), withdrawn_by=proposal.proposed_by)

    (line,) = worklist.proposed_changes(DAY).lines

    day = timezone.localdate(proposal.proposed_at)
    assert (line.title, line.url) == ("Ниш", address(ProposedChange, "change", proposal.pk))
    assert line.text == f"1 field, proposed on {day.day} {day:%B %Y} by Марија"


def test_members_without_coordinates() -> None:
    missing = factories.MembershipChangeFactory(organisation__name="Missing").organisation
    factories.MembershipChangeFactory(organisation__latitude=1, organisation__longitude=2)
    factories.MembershipChangeFactory(status="candidate")
    factories.MembershipChangeFactory(latest=DAY + dt.timedelta(days=1))

    assert worklist.cities_without_place(DAY).lines == [
        worklist.Line("Missing", "without coordinates: no map shows it", address(Organisation, "change", missing.pk))
    ]


def test_member_without_country() -> None:
    factories.MembershipChangeFactory(organisation__observer=True, organisation__name="Body")

    assert [line.text for line in worklist.cities_without_place(DAY).lines] == ["without country and coordinates"]


def test_announced_meeting_whose_day_has_passed() -> None:
    passed = factories.MeetingFactory(status="announced", start_on=DAY - dt.timedelta(days=1))
    factories.MeetingFactory(status="announced", start_on=DAY - dt.timedelta(days=1), end_on=DAY)
    factories.MeetingFactory(status="announced", start_on=DAY.replace(day=1), date_precision="month")
    factories.MeetingFactory(status="held", start_on=DAY - dt.timedelta(days=1))

    assert titles(worklist.meetings_past_their_day) == [passed.title]


def test_held_meeting_without_attendance() -> None:
    empty = factories.MeetingFactory()
    factories.MeetingFactory(attendance_complete=True)
    factories.MeetingFactory(status="announced")
    factories.AttendanceFactory()

    assert [line.url for line in worklist.held_without_attendance(DAY).lines] == [workspace(empty, "#attendance")]


def test_stated_total_that_differs() -> None:
    meeting = factories.AttendanceFactory(meeting__title="Round").meeting
    total = factories.StatedTotalFactory(meeting=meeting, what="cities", number=10, stated_by="the press")
    factories.StatedTotalFactory(meeting=meeting, what="cities", number=1)

    assert worklist.totals_that_differ(DAY).lines == [
        worklist.Line("Round", "the press: 10 cities; the list counts 1", address(StatedTotal, "change", total.pk))
    ]


def test_stated_total_beside_a_complete_list_says_how_to_settle_it() -> None:
    meeting = factories.AttendanceFactory(meeting__attendance_complete=True).meeting
    factories.StatedTotalFactory(meeting=meeting, what="cities", number=10)

    assert "Mark the total as disputed" in worklist.totals_that_differ(DAY).lines[0].text


def test_group_without_anybody() -> None:
    empty = factories.WorkingGroupFactory(name="Empty")
    factories.ParticipationChangeFactory()
    left = factories.ParticipationChangeFactory(group__name="Left")
    factories.ParticipationChangeFactory(
        group=left.group, organisation=left.organisation, role="left", latest=left.latest + dt.timedelta(days=1)
    )

    assert titles(worklist.groups_without_anybody) == ["Empty", "Left"]
    assert worklist.groups_without_anybody(DAY).lines[0].url == address(WorkingGroup, "change", empty.pk)


@pytest.mark.parametrize(
    ("started", "day", "is_told"),
    [
        (dt.date(2025, 6, 1), DAY, True),
        (dt.date(2025, 6, 2), DAY, False),
        (dt.date(2024, 2, 29), dt.date(2025, 2, 28), True),
        (dt.date(2024, 2, 29), dt.date(2025, 2, 27), False),
    ],
)
def test_presidency_older_than_a_year(started: dt.date, day: dt.date, is_told: bool) -> None:
    factories.PresidencyFactory(started_on=started)

    assert bool(worklist.presidency_without_successor(day).lines) == is_told


def test_presidency_with_a_successor_on_record_or_none_at_all() -> None:
    assert worklist.presidency_without_successor(DAY).total == 0

    factories.PresidencyFactory(started_on=dt.date(2020, 1, 1))
    factories.PresidencyFactory(started_on=dt.date(2026, 7, 1))

    assert worklist.presidency_without_successor(DAY).total == 0


def test_contradicting_attendance_leads_to_where_it_is_settled() -> None:
    row = factories.AttendanceFactory(channel="press", organisation__name="Sofia", meeting__title="Round")
    factories.AttendanceFactory(meeting=row.meeting, organisation=row.organisation, channel="self", presence="absent")

    (line,) = worklist.contradicting_attendance(DAY).lines

    page = reverse("admin:meetings_meeting_contradictions", args=[row.meeting_id])
    assert (line.title, line.url) == ("Sofia · Round", f"{page}#about-{row.organisation_id}-0")


@pytest.mark.parametrize("number", [1, 30])
def test_every_check_costs_the_same_and_shows_a_few_for_any_number(
    number: int, django_assert_max_num_queries: Callable[..., Any], subtests: pytest.Subtests
) -> None:
    for _each in range(number):
        trouble()

    for check in worklist.CHECKS:
        with subtests.test(check.key):
            expected = {"presidency": 1, "posts": 0, "erasure": 0, "draft-news": 0, "mail": 0, "next": number}.get(
                check.key, number
            )
            with django_assert_max_num_queries(4):
                found = check.find(timezone.localdate())

            assert found.total >= expected
            assert len(found.lines) == min(found.total, worklist.ROWS)


def trouble() -> None:
    """One more of everything that is to be done."""
    today = timezone.localdate()
    factories.ProposedChangeFactory()
    factories.MeetingFactory(status="announced", start_on=today + dt.timedelta(days=1))
    factories.MeetingFactory(status="announced")
    factories.MeetingFactory(status="draft")
    factories.MeetingFactory()
    factories.TopicFactory(status="draft")
    factories.MembershipChangeFactory()
    factories.PresidencyFactory(started_on=factories.day(factories.PresidencyFactory._meta.next_sequence() % 900))
    row = factories.AttendanceFactory(channel="press")
    factories.AttendanceFactory(meeting=row.meeting, organisation=row.organisation, channel="self", presence="absent")
    factories.StatedTotalFactory(meeting=row.meeting, what="cities", number=9)
    factories.CheckInFactory()
    factories.ActionItemFactory(due_on=today - dt.timedelta(days=1))
    factories.CorrectionFactory()
    factories.TopicProposalFactory()
    factories.DocumentFactory(
        audience="members", wished_audience="public", handed_in_by=row.organisation, handed_in_through=None
    )
    factories.ActionReportFactory(done=True)


# --- The page --------------------------------------------------------------------------------------------------------


@pytest.fixture
def staff() -> Client:
    return client_of(secretariat_user())


def test_dashboard_stands_above_the_records(staff: Client) -> None:
    meeting = factories.MeetingFactory(status="draft", title="Round of drafts")

    page = staff.get("/admin/").content.decode()

    assert f'href="{workspace(meeting)}"' in page
    assert page.index("Round of drafts") < page.index('id="job-meetings"')


@pytest.mark.parametrize("number", [3, 30])
def test_dashboard_costs_the_same_for_any_number_of_rows(
    staff: Client, number: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for _each in range(number):
        trouble()
    ContentType.objects.clear_cache()
    staff.get("/admin/login/")

    with django_assert_num_queries(67):
        response = staff.get("/admin/")

    assert len(response.context["worklists"]) >= 8


def test_what_was_counted_is_kept_until_something_changes(staff: Client, django_assert_num_queries: Any) -> None:
    factories.MeetingFactory(status="draft", title="One")
    assert [line.title for line in _list(staff, "drafts")] == ["One"]

    factories.MeetingFactory(status="draft", title="Two")

    assert {line.title for line in _list(staff, "drafts")} == {"One", "Two"}


def _list(client: Client, key: str) -> list[worklist.Line]:
    lists = client.get("/admin/").context["worklists"]
    return next((each.lines for each in lists if each.key == key), [])


def test_nobody_is_shown_work_that_is_not_theirs() -> None:
    trouble()
    user = User.objects.create_user("helper", password="a-long-password", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_topic"))
    user.user_permissions.add(Permission.objects.get(codename="view_meeting"))
    client = client_of(user)

    context = client.get("/admin/").context

    assert [each.key for each in context["worklists"]] == ["draft-topics", "proposals"]
    assert {change.split(":")[0] for batch in context["batches"] for change in batch.places} == {
        "meetings.meeting",
        "workinggroups.topic",
    }


def test_newcomer_without_rights_sees_no_work() -> None:
    trouble()
    newcomer = client_of(User.objects.create_user("newcomer", password="a-long-password", is_staff=True))

    response = newcomer.get("/admin/")

    assert (response.context["worklists"], response.context["batches"]) == ([], [])


def test_anonymous_is_sent_to_the_login(client: Client) -> None:
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"


# --- Latest changes --------------------------------------------------------------------------------------------------


def test_what_was_written_together_is_one_entry() -> None:
    user = secretariat_user()
    meeting = factories.MeetingFactory(title="Round")
    with acting(user=user, reason="typed from a fax", own_batch=True):
        for _each in range(3):
            factories.AttendanceFactory(meeting=meeting)

    batch = latest_batches(user)[0]

    assert (batch.actor, batch.reason) == ("elif", "typed from a fax")
    assert batch.touched[0].label == "Round"
    assert batch.touched[0].url == address(Meeting, "history", meeting.pk)
    changes = Change.objects.filter(batch=Change.objects.order_by("-pk")[0].batch)
    assert batch.changes == changes.count()
    assert batch.more == len(batch.places) - 3


def test_a_deleted_record_is_named_and_leads_to_its_history() -> None:
    user = secretariat_user()
    topic = factories.TopicFactory(title="Heat")
    key = topic.pk
    topic.delete()

    first = latest_batches(user)[0]

    assert [(each.label, each.url) for each in first.touched] == [("Heat", address(Topic, "history", key))]


@pytest.mark.parametrize("number", [3, 40])
def test_latest_changes_ask_two_queries(number: int, django_assert_num_queries: Any) -> None:
    user = User.objects.create_superuser("root", password="a-long-password")
    row = factories.AttendanceFactory()
    with acting(user=user, own_batch=True):
        for _each in range(number):
            Attendance.objects.create(meeting=row.meeting, organisation=factories.OrganisationFactory())

    with django_assert_num_queries(2):
        latest_batches(user)


def test_more_changes_than_are_read_are_told_as_at_least() -> None:
    user = User.objects.create_superuser("root", password="a-long-password")
    with acting(user=user, own_batch=True):
        for number in range(401):
            Topic.objects.create(title=f"Topic {number}", slug=f"t-{number}")

    (batch,) = latest_batches(user)

    assert (batch.changes, batch.is_cut) == (400, True)
