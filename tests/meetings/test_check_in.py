"""Check-in by the code in the room: when it is open, who is believed, what is told to nobody, and its bounds."""

import datetime as dt
import zoneinfo

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import expect

from meetings.desk import checking_in
from meetings.desk.checking_in import check_in, confirm_check_in, refuse_check_in
from meetings.desk.expected import expected_at, expected_organisations
from meetings.desk.tokens import read_token, token_of
from meetings.models import Attendance, CheckIn, Delegate, Session
from members.models import Change
from tests import factories
from tests.refusal import refused

pytestmark = pytest.mark.django_db

SOFIA = zoneinfo.ZoneInfo("Europe/Sofia")
START = dt.datetime(2025, 4, 9, 10, tzinfo=SOFIA)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def meeting():
    return factories.MeetingFactory(
        title="Round", status="announced", mode="in_person", start_on=START.date(), timezone="Europe/Sofia"
    )


@pytest.fixture
def session(meeting):
    return factories.SessionFactory(meeting=meeting, title="Opening", starts_at=START, ends_at=START + 60 * MINUTE)


@pytest.fixture
def city():
    return factories.MembershipChangeFactory(organisation__name="Athens").organisation


@pytest.fixture
def contact(city):
    return factories.MandateFactory(organisation=city, email="Maria@athens.gr", person__name="Maria Hidden")


def address(session):
    return reverse("meetings:check_in", args=[token_of(session)])


def send(client, session, organisation, name="Maria", email="maria@athens.gr"):
    return client.post(address(session), {"organisation": organisation.pk, "name": name, "email": email})


@pytest.fixture
def running():
    with time_machine.travel(START + 5 * MINUTE, tick=False):
        yield


# --- When ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (-31, "It opens on Wednesday, 9 April 2025, 09:30 (Europe/Sofia)"),
        (-30, "I am here"),
        (90, "I am here"),
        (91, "It closed on Wednesday, 9 April 2025, 11:30 (Europe/Sofia)"),
    ],
)
def test_it_is_open_from_half_an_hour_before_until_half_an_hour_after(client, session, city, contact, minutes, text):
    with time_machine.travel(START + minutes * MINUTE, tick=False):
        page = client.get(address(session))
        sent = send(client, session, city)

    assert page.status_code == 200
    assert text in page.content.decode()
    assert sent.status_code == (302 if text == "I am here" else 403)
    assert Attendance.objects.count() == (text == "I am here")


def test_a_session_without_an_end_is_open_for_two_hours_and_one_without_a_time_never(client, meeting, running):
    no_end = factories.SessionFactory(meeting=meeting, starts_at=START - 140 * MINUTE)
    no_time = factories.SessionFactory(meeting=meeting)

    assert "I am here" in client.get(address(no_end)).content.decode()
    with time_machine.travel(START + 11 * MINUTE, tick=False):
        assert "It closed on" in client.get(address(no_end)).content.decode()
    assert "Nobody has set the time" in client.get(address(no_time)).content.decode()


@pytest.mark.parametrize("status", ["cancelled", "postponed", "closed"])
def test_a_meeting_that_is_off_or_closed_takes_no_names(client, session, city, running, status):
    session.meeting.status = status
    session.meeting.save()

    assert "takes no names any more" in client.get(address(session)).content.decode()
    assert send(client, session, city).status_code == 403
    assert not CheckIn.objects.exists()


def test_a_draft_is_nobody_s_to_see(client, session, running):
    session.meeting.status = "draft"
    session.meeting.save()

    assert client.get(address(session)).status_code == 404


@pytest.mark.parametrize(
    "wrong", ["{0}", "{0}-", "{0}-aaaaaaaaaa", "0{0}-{1}", "{2}-{1}", "-{1}", "x", "{0}-{1}a", "9" * 30]
)
def test_a_token_that_this_site_did_not_write_opens_nothing(client, session, running, wrong):
    number, _dash, signature = token_of(session).partition("-")
    other = factories.SessionFactory(meeting=session.meeting, starts_at=START)
    token = wrong.format(number, signature, other.pk)

    assert read_token(token) is None
    assert client.get(f"/check-in/{token}/").status_code == 404
    assert client.post(f"/check-in/{token}/").status_code == 404


