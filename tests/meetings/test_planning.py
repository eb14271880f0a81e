"""From a template to drafts, one or a series, and from a meeting to a template."""

import datetime as dt
import zoneinfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from meetings.models import Meeting, MeetingTemplate, TemplateSession
from meetings.planning.drafting import draft, keep_as_template, plan, series
from meetings.planning.ready import make_ready_templates
from members.models import Status
from tests.factories import (
    AgendaItemFactory,
    CountryFactory,
    MeetingFactory,
    MeetingTemplateFactory,
    MembershipChangeFactory,
    SessionFactory,
    TemplateSessionFactory,
    UserFactory,
    WorkingGroupFactory,
)

pytestmark = pytest.mark.django_db
TEN = dt.time(10)
SOFIA = zoneinfo.ZoneInfo("Europe/Sofia")


@pytest.fixture
def elif_():
    return UserFactory(staff=True, username="elif")


@pytest.fixture
def groups():
    return [
        WorkingGroupFactory(name=name, order=at) for at, name in enumerate(("Climate", "Democracy", "Smart", "Culture"))
    ]


def test_the_round_of_four_groups_is_planned_in_one_step(elif_, groups):
    made = make_ready_templates(by=elif_)
    template = next(each for each in made if each.name == "Online round of the working groups")

    (meeting,) = draft(template, [dt.date(2099, 4, 9)], TEN, by=elif_)

    zone = zoneinfo.ZoneInfo("Europe/Istanbul")
    assert (meeting.status, meeting.mode, meeting.title) == (
        "draft",
        "online",
        "Online working group meetings, April 2099",
    )
    assert [
        (str(session), f"{session.starts_at.astimezone(zone):%H:%M}", f"{session.ends_at.astimezone(zone):%H:%M}")
        for session in meeting.sessions.all()
    ] == [
        ("Climate", "10:00", "11:15"),
        ("Democracy", "11:30", "12:45"),
        ("Smart", "13:00", "14:15"),
        ("Culture", "14:30", "15:45"),
    ]
    assert [(item.minutes, item.title) for item in meeting.sessions.first().items.all()] == [
        (5, "Opening"),
        (10, "Matters arising"),
        (45, "Topics"),
        (10, "Next steps"),
    ]


def test_ready_templates_are_made_once_and_stay_as_staff_edited_them(elif_, groups):
    first = make_ready_templates(by=elif_)
    MeetingTemplate.objects.filter(name="Executive Board").delete()

    again = make_ready_templates(by=elif_)

    assert len(first) == 4
    assert [template.name for template in again] == ["Executive Board"]


def test_ready_templates_do_without_groups_too(elif_):
    for template in make_ready_templates(by=elif_):
        assert plan(template, [dt.date(2099, 4, 9)], TEN)[0].sessions != []


def test_a_series_keeps_its_hour_across_summer_time(elif_):
    template = TemplateSessionFactory(template__timezone="Europe/Sofia").template

    made = draft(template, series(dt.date(2099, 3, 24), 1, 2), TEN, by=elif_)

    moments = [meeting.sessions.get().starts_at.astimezone(SOFIA).isoformat() for meeting in made]
    assert moments == ["2099-03-24T10:00:00+02:00", "2099-03-31T10:00:00+03:00"]


def test_the_same_plan_twice_makes_nothing_more(elif_):
    template = TemplateSessionFactory().template
    days = [dt.date(2099, 4, 9), dt.date(2099, 4, 9), dt.date(2099, 6, 11)]

    first, second = draft(template, days, TEN, by=elif_), draft(template, days, TEN, by=elif_)

    assert (len(first), second) == (2, [])
    assert Meeting.objects.count() == 2


def test_two_meetings_of_one_title_get_addresses_of_their_own(elif_):
    template = TemplateSessionFactory(template__title="Board").template

    made = draft(template, series(dt.date(2099, 4, 9), 1, 2), TEN, by=elif_)

    assert [meeting.slug for meeting in made] == ["board", "board-2099-04-16"]


