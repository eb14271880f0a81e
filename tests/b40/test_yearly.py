"""What the yearly report counts, by which rules, and what it leaves out."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from b40.yearly.period import ReportPeriod, period_before, term_period
from b40.yearly.report import Question, read_report
from b40.yearly.silence import USUAL_RULE, SilenceRule
from meetings.attendance import who_attended
from members.models import Presidency
from tests.b40.yearly_records import (
    HANDOVERS,
    TODAY,
    held,
    make_terms,
    member,
    report_of,
    rows_of,
    sections_of,
    values_of,
)
from tests.factories import (
    ActionItemFactory,
    AgendaItemFactory,
    AttendanceFactory,
    CountryFactory,
    DecisionFactory,
    MeetingFactory,
    MembershipChangeFactory,
    MinutesFactory,
    OrganisationFactory,
    SessionFactory,
    StatedMemberCountFactory,
    TopicFactory,
    WorkingGroupFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def term():
    return make_terms()


# --- The time --------------------------------------------------------------------------------------------------------


def test_a_term_ends_on_the_day_before_the_next_handover_and_the_last_one_today(term):
    zagreb = Presidency.objects.with_end().get(city__slug="zagreb")

    period, running = term_period(term, TODAY), term_period(zagreb, TODAY)

    assert (period.first, period.last, period.days) == (dt.date(2025, 2, 24), dt.date(2026, 1, 25), 336)
    assert (running.first, running.last) == (HANDOVERS["zagreb"], TODAY)


def test_a_term_has_its_own_summit_and_not_the_next_one(term):
    zagreb = Presidency.objects.get(city__slug="zagreb")
    day = dt.timedelta(days=1)
    summit = {"kind": "summit", "mode": "in_person"}
    held("Own summit", term.started_on - day, end_on=term.started_on + day, summit_of=term, **summit)
    held("Next summit", zagreb.started_on - day, end_on=zagreb.started_on + day, summit_of=zagreb, **summit)
    held("The round", dt.date(2025, 4, 9))
    held("Before", term.started_on - 3 * day)

    assert [row[0] for row in rows_of(report_of(term), "meetings")] == ["Own summit", "The round"]


def test_a_term_is_compared_with_the_one_before_and_other_days_with_as_many_before(term):
    period = term_period(term, TODAY)
    days = ReportPeriod(dt.date(2025, 1, 1), dt.date(2025, 1, 31))

    before, before_days = period_before(period, TODAY), period_before(days, TODAY)

    assert (before.term.city.slug, before.last) == ("tirana", dt.date(2025, 2, 23))
    assert (before_days.first, before_days.last) == (dt.date(2024, 12, 1), dt.date(2024, 12, 31))
    assert period_before(before, TODAY) is None


# --- Meetings --------------------------------------------------------------------------------------------------------


def test_drafts_are_nowhere_in_the_report(term):
    city = member("Sofia", slug="sofia-town")
    draft = held("Secret round", dt.date(2025, 4, 9), city, status="draft")
    DecisionFactory(meeting=draft, text="Secret decision")
    AgendaItemFactory(session=SessionFactory(meeting=draft), topics=[TopicFactory(title="Secret topic")])
    public = held("Open round", dt.date(2025, 5, 9))
    AgendaItemFactory(
        session=SessionFactory(meeting=public), topics=[TopicFactory(title="Secret idea", status="draft")]
    )

    report = report_of(term)

    said = [cell.text for table in report.tables.values() for row in table.rows for cell in row]
    assert "Open round" in said
    assert [text for text in said if "Secret" in text] == []
    assert values_of(report, "summary", "Sofia presidency, 2025")["Cities that came"] == (0,)


def test_what_did_not_take_place_is_told_apart_and_counts_for_nothing(term):
    city = member("Plovdiv")
    held("Held", dt.date(2025, 4, 9), city)
    held("Closed", dt.date(2025, 5, 9), city, status="closed")
    held("Cancelled", dt.date(2025, 6, 9), city, status="cancelled")
    held("Postponed", dt.date(2025, 7, 9), city, status="postponed")
    held("Announced", dt.date(2025, 8, 9), city, status="announced")

    report = report_of(term)

    kinds = report.tables["kinds"]
    assert [column.label for column in kinds.columns] == [
        "Kind", "Announced", "Cancelled", "Postponed", "Online", "In person", "Hybrid", "Held in all",
    ]  # fmt: skip
    assert rows_of(report, "kinds") == [["Working group meeting", "1", "1", "1", "2", "0", "0", "2"]]
    assert values_of(report, "cities", "Meetings attended", "Rounds held") == {"Plovdiv": (2, 2)}
    assert values_of(report, "meetings", "Standing", "Cities")["Cancelled"] == ("cancelled", None)
    assert sections_of(report)["meetings"].lead == ["2 meetings took place; 1 announced; 1 cancelled; 1 postponed."]


def test_the_number_of_cities_is_the_one_of_the_meetings_page(term):
    meeting = held("Round", dt.date(2025, 4, 9), member("Plovdiv"), member("Varna"))
    excused = member("Burgas")
    AttendanceFactory(meeting=meeting, organisation=excused, channel="press")
    AttendanceFactory(meeting=meeting, organisation=excused, presence="excused")
    AttendanceFactory(meeting=meeting, organisation=OrganisationFactory(observer=True))
    session = SessionFactory(meeting=meeting)
    AttendanceFactory(meeting=meeting, session=session, organisation=who_attended(meeting).cities[0].organisation)

    report = report_of(term)

    assert values_of(report, "meetings", "Cities") == {"Round": (len(who_attended(meeting).cities),)} == {"Round": (2,)}
    assert report.tables["others"].total == 1


def test_a_list_that_is_not_complete_makes_a_least_number_and_says_so(term):
    held("Round", dt.date(2025, 4, 9), member("Plovdiv"), complete=False)
    held("Second", dt.date(2025, 5, 9), complete=True)

    section = sections_of(report_of(term))["meetings"]

    assert section.notices[0].startswith("Of 1 of the 2 meetings the list of cities is not complete")
    assert [bar.look for bar in section.plots[0].bars] == ["part", "full"]


# --- Countries, groups, cities ---------------------------------------------------------------------------------------


def test_countries_tell_cities_attendances_meetings_and_members(term):
    CountryFactory(code="BG", name="Bulgaria", footnote="A remark.")
    plovdiv, varna, nis = member("Plovdiv"), member("Varna"), member("Niš", "RS")
    held("One", dt.date(2025, 4, 9), plovdiv, varna)
    held("Two", dt.date(2025, 5, 9), plovdiv)
    guest = OrganisationFactory(name="Guest", country=CountryFactory(code="GR", name="Greece"))
    held("Three", dt.date(2025, 6, 9), guest)

    report = report_of(term)

    rows = values_of(report, "countries", "Member cities", "Meetings", "Attendances", "Cities that came")
    assert rows == {"Bulgaria*": (2, 2, 3, 2), "Greece": (0, 1, 1, 1), f"Country {nis.country_id}": (1, 0, 0, 0)}
    assert report.tables["countries"].notes == ["* Bulgaria: A remark."]
    assert report.tables["countries"].shares == [1.0, 0.0, 0.5]


def test_a_row_of_a_session_counts_for_its_groups_and_one_of_the_meeting_for_all_that_met(term):
    climate, economy, idle = (WorkingGroupFactory(name=name) for name in ("Climate", "Economy", "Idle"))
    plovdiv, varna = member("Plovdiv"), member("Varna")
    meeting = held("Round", dt.date(2025, 4, 9), plovdiv)
    SessionFactory(meeting=meeting, working_groups=[climate])
    session = SessionFactory(meeting=meeting, working_groups=[economy])
    AttendanceFactory(meeting=meeting, session=session, organisation=varna)

    rows = values_of(report_of(term), "groups", "Meetings", "Attendances", "Cities that came")

    assert rows == {"Climate": (1, 1, 1), "Economy": (1, 2, 2), idle.name: (0, 0, 0)}


def test_cities_tell_how_many_of_the_rounds_held_while_members(term):
    old, new = member("Plovdiv"), member("Varna", since=dt.date(2025, 5, 1))
    guest = OrganisationFactory(name="Zadar", country=CountryFactory(code="HR"))
    for month in (3, 4, 6):
        held(f"Round {month}", dt.date(2025, month, 9), old)
    held("Last round", dt.date(2025, 9, 9), new, guest)
    held("Visit", dt.date(2025, 10, 9), new, kind="visit")

    report = report_of(term)

    rows = values_of(report, "cities", "Standing", "Meetings attended", "Rounds attended", "Rounds held")
    assert rows == {
        "Plovdiv": ("member", 3, 3, 4),
        "Varna": ("member", 2, 1, 2),
        "Zadar": ("not on record", 1, 1, 1),
    }
    strips = {
        row[0].value: strip.states
        for row, strip in zip(report.tables["cities"].rows, report.tables["cities"].strips, strict=True)
    }
    assert strips == {
        "Plovdiv": ["came", "came", "came", "missed", "open"],
        "Varna": ["", "", "missed", "came", "came"],
        "Zadar": ["", "", "", "came", ""],
    }
    assert rows_of(report, "presence")[1] == ["Varna", "", "", "", "came", "came"]


# --- Silence ---------------------------------------------------------------------------------------------------------


def silent(report):
    return [row[0] for row in rows_of(report, "silent")]


def test_a_member_on_no_list_for_twelve_months_is_silent_and_its_last_meeting_named(term):
    mute, heard, never = member("Plovdiv"), member("Varna"), member("Burgas")
    member("Newcomer", since=dt.date(2025, 3, 1))
    left = member("Left")
    MembershipChangeFactory(organisation=left, status="ended", latest=dt.date(2025, 6, 1))
    held("Long ago", dt.date(2024, 5, 21), mute, never and heard)
    recent = held("Recent", dt.date(2025, 4, 9), heard)
    AttendanceFactory(meeting=recent, organisation=never, presence="excused")

    report = report_of(term)

    section = sections_of(report)["silent"]
    assert section.title == "Cities that have fallen silent"
    assert "on 26 January 2025 and on 25 January 2026" in section.lead[0]
    assert rows_of(report, "silent") == [
        ["Burgas", never.country.name, "since 1 January 2022", "never on record", "–", "1"],
        ["Plovdiv", mute.country.name, "since 1 January 2022", "21 May 2024", "Long ago", "0"],
    ]


def test_incomplete_lists_accuse_nobody(term):
    member("Plovdiv")
    held("Complete", dt.date(2025, 4, 9))
    held("Fragment", dt.date(2025, 5, 9), complete=False)
    held("Visit", dt.date(2025, 6, 9), complete=False, kind="visit")

    section = sections_of(report_of(term))["silent"]

    assert section.title == "Cities without attendance on record"
    assert section.notices[0].startswith(
        "2 summits and rounds were held in that time. Of 1 the list of cities is not complete: Fragment"
    )
    assert "may well have been there" in section.notices[0]


def test_where_nothing_was_held_silence_says_nothing(term):
    member("Plovdiv")

    section = sections_of(report_of(term))["silent"]

    assert section.title == "Cities without attendance on record"
    assert section.notices == [
        "No summit and no round of the groups was held in that time: that a city is not on record says nothing."
    ]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (SilenceRule(6), ["Burgas", "Plovdiv", "Varna"]),
        (SilenceRule(12), ["Burgas", "Plovdiv"]),
        (SilenceRule(24), ["Burgas"]),
        (SilenceRule(1, "meetings"), ["Burgas", "Plovdiv"]),
        (SilenceRule(2, "meetings"), ["Burgas"]),
        (SilenceRule(9, "meetings"), ["Burgas"]),
    ],
)
def test_the_rule_may_be_other_months_or_the_last_meetings(term, rule, expected):
    plovdiv, varna = member("Plovdiv"), member("Varna")
    member("Burgas")
    held("Old", dt.date(2024, 6, 1), plovdiv)
    held("New", dt.date(2025, 4, 9), varna)
    held("Later", dt.date(2026, 1, 30), plovdiv)  # in the next term

    assert silent(report_of(term, rule=rule)) == expected


def test_a_doubtful_row_that_the_secretariat_settled_breaks_no_silence(term):
    city = member("Plovdiv")
    meeting = held("Round", dt.date(2025, 4, 9))
    AttendanceFactory(meeting=meeting, organisation=city, channel="press")
    AttendanceFactory(meeting=meeting, organisation=city, presence="absent")

    assert silent(report_of(term)) == ["Plovdiv"]


# --- Open actions ---


def test_open_actions_are_those_of_published_minutes_that_were_open_at_the_end(term):
    round_ = held("Round", dt.date(2025, 5, 9))
    item = AgendaItemFactory(session__meeting=round_)
    MinutesFactory(meeting=round_, approved=True, audience="public")
    other = AgendaItemFactory(session__meeting=held("Unpublished", dt.date(2025, 6, 9)))
    MinutesFactory(meeting=other.session.meeting, approved=True, audience="members")
    split, zadar = OrganisationFactory(name="Split"), OrganisationFactory(name="Zadar")
    opened = {"meeting": round_, "item": item, "opened_on": dt.date(2025, 5, 9)}
    ActionItemFactory(**opened, text="Late", owners=[split, zadar], due_on=dt.date(2025, 7, 1))
    ActionItemFactory(
        **opened, text="Closed since", closed_on=dt.date(2026, 1, 26), outcome="done", due_on=dt.date(2026, 2, 1)
    )
    ActionItemFactory(**opened, text="Closed before", closed_on=dt.date(2026, 1, 25), outcome="done")
    ActionItemFactory(meeting=other.session.meeting, item=other, text="Not told")
    ActionItemFactory(meeting=round_, text="Without an item")

    report = report_of(term)

    assert rows_of(report, "actions") == [
        ["Late", "Split, Zadar", "Round", "1 July 2025"],
        ["Closed since", "–", "Round", "1 February 2026"],
    ]
    assert sections_of(report)["actions"].lead == [
        "2 actions from published minutes were open on 25 January 2026, 1 of them overdue."
    ]


def test_decisions_of_minutes_that_are_not_approved_are_neither_listed_nor_counted(term):
    round_ = held("Round", dt.date(2025, 5, 9))
    DecisionFactory(meeting=round_, item=AgendaItemFactory(session__meeting=round_), text="Still being written")
    DecisionFactory(meeting=round_, text="Signed in public")

    report = report_of(term)

    assert [row[0] for row in rows_of(report, "decisions")] == ["Signed in public"]
    assert {figure.label: figure.number for figure in sections_of(report)["summary"].figures}["decision"] == 1


# --- Members, decisions, topics --------------------------------------------------------------------------------------


def test_members_before_and_those_that_joined_and_left_make_the_members_after(term):
    member("Old")
    member("New", since=dt.date(2025, 5, 1))
    gone = member("Gone")
    MembershipChangeFactory(organisation=gone, status="ended", latest=dt.date(2025, 6, 1), certainty="inferred")
    candidate = OrganisationFactory(name="Candidate")
    MembershipChangeFactory(organisation=candidate, status="candidate", latest=dt.date(2025, 7, 1))
    promoted = OrganisationFactory(name="Promoted")
    MembershipChangeFactory(organisation=promoted, status="candidate", latest=dt.date(2024, 1, 1))
    MembershipChangeFactory(organisation=promoted, earliest=None, latest=dt.date(2025, 8, 1))
    MembershipChangeFactory(
        organisation=OrganisationFactory(observer=True, name="Body"), status="observer", latest=dt.date(2025, 9, 1)
    )

    report = report_of(term)

    assert rows_of(report, "changes") == [
        ["New", "not on record", "member", "1 May 2025", "confirmed", "–"],
        ["Gone", "member", "ended", "1 June 2025", "inferred", "–"],
        ["Candidate", "not on record", "candidate", "1 July 2025", "confirmed", "–"],
        ["Promoted", "candidate", "member", "known by 1 August 2025", "confirmed", "–"],
        ["Body", "not on record", "observer", "1 September 2025", "confirmed", "–"],
    ]
    assert sections_of(report)["membership"].lead[:2] == [
        "The register names 2 member cities on 23 February 2025 and 3 on 25 January 2026.",
        "2 cities joined, 1 left.",
    ]


def test_a_day_that_is_not_known_is_drawn_as_a_band(term):
    city = OrganisationFactory()
    MembershipChangeFactory(organisation=city, earliest=dt.date(2025, 3, 1), latest=dt.date(2025, 9, 30))
    member("Sure", since=dt.date(2025, 5, 1))
    StatedMemberCountFactory(on=dt.date(2025, 6, 1), members=4)

    report = report_of(term)
    plot = sections_of(report)["membership"].plots[0]

    bands = [bar for bar in plot.bars if bar.look == "band"]
    period = report.period
    assert min(bar.x for bar in bands) == pytest.approx(0.07 + 0.93 * period.place(dt.date(2025, 3, 1)))
    assert max(bar.x + bar.width for bar in bands) == pytest.approx(0.07 + 0.93 * period.place(dt.date(2025, 9, 30)))
    assert plot.text == "Member cities from 0 to 2; with every city that may have joined earlier, at most 2."
    assert [dot.title for dot in plot.dots] == ["4, 1 June 2025"]
    assert rows_of(report, "stated") == [["1 June 2025", "4", "confirmed"]]


def test_decisions_and_topics_stand_with_their_meetings_and_groups(term):
    group = WorkingGroupFactory(name="Climate")
    heat, water = TopicFactory(title="Heat", group=group), TopicFactory(title="Water", group=None)
    one, two = held("One", dt.date(2025, 4, 9)), held("Two", dt.date(2025, 5, 9))
    cancelled = held("Off", dt.date(2025, 6, 9), status="cancelled")
    for meeting, topics in [(one, [heat, water]), (two, [heat]), (cancelled, [water])]:
        AgendaItemFactory(session=SessionFactory(meeting=meeting), topics=topics)
    AgendaItemFactory(session=SessionFactory(meeting=one), topics=[heat])
    DecisionFactory(meeting=two, text="To plant trees")
    DecisionFactory(meeting=cancelled, text="To stay at home")
    waiting = AgendaItemFactory(session=SessionFactory(meeting=one))
    DecisionFactory(meeting=one, item=waiting, text="Not told before the minutes are approved")

    report = report_of(term)

    assert rows_of(report, "decisions") == [["To plant trees", "Two", "9 May 2025"]]
    assert sorted(rows_of(report, "topics")) == [
        ["Heat", "Climate", "2", "open"],
        ["Water", "the whole network", "1", "open"],
    ]


def test_the_summary_sets_both_terms_side_by_side(term):
    plovdiv, varna = member("Plovdiv"), member("Varna", since=dt.date(2025, 3, 1))
    held("Then", dt.date(2024, 5, 21), plovdiv, mode="in_person")
    held("Now", dt.date(2025, 4, 9), plovdiv, varna)
    held("Now too", dt.date(2025, 5, 9), plovdiv, kind="board", complete=False)

    report = report_of(term)

    columns = ("Sofia presidency, 2025", "Tirana presidency, 2024", "Difference")
    rows = values_of(report, "summary", *columns)
    assert [column.label for column in report.tables["summary"].columns[1:]] == list(columns)
    assert rows["Meetings held"] == (2, 1, 1)
    assert rows["of these, rounds of the groups"] == (1, 1, 0)
    assert rows["of these, online"] == (2, 0, 2)
    assert rows["Meetings whose list of cities is not complete"] == (1, 0, 1)
    assert rows["Attendances of cities"] == (3, 1, 2)
    assert rows["Member cities on the last day"] == (2, 1, 1)
    assert [(figure.number, figure.note) for figure in sections_of(report)["summary"].figures][:2] == [
        (2, "before: 1"),
        (2, "before: 1"),
    ]


def test_an_empty_record_makes_a_report_that_says_so(term):
    report = report_of(term)

    empty = [table.empty for table in report.tables.values() if not table.rows and table.key != "presence"]
    assert all(empty)
    assert sections_of(report)["meetings"].lead == ["0 meetings took place."]


def test_any_two_days_can_be_asked_for(term):
    held("In", dt.date(2025, 4, 9))
    held("Out", dt.date(2025, 7, 9))
    period = ReportPeriod(dt.date(2025, 4, 1), dt.date(2025, 6, 30))

    report = read_report(Question(period, period_before(period, TODAY), USUAL_RULE))

    assert [row[0] for row in rows_of(report, "meetings")] == ["In"]
    assert report.title == "Report on the network’s record"
    assert [column.label for column in report.tables["summary"].columns] == [
        "Counted", "1 April 2025 to 30 June 2025", "the time before", "Difference",
    ]  # fmt: skip


def test_the_report_is_read_as_a_visitor(term):
    """It takes no user: staff give the same paper as everybody may look up."""
    MeetingFactory(start_on=dt.date(2025, 4, 9), status="draft")

    meetings = term_period(term, TODAY).meetings()

    assert list(meetings) == list(meetings.visible_to(AnonymousUser())) == []
