"""Owners are reminded before an action is due: at the right day, the right people, and once."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from meetings import reminding
from meetings.models import ActionReminder, Letter, Mailing
from tests import factories
from workinggroups.models import GroupSeat

pytestmark = pytest.mark.django_db
DUE = dt.date(2026, 6, 15)


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = "https://b40.example.org"


def contact(city, address="ana@example.org", role="technical", groups=(), **fields):
    mandate = factories.MandateFactory(organisation=city, email=address, role=role, **fields)
    for group in groups:
        GroupSeat.objects.create(mandate=mandate, group=group)
    return mandate


@pytest.fixture
def city():
    return factories.OrganisationFactory(name="Skopje")


def action(city, **fields):
    meeting = factories.MeetingFactory(title="Round", start_on=dt.date(2026, 1, 10))
    return factories.ActionItemFactory(meeting=meeting, owners=[city], text="Name a contact", due_on=DUE, **fields)


def addresses():
    return sorted(Letter.objects.values_list("address", flat=True))


def test_owner_is_reminded_two_weeks_and_three_days_before_and_once_each(city):
    contact(city)
    due = action(city)

    days = [days for days in range(20, -3, -1) if reminding.remind(DUE - dt.timedelta(days=days))]

    assert days == [14, 3]
    assert list(ActionReminder.objects.order_by("pk").values_list("action", "due_on", "days")) == [
        (due.pk, DUE, 14),
        (due.pk, DUE, 3),
    ]
    assert addresses() == ["ana@example.org"] * 2


def test_letter_says_what_is_due_when_and_where_to_report(city):
    contact(city, person__name="Ana Kos")
    due = action(city)

    reminding.remind(DUE - dt.timedelta(days=14))

    letter, mailing = Letter.objects.get(), Mailing.objects.get()
    assert letter.subject == "Due on 15 June 2026: Name a contact"
    for words in (
        "Dear Ana Kos",
        "Skopje took on is due on Monday, 15 June 2026",
        "Agreed at: Round",
        f"https://b40.example.org/my/actions/{due.pk}/",
    ):
        assert words in letter.text
    assert f'href="https://b40.example.org/my/actions/{due.pk}/"' in letter.html
    assert (mailing.kind, mailing.released_at is None, mailing.prepared_by) == ("action", False, None)
    assert Letter.objects.waiting().count() == 1


def test_worker_that_was_away_reminds_late_of_the_nearest_step_alone(city):
    contact(city)
    action(city)

    assert [reminding.remind(DUE - dt.timedelta(days=2)), reminding.remind(DUE)] == [1, 0]
    assert [each.days for each in ActionReminder.objects.all()] == [3]


def test_another_due_day_is_reminded_of_anew(city):
    contact(city)
    due = action(city)
    reminding.remind(DUE - dt.timedelta(days=14))
    due.due_on = DUE + dt.timedelta(days=30)
    due.save()

    assert reminding.remind(DUE + dt.timedelta(days=16)) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"closed_on": dt.date(2026, 6, 1), "outcome": "done"},
        {"opened_on": DUE - dt.timedelta(days=13)},
    ],
)
def test_closed_and_just_opened_actions_are_not_reminded_of(city, fields):
    contact(city)
    action(city, **fields)

    assert reminding.remind(DUE - dt.timedelta(days=12)) == 0


def test_setting_pauses_all(city, settings):
    contact(city)
    action(city)
    settings.ACTION_REMINDER_DAYS = []

    assert reminding.remind(DUE - dt.timedelta(days=14)) == 0
    assert not Mailing.objects.exists()


def test_those_in_office_are_written_to_but_no_mayor_no_alternate_and_no_dead_address(city):
    contact(city, "lead@example.org", "lead")
    contact(city, "mayor@example.org", "mayor")
    contact(city, "alternate@example.org", "alternate")
    contact(city, "former@example.org", ends_on=dt.date(2026, 1, 1))
    contact(city, "Gone@example.org")
    contact(factories.OrganisationFactory(), "other@example.org")
    factories.DeadAddressFactory(address="gone@example.org")
    action(city)

    reminding.remind(DUE - dt.timedelta(days=14))

    assert addresses() == ["lead@example.org"]


def test_groups_action_goes_to_who_sits_in_the_group_and_else_to_all(city):
    group, other = factories.WorkingGroupFactory(), factories.WorkingGroupFactory()
    second = factories.OrganisationFactory()
    contact(city, "sits@example.org", groups=[group])
    contact(city, "all@example.org")
    contact(city, "elsewhere@example.org", groups=[other])
    contact(second, "only@example.org", groups=[other])
    action(city, group=group).owners.add(second)

    reminding.remind(DUE - dt.timedelta(days=14))

    assert addresses() == ["all@example.org", "only@example.org", "sits@example.org"]


def test_who_acts_for_two_owners_gets_one_letter(city):
    second = factories.OrganisationFactory()
    contact(city)
    contact(second, "ANA@example.org")
    action(city).owners.add(second)

    reminding.remind(DUE - dt.timedelta(days=14))

    assert len(addresses()) == 1


def test_nobody_to_write_to_is_tried_again_once_there_is_somebody(city):
    action(city)
    before = reminding.remind(DUE - dt.timedelta(days=14))
    contact(city)

    assert (before, reminding.remind(DUE - dt.timedelta(days=13))) == (0, 1)


def test_crash_in_the_middle_leaves_nothing_and_the_next_look_does_it(city, monkeypatch):
    contact(city)
    action(city)

    def die(*args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(reminding, "release", die)
        with pytest.raises(SystemExit):
            reminding.remind(DUE - dt.timedelta(days=14))
    left = (Mailing.objects.count(), Letter.objects.count(), ActionReminder.objects.count())

    assert left == (0, 0, 0)
    assert reminding.remind(DUE - dt.timedelta(days=14)) == 1


def test_trouble_with_one_action_keeps_nobody_else_waiting(city, monkeypatch, caplog):
    contact(city)
    bad = action(city)
    factories.ActionItemFactory(owners=[city], due_on=DUE, text="Another", meeting=bad.meeting)
    write = reminding.write_letters

    def stumble(action, day):
        if action == bad:
            raise ValueError("no letter")
        return write(action, day)

    monkeypatch.setattr(reminding, "write_letters", stumble)

    assert reminding.remind(DUE - dt.timedelta(days=14)) == 1
    assert "could not be reminded" in caplog.text


def test_database_refuses_a_second_reminder_of_one_step():
    first = factories.ActionReminderFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.ActionReminderFactory(action=first.action, due_on=first.due_on, days=first.days)