def test_a_token_is_short_typed_in_any_case_and_rests_on_the_secret(session, settings):
    token = token_of(session)

    assert len(token) <= 16
    assert read_token(token.upper()) == session.pk
    settings.SECRET_KEY = "another"
    assert read_token(token) is None


# --- Who -------------------------------------------------------------------------------------------------------------


def test_a_contact_of_the_day_is_in_the_ledger_at_once(client, session, city, contact, running):
    response = send(client, session, city, name="  Maria   Papadopoulou ", email="MARIA@athens.gr")

    assert response.status_code == 302
    row = Attendance.objects.counted().get()
    assert (row.channel, row.session, row.mode, row.recorded_by) == ("qr", session, "room", None)
    assert row.arrived_at == START + 5 * MINUTE
    delegate = row.delegates.get()
    assert (delegate.name, delegate.email, delegate.joined_at) == (
        "Maria Papadopoulou",
        "maria@athens.gr",
        START + 5 * MINUTE,
    )
    assert Change.objects.filter(model="meetings.attendance").get().actor == "check-in"
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"ends_on": START.date() - dt.timedelta(1)}, {"starts_on": START.date() + dt.timedelta(1)}]
)
def test_a_contact_of_another_day_waits(client, session, city, running, fields):
    factories.MandateFactory(organisation=city, email="maria@athens.gr", **fields)

    send(client, session, city)

    assert CheckIn.objects.waiting().get().name == "Maria"
    assert not Attendance.objects.exists()


def test_a_contact_of_another_city_waits_and_counts_nowhere(client, session, contact, running):
    other = factories.MembershipChangeFactory(organisation__name="Burgas").organisation

    send(client, session, other)

    waiting = CheckIn.objects.waiting().get()
    assert (waiting.organisation, waiting.email, waiting.checked_in_at) == (
        other,
        "maria@athens.gr",
        START + 5 * MINUTE,
    )
    assert not Attendance.objects.exists()


def test_twice_is_no_second_row_and_one_device_checks_in_several(client, session, city, contact, running):
    for name, email in (
        ("Maria", "maria@athens.gr"),
        (" MARIA ", "Maria@Athens.gr"),
        ("Nikos", "maria@athens.gr"),
        ("Мария", "new@athens.gr"),
        ("мария", "new@athens.gr"),
        ("Mariya", "new@athens.gr"),
    ):
        assert send(client, session, city, name=name, email=email).status_code == 302

    assert Attendance.objects.count() == 1
    assert sorted(Delegate.objects.values_list("name", flat=True)) == ["Maria", "Nikos"]
    assert [each.email for each in CheckIn.objects.all()] == ["new@athens.gr"]


def test_looking_changes_nothing(client, session, city, running):
    for query in ("", f"?for={city.pk}", "?for=999", "?organisation=1&name=x"):
        assert client.get(address(session) + query).status_code == 200
    client.head(address(session))

    assert (
        Attendance.objects.count(),
        CheckIn.objects.count(),
        Change.objects.filter(model="meetings.attendance").count(),
    ) == (0, 0, 0)


@pytest.mark.parametrize(
    "sent",
    [{}, {"name": ""}, {"email": "no address"}, {"organisation": "999"}, {"organisation": "x"}, {"name": "n" * 201}],
)
def test_what_is_missing_or_wrong_is_told_at_its_field(client, session, city, running, sent):
    typed = {"organisation": city.pk, "name": "Maria", "email": "maria@athens.gr"} | sent if sent else {}

    response = client.post(address(session), typed)

    assert response.status_code == 422
    assert "errorlist" in response.content.decode()
    assert not CheckIn.objects.exists()


# --- What is told to nobody ------------------------------------------------------------------------------------------