def test_the_plan_tells_of_holidays_and_of_other_meetings():
    city = MembershipChangeFactory(status=Status.MEMBER).organisation
    city.country = CountryFactory(code="TR", name="Türkiye")
    city.save()
    other = MeetingFactory(status="announced", start_on=dt.date(2099, 4, 22), end_on=dt.date(2099, 4, 23))
    MeetingFactory(status="cancelled", start_on=dt.date(2099, 4, 23))

    (planned,) = plan(TemplateSessionFactory().template, [dt.date(2099, 4, 23)], TEN)

    assert any("National Sovereignty" in free.name for free in planned.free_days)
    assert planned.clashes == [other]


def test_a_plan_of_several_days_counts_them(elif_):
    template = MeetingTemplateFactory(title="Summit, {year}", mode="in_person", kind="summit")
    TemplateSessionFactory(template=template, day=1)
    TemplateSessionFactory(template=template, day=3, pause=30)

    (meeting,) = draft(template, [dt.date(2099, 1, 25)], TEN, by=elif_)

    assert (meeting.start_on, meeting.end_on) == (dt.date(2099, 1, 25), dt.date(2099, 1, 27))
    assert (
        f"{meeting.sessions.last().starts_at.astimezone(zoneinfo.ZoneInfo('Europe/Istanbul')):%d %H:%M}" == "27 10:30"
    )


def test_nothing_is_planned_from_nothing(elif_):
    with pytest.raises(ValidationError, match="at least one day"):
        plan(TemplateSessionFactory().template, [], TEN)
    with pytest.raises(ValidationError, match="no session yet"):
        plan(MeetingTemplateFactory(), [dt.date(2099, 1, 1)], TEN)
    with pytest.raises(ValidationError, match="at most 30"):
        plan(TemplateSessionFactory().template, series(dt.date(2099, 1, 1), 1, 31), TEN)


def test_a_meeting_becomes_a_template_that_makes_the_same_again(elif_, groups):
    meeting = MeetingFactory(start_on=dt.date(2099, 3, 2), timezone="Europe/Sofia", title="Spring round")
    starts = dt.datetime(2099, 3, 2, 9, 15, tzinfo=SOFIA)
    for at, group in enumerate(groups[:2]):
        begins = starts + dt.timedelta(minutes=100 * at)
        session = SessionFactory(
            meeting=meeting,
            working_groups=[group],
            starts_at=begins,
            ends_at=begins + dt.timedelta(minutes=80),
            order=at,
        )
        AgendaItemFactory(session=session, title="Opening", minutes=5)

    template = keep_as_template(meeting, name="Spring", by=elif_)
    (again,) = draft(template, [dt.date(2099, 9, 7)], template.starts, by=elif_)

    def shape(of):
        return [
            (
                str(one),
                one.starts_at.astimezone(SOFIA).time(),
                one.ends_at - one.starts_at,
                [str(i) for i in one.items.all()],
            )
            for one in of.sessions.order_by("order")
        ]

    assert shape(again) == shape(meeting)
    with pytest.raises(ValidationError, match="already a template of this name"):
        keep_as_template(meeting, name="Spring", by=elif_)


@pytest.mark.parametrize("wrong", [{"day": 0}, {"minutes": 1}])
def test_a_session_without_length_or_day_is_refused(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        TemplateSessionFactory(**wrong)


@pytest.mark.parametrize("wrong", [{"kind": "party"}, {"mode": "astral"}])
def test_a_template_of_an_unknown_kind_is_refused(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingTemplateFactory(**wrong)


@pytest.mark.parametrize(
    ("line", "read"), [("10 Opening", (10, "Opening")), ("Opening", (None, "Opening")), ("10", (None, "10")), ("2050 goals", (None, "2050 goals"))]
)  # fmt: skip
def test_standing_items_are_read_with_their_minutes(line, read):
    assert TemplateSession(items=f"\n {line} \n").standing_items == [read]
