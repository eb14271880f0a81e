"""Action items: what returns to which meeting until it is closed, and what an organisation has to do."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from meetings.minutes.outcomes import FollowUp, StaleAction, arising_by_session, follow_up, open_action, state_of
from meetings.models import ActionItem
from tests.factories import (
    ActionItemFactory,
    AgendaItemFactory,
    MeetingFactory,
    MinutesFactory,
    OrganisationFactory,
    SessionFactory,
    UserFactory,
    WorkingGroupFactory,
)

pytestmark = pytest.mark.django_db

DAY = dt.date(2025, 4, 9)


@pytest.fixture
def staff():
    return UserFactory(staff=True)


@pytest.fixture
def group():
    return WorkingGroupFactory(name="Climate")


@pytest.fixture
def earlier():
    return MeetingFactory(start_on=DAY - dt.timedelta(days=60))


@pytest.fixture
def meeting(group):
    """A later meeting, with a session of the group."""
    made = MeetingFactory(start_on=DAY)
    SessionFactory(meeting=made, working_groups=[group])
    return made


def change(action, **fields):
    typed = {"due_on": action.due_on, "outcome": "", "evidence": "", "evidence_url": "", "shown": state_of(action)}
    return FollowUp(**{**typed, **fields})


# --- What returns ----------------------------------------------------------------------------------------------------


def test_open_action_of_a_group_returns_with_its_next_sessions(earlier, meeting, group):
    mine = ActionItemFactory(meeting=earlier, group=group)
    ActionItemFactory(meeting=earlier, group=WorkingGroupFactory())
    ActionItemFactory(meeting=earlier)  # the network's: no plenary session
    ActionItemFactory(meeting=meeting, group=group)  # of the meeting itself
    ActionItemFactory(meeting=MeetingFactory(start_on=DAY + dt.timedelta(days=1)), group=group)

    assert list(ActionItem.objects.arising_at(meeting)) == [mine]


def test_open_action_of_the_network_returns_with_a_plenary_session(earlier, meeting):
    network = ActionItemFactory(meeting=earlier)
    SessionFactory(meeting=meeting)

    assert list(ActionItem.objects.arising_at(meeting)) == [network]


def test_action_returns_until_it_was_closed_before_the_day(earlier, meeting, group):
    on_the_day = ActionItemFactory(meeting=earlier, group=group, closed_on=DAY, outcome="done")
    ActionItemFactory(meeting=earlier, group=group, closed_on=DAY - dt.timedelta(days=1), outcome="done")

    assert list(ActionItem.objects.arising_at(meeting)) == [on_the_day]


def test_action_of_a_meeting_on_the_same_day_arises_at_the_later_one_only(group):
    first, second = MeetingFactory(start_on=DAY), MeetingFactory(start_on=DAY)
    for each in (first, second):
        SessionFactory(meeting=each, working_groups=[group])
        ActionItemFactory(meeting=each, group=group, text=f"Of {each.pk}")

    assert [action.meeting for action in ActionItem.objects.arising_at(second)] == [first]
    assert not ActionItem.objects.arising_at(first).exists()


def test_each_matter_arises_in_the_first_session_of_its_body(earlier, group):
    meeting = MeetingFactory(start_on=DAY)
    plenary = SessionFactory(meeting=meeting, order=0)
    joint = SessionFactory(meeting=meeting, order=1, working_groups=[group, WorkingGroupFactory()])
    SessionFactory(meeting=meeting, order=2, working_groups=[group])
    SessionFactory(meeting=meeting, order=3)
    of_group, of_network = ActionItemFactory(meeting=earlier, group=group), ActionItemFactory(meeting=earlier)

    sessions = list(meeting.sessions.prefetch_related("working_groups"))

    found = arising_by_session(sessions, ActionItem.objects.arising_at(meeting))
    assert found == {plenary.pk: [of_network], joint.pk: [of_group]}


# --- Opening and following up ----------------------------------------------------------------------------------------


def test_action_belongs_to_the_group_of_its_session(meeting, group, staff):
    item = AgendaItemFactory(session=meeting.sessions.get())
    city = OrganisationFactory()

    action = open_action(item, " Count trees ", owners=[city], due_on=None, group=None, by=staff)

    assert (action.group, action.text, action.opened_on, list(action.owners.all())) == (
        group,
        "Count trees",
        DAY,
        [city],
    )


@pytest.mark.parametrize("groups", [0, 2])
def test_action_of_a_plenary_or_joint_session_belongs_to_the_group_that_was_chosen(staff, group, groups):
    session = SessionFactory(working_groups=[WorkingGroupFactory() for _each in range(groups)])
    item, owners = AgendaItemFactory(session=session), [OrganisationFactory()]

    chosen = open_action(item, "One", owners=owners, due_on=None, group=group, by=staff)
    network = open_action(item, "Two", owners=owners, due_on=None, group=None, by=staff)

    assert (chosen.group, network.group) == (group, None)


def test_somebody_is_to_do_it(meeting, staff):
    with pytest.raises(ValidationError, match="Name the organisations"):
        open_action(
            AgendaItemFactory(session=meeting.sessions.get()), "One", owners=[], due_on=None, group=None, by=staff
        )


def test_approved_minutes_open_no_action(meeting, staff):
    item = AgendaItemFactory(session=meeting.sessions.get())
    MinutesFactory(meeting=meeting, approved=True)

    with pytest.raises(ValidationError, match="reopen them"):
        open_action(item, "One", owners=[OrganisationFactory()], due_on=None, group=None, by=staff)


def test_action_is_closed_on_the_day_of_the_meeting_with_evidence(earlier, meeting, staff):
    action = ActionItemFactory(meeting=earlier)

    follow_up(action, change(action, outcome="done", evidence="Sent. \r\n"), meeting=meeting, by=staff)

    action.refresh_from_db()
    assert (action.closed_on, action.outcome, action.evidence) == (DAY, "done", "Sent.")


def test_action_closed_before_a_meeting_to_come_is_closed_today(earlier, staff):
    action = ActionItemFactory(meeting=earlier)
    today = dt.date.today()
    ahead = MeetingFactory(start_on=today + dt.timedelta(days=30))

    follow_up(action, change(action, outcome="dropped"), meeting=ahead, by=staff)

    action.refresh_from_db()
    assert abs(action.closed_on - today) <= dt.timedelta(days=1)


def test_closed_action_is_opened_again(earlier, meeting, staff):
    action = ActionItemFactory(meeting=earlier, closed_on=DAY, outcome="done")

    follow_up(action, change(action, outcome="", due_on=DAY), meeting=meeting, by=staff)

    action.refresh_from_db()
    assert (action.is_open, action.due_on) == (True, DAY)


def test_late_follow_up_is_refused(earlier, meeting, staff):
    action = ActionItemFactory(meeting=earlier)
    late = change(action, due_on=DAY)
    follow_up(action, change(action, outcome="done"), meeting=meeting, by=staff)

    with pytest.raises(StaleAction):
        follow_up(action, late, meeting=meeting, by=staff)
    action.refresh_from_db()
    assert (action.outcome, action.due_on) == ("done", None)


# --- Lists -----------------------------------------------------------------------------------------------------------


def test_action_is_overdue_the_day_after_it_was_due(earlier):
    late = ActionItemFactory(meeting=earlier, due_on=DAY - dt.timedelta(days=1))
    ActionItemFactory(meeting=earlier, due_on=DAY)
    ActionItemFactory(meeting=earlier)
    ActionItemFactory(meeting=earlier, due_on=DAY - dt.timedelta(days=9), closed_on=DAY, outcome="done")

    assert list(ActionItem.objects.overdue(DAY)) == [late]
    assert [each.is_overdue(DAY) for each in ActionItem.objects.all()].count(True) == 1


def test_organisation_s_own_actions_are_found_alone_or_with_others():
    city, other = OrganisationFactory(), OrganisationFactory()
    alone, shared = ActionItemFactory(owners=[city]), ActionItemFactory(owners=[city, other])
    ActionItemFactory(owners=[other])

    assert set(ActionItem.objects.of_organisation(city)) == {alone, shared}


@pytest.mark.parametrize("user", [AnonymousUser(), "account"])
def test_actions_are_for_staff_unless_they_stand_in_published_minutes(user):
    ActionItemFactory()
    for audience, status in (("members", "held"), ("public", "draft")):
        item = AgendaItemFactory(session__meeting__status=status)
        MinutesFactory(meeting=item.session.meeting, approved=True, audience=audience)
        ActionItemFactory(meeting=item.session.meeting, item=item)
    told = AgendaItemFactory()
    ActionItemFactory(meeting=told.session.meeting, text="Without an item")
    shown = ActionItemFactory(meeting=told.session.meeting, item=told)
    minutes = MinutesFactory(meeting=told.session.meeting, circulated=True, audience="public")
    someone = UserFactory() if user == "account" else user

    assert not ActionItem.objects.visible_to(someone).exists()
    minutes.approved_on, minutes.approved_by = DAY, minutes.circulated_by
    minutes.save()

    assert list(ActionItem.objects.visible_to(someone)) == [shown]
    assert ActionItem.objects.visible_to(UserFactory(staff=True)).count() == 5


def test_action_is_on_no_public_page(client, meeting, earlier, group):
    city = OrganisationFactory(slug="sofia")
    ActionItemFactory(meeting=earlier, group=group, owners=[city], text="Confidential errand")

    for address in (
        earlier.get_absolute_url(),
        meeting.get_absolute_url(),
        "/cities/sofia/",
        "/search/?q=confidential",
    ):
        assert "Confidential errand" not in client.get(address).text


# --- Rules -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("action_closed_with_an_outcome", {"closed_on": DAY}),
        ("action_closed_with_an_outcome", {"outcome": "done"}),
        ("action_closed_with_an_outcome", {"closed_on": DAY, "outcome": "lost"}),
        (
            "action_closed_after_it_was_opened",
            {"closed_on": DAY, "outcome": "done", "opened_on": DAY + dt.timedelta(1)},
        ),
    ],
)
def test_database_refuses(name, fields):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ActionItemFactory(**fields)


def test_database_refuses_the_same_action_twice(earlier):
    ActionItemFactory(meeting=earlier, text="One")

    with pytest.raises(IntegrityError), transaction.atomic():
        ActionItemFactory(meeting=earlier, text="One")


def test_action_stands_at_an_item_of_its_meeting():
    with pytest.raises(ValidationError, match="another meeting"):
        ActionItem(meeting=MeetingFactory(), item=AgendaItemFactory(), text="One").full_clean()


def test_action_outlives_its_meeting(earlier):
    ActionItemFactory(meeting=earlier)

    with pytest.raises(ProtectedError):
        earlier.delete()