def test_no_name_and_no_address_of_anybody_is_shown(client, session, city, contact, running):
    factories.CheckInFactory(session=session, organisation=city, name="Waiting Hidden")
    send(client, session, city)

    pages = [
        client.get(address(session)).content.decode(),
        client.get(f"{address(session)}?for={city.pk}").content.decode(),
    ]
    pages.append(client.get(session.meeting.get_absolute_url()).content.decode())

    for page in pages:
        for private in ("Hidden", "Maria", "athens.gr", "newcomer"):
            assert private not in page


def test_the_answer_does_not_tell_who_is_a_contact(client, session, city, contact, running):
    known = send(client, session, city, email="maria@athens.gr")
    unknown = send(client, session, city, email="stranger@example.org")

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert known.content == unknown.content == b""


def test_the_page_is_kept_by_nobody_and_sets_no_cookie(client, session, city, running):
    for response in (client.get(address(session)), send(client, session, city), client.post(address(session))):
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response["X-Robots-Tag"]
        assert not response.cookies


def test_whoever_is_signed_in_checks_in_as_a_visitor_too(admin_client, session, city, contact, running):
    send(admin_client, session, city)

    assert Attendance.objects.get().recorded_by is None


# --- Bounds ----------------------------------------------------------------------------------------------------------


def test_names_are_bounded(client, session, city, contact, running, monkeypatch):
    monkeypatch.setattr(checking_in, "MOST_OF_ONE", 2)
    for number in range(3):
        assert send(client, session, city, name=f"New {number}", email="x@example.org").status_code == (
            302 if number < 2 else 429
        )
        assert send(client, session, city, name=f"Known {number}").status_code == (302 if number < 2 else 429)

    assert (CheckIn.objects.count(), Delegate.objects.count()) == (2, 2)
    assert send(client, session, city, name="New 1", email="x@example.org").status_code == 302


@pytest.mark.parametrize("bound", ["MOST_A_MINUTE", "MOST_WAITING"])
def test_a_session_takes_so_many_at_most(client, session, city, running, monkeypatch, bound):
    monkeypatch.setattr(checking_in, bound, 1)
    other = factories.MembershipChangeFactory().organisation
    send(client, session, city)

    response = send(client, session, other)

    assert response.status_code == 429
    assert "tell the desk" in response.content.decode()
    assert CheckIn.objects.count() == 1


@pytest.mark.parametrize("number", [2, 80])
def test_costs_are_the_same_for_any_number_of_cities(
    client, session, contact, running, number, django_assert_num_queries
):
    for each in range(number):
        city = factories.MembershipChangeFactory(organisation__name=f"Grad {each}").organisation
        factories.OrganisationNameFactory(organisation=city)
        factories.CheckInFactory(session=session, organisation=city, checked_in_at=START)

    with django_assert_num_queries(4):
        page = client.get(address(session))
    with django_assert_num_queries(13):
        assert send(client, session, city, email="x@example.org").status_code == 302

    assert page.content.decode().count("<option") == number + 2


# --- Deciding --------------------------------------------------------------------------------------------------------


def test_joining_keeps_the_first_hour(session, city, contact):
    user = factories.UserFactory(staff=True)
    with time_machine.travel(START + 5 * MINUTE, tick=False):
        check_in(session, city, name="New", email="new@athens.gr")
    with time_machine.travel(START + 9 * MINUTE, tick=False):
        check_in(session, city, name="Maria", email="maria@athens.gr")
    assert Attendance.objects.get().arrived_at == START + 9 * MINUTE

    assert confirm_check_in(CheckIn.objects.get(), by=user) is True

    assert Attendance.objects.get().arrived_at == START + 5 * MINUTE
    assert sorted(each.name for each in Delegate.objects.all()) == ["Maria", "New"]


def test_the_second_decision_comes_too_late(session, city):
    user, waiting = factories.UserFactory(staff=True), factories.CheckInFactory(session=session, organisation=city)

    assert [
        refuse_check_in(waiting, by=user),
        confirm_check_in(waiting, by=user),
        refuse_check_in(waiting, by=user),
    ] == [
        True,
        False,
        False,
    ]


def test_constraints(session, city):
    user, now = factories.UserFactory(), START
    made = factories.CheckInFactory(session=session, organisation=city)
    fields = {"session": session, "organisation": city, "email": "x@example.org", "name": "X", "checked_in_at": now}

    refused(
        CheckIn(**{**fields, "email": made.email, "name": made.name}), "check_in_once_a_person", "checked in already"
    )
    refused(CheckIn(**fields, confirmed_at=now), "check_in_confirmed_by_somebody", "who confirmed")
    refused(CheckIn(**fields, refused_by=user), "check_in_refused_by_somebody", "who refused")
    both = {"confirmed_at": now, "confirmed_by": user, "refused_at": now, "refused_by": user}
    refused(CheckIn(**fields, **both), "check_in_decided_one_way", "either confirmed or refused")


def test_strangers_see_no_check_in(session, django_user_model):
    factories.CheckInFactory(session=session)

    assert not CheckIn.objects.visible_to(django_user_model()).exists()
    assert CheckIn.objects.visible_to(django_user_model(is_staff=True)).count() == 1


# --- Who is expected -------------------------------------------------------------------------------------------------


def test_the_network_of_the_day_is_expected_the_session_s_groups_first(meeting, city):
    group = factories.WorkingGroupFactory()
    session = factories.SessionFactory(meeting=meeting, starts_at=START, working_groups=[group])
    taking_part = factories.MembershipChangeFactory(organisation__name="Zagreb").organisation
    factories.ParticipationChangeFactory(group=group, organisation=taking_part)
    outside = factories.ParticipationChangeFactory(group=group, organisation__name="Bitola").organisation
    observer = factories.MembershipChangeFactory(
        organisation=factories.OrganisationFactory(observer=True, name="Eurotowns"), status="observer"
    ).organisation
    factories.MembershipChangeFactory(organisation__name="Left", status="ended")
    factories.MembershipChangeFactory(organisation__name="Later", latest=START.date() + dt.timedelta(1))
    factories.OrganisationFactory(name="Unrelated")

    assert list(expected_organisations(session)) == [outside, taking_part, city, observer]
    assert list(expected_at(meeting)) == [outside, taking_part, city, observer]
    assert [each.takes_part for each in expected_organisations(session)] == [True, True, False, False]


# --- In a browser ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.browser_context_args(
    java_script_enabled=False, viewport={"width": 360, "height": 740}, color_scheme="dark", has_touch=True
)
def test_a_delegate_checks_in_on_a_phone_without_scripts(page):
    now = dt.datetime.now(dt.UTC)
    meeting = factories.MeetingFactory(status="announced", start_on=now.date(), end_on=now.date() + dt.timedelta(1))
    session = Session.objects.create(meeting=meeting, title="Opening", starts_at=now, ends_at=now + 60 * MINUTE)
    city = factories.MembershipChangeFactory(organisation__name="Athens").organisation
    factories.MandateFactory(organisation=city, email="maria@athens.gr")
    page.goto(address(session))

    for name in ("Maria", "Nikos"):
        page.get_by_label("Your city or organisation").select_option(label="Athens")
        page.get_by_label("Your name").fill(name)
        page.get_by_label("Your mail address").fill("maria@athens.gr")
        page.get_by_role("button", name="I am here").click()
        expect(page.get_by_text("You are noted for Athens.")).to_be_visible()

    assert sorted(Delegate.objects.values_list("name", flat=True)) == ["Maria", "Nikos"]
    assert Attendance.objects.counted().count() == 1


@pytest.mark.looks
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_and_fits_a_phone(page, axe_violations, scheme):
    now = dt.datetime.now(dt.UTC)
    meeting = factories.MeetingFactory(status="announced", start_on=now.date(), end_on=now.date() + dt.timedelta(1))
    session = Session.objects.create(meeting=meeting, starts_at=now, ends_at=now + 60 * MINUTE)
    later = factories.SessionFactory(meeting=meeting)
    city = factories.MembershipChangeFactory(
        organisation__name="Municipality of Alexandroupoli and the Evros delta"
    ).organisation
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 360, "height": 740})

    for path in (address(session), f"{address(session)}?for={city.pk}", address(later)):
        page.goto(path)
        assert axe_violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
