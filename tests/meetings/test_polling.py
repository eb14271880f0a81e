"""Date polls: options that keep their answers, the page behind the link, and the winner as the draft's date."""

import datetime as dt
import zoneinfo

import pytest
import time_machine
from django.core.exceptions import ValidationError

from meetings.models import Ballot, Meeting, PollOption, Preference, Session
from meetings.polling import choose_date, prepare_poll
from meetings.polling.asking import add_option, close_poll, reopen_poll, save_poll, withdraw_option
from meetings.polling.voting import count_words
from tests import factories
from tests.meetings.inviting_cast import DAY, ISTANBUL, SITE, at, contact, planned, poll_url, secretary

pytestmark = pytest.mark.django_db

APRIL = dt.date(2031, 4, 9)


def offer(poll, day=APRIL, hour=14, until=17):
    return add_option(poll, day=day, starts=dt.time(hour), ends=dt.time(until), by=secretary())


def ask(poll, *mandates):
    return prepare_poll(poll, mandates, by=secretary(), site=SITE)


def sent(edition=0, remark="", **words):
    return {"edition": edition, "remark": remark, **words}


def words_of(mandate):
    found = Preference.objects.filter(ballot__organisation=mandate.organisation)
    return dict(found.values_list("option", "suits"))


@pytest.fixture
def meeting():
    return planned()


@pytest.fixture
def poll(meeting):
    return save_poll(meeting, question="", zone="Europe/Istanbul", closes_on=None, by=secretary())


@pytest.fixture
def maria():
    return contact()


# --- Asking ------------------------------------------------------------------------------------------------------------


def test_letter_names_every_time_in_both_zones_and_the_link(poll, maria):
    offer(poll)
    offer(poll, DAY, 10, 13)

    mailing = ask(poll, maria)

    (letter,) = mailing.letters.all()
    assert (mailing.kind, letter.subject, letter.method) == ("poll", "Which day suits? Spring round", "")
    for text in (letter.text, letter.html):
        for words in ("Monday, 17 March 2031, 10:00–13:00 (Istanbul time, UTC+3)", "09:00–12:00", "Wednesday, 9 April 2031",
                      f"{SITE}{poll_url(maria)}"):  # fmt: skip
            assert words in text
    assert letter.text.count("in Sofia:") == 1  # in April the clocks are the same
    with pytest.raises(ValidationError, match="Nobody is left to ask"):
        ask(poll, maria)


def test_a_poll_without_times_or_closed_asks_nobody(poll, maria):
    with pytest.raises(ValidationError, match="offers no time"):
        ask(poll, maria)
    offer(poll)
    close_poll(poll, by=secretary())
    with pytest.raises(ValidationError, match="closed"):
        ask(poll, maria)


def test_times_are_those_of_the_poll_s_zone(meeting):
    poll = save_poll(meeting, question="", zone="Europe/Athens", closes_on=None, by=secretary())

    option = offer(poll)

    assert option.starts_at == dt.datetime(2031, 4, 9, 11, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("day", "hour", "until", "message"),
    [
        (dt.date(2020, 1, 1), 9, 10, "This time is past."),
        (APRIL, 11, 10, "An option ends after it starts."),
        (APRIL, 14, 17, "This time is among the options already."),
    ],
)
def test_a_time_that_is_none_is_refused(poll, day, hour, until, message):
    offer(poll)

    with pytest.raises(ValidationError, match=message):
        offer(poll, day, hour, until)


# --- Answering ---------------------------------------------------------------------------------------------------------


def test_answers_stay_when_times_are_added_withdrawn_and_offered_again(client, poll, maria):
    first, second = offer(poll), offer(poll, DAY, 10, 13)
    ask(poll, maria)
    client.post(poll_url(maria), sent(**{f"option-{first.pk}": "yes", f"option-{second.pk}": "no"}))

    third = offer(poll, dt.date(2031, 5, 5))
    withdraw_option(second, by=secretary())
    client.post(poll_url(maria), sent(1, **{f"option-{first.pk}": "yes", f"option-{third.pk}": "maybe"}))
    assert words_of(maria) == {first.pk: "yes", second.pk: "no", third.pk: "maybe"}
    back = offer(poll, DAY, 10, 13)

    assert back.pk == second.pk
    assert words_of(maria) == {first.pk: "yes", second.pk: "no", third.pk: "maybe"}
    page = client.get(poll_url(maria)).content.decode()
    assert page.count("checked") == 3


def test_page_shows_both_clocks_and_others_as_counts_alone(client, poll, maria):
    option = offer(poll, DAY, 10, 13)
    eleni = contact("Athens", "Eleni", "eleni@athens.example.org", "GR")
    ask(poll, maria, eleni)
    client.post(poll_url(eleni), sent(remark="Secret remark", **{f"option-{option.pk}": "maybe"}))

    page = client.get(poll_url(maria)).content.decode()

    for words in (
        "Monday, 17 March 2031, 10:00–13:00",
        "09:00–12:00",
        "in Sofia",
        "Others so far: 0 yes, 1 if need be, 0 no",
    ):
        assert words in page
    for words in ("Eleni", "Athens", "Secret remark", "eleni@"):
        assert words not in page
    assert "No other city has answered yet." in client.get(poll_url(eleni)).content.decode()


def test_page_is_guarded_as_the_answer_s_is(client, poll, maria):
    offer(poll)
    ask(poll, maria)

    for page in (client.get(poll_url(maria)), client.post(poll_url(maria), {}), client.get("/poll/none/")):
        assert page["Referrer-Policy"] == "no-referrer"
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in page["Cache-Control"]
    assert client.get(poll_url(maria).replace("poll", "answer")).status_code == 404


def test_an_answer_says_something(client, poll, maria):
    offer(poll)
    ask(poll, maria)

    response = client.post(poll_url(maria), sent(remark="Hello"))

    assert response.status_code == 422
    assert "Choose yes, if need be, or no" in response.content.decode()
    assert not Ballot.objects.get().is_answered


def test_the_second_word_of_one_organisation_is_asked_again(client, poll, maria):
    option, ivan = offer(poll), contact(name="Ivan", email="ivan@sofia.example.org")
    ask(poll, maria, ivan)
    client.post(poll_url(maria), sent(remark="By train", **{f"option-{option.pk}": "yes"}))

    late = client.post(poll_url(ivan), sent(remark="Budget", **{f"option-{option.pk}": "no"}))

    assert late.status_code == 409
    for words in ("A colleague answered meanwhile", "Your colleague answered: yes", "By train", "Budget", "Maria"):
        assert words in late.content.decode()
    assert words_of(maria) == {option.pk: "yes"}
    again = client.post(poll_url(ivan), sent(1, **{f"option-{option.pk}": "no"}))
    assert (again.status_code, words_of(maria)) == (302, {option.pk: "no"})


def test_a_closed_poll_takes_nothing_and_an_open_one_again(client, poll, maria):
    option = offer(poll)
    ask(poll, maria)
    close_poll(poll, by=secretary())
    assert client.post(poll_url(maria), sent(**{f"option-{option.pk}": "yes"})).status_code == 403
    assert "The poll is closed." in client.get(poll_url(maria)).content.decode()

    reopen_poll(poll, by=secretary())

    assert client.post(poll_url(maria), sent(**{f"option-{option.pk}": "yes"})).status_code == 302


def test_last_day_is_whole_on_the_poll_s_clocks(client, meeting, maria):
    poll = save_poll(meeting, question="", zone="Europe/Istanbul", closes_on=dt.date(2031, 2, 1), by=secretary())
    option = offer(poll)
    ask(poll, maria)

    with time_machine.travel(at(23, 59, dt.date(2031, 2, 1)), tick=False):
        assert client.post(poll_url(maria), sent(**{f"option-{option.pk}": "yes"})).status_code == 302
    with time_machine.travel(at(0, 1, dt.date(2031, 2, 2)), tick=False):
        assert client.post(poll_url(maria), sent(1, **{f"option-{option.pk}": "no"})).status_code == 403


@pytest.mark.parametrize("number", [1, 80])
def test_page_costs_the_same_with_eighty_asked(client, poll, maria, number, django_assert_num_queries):
    options = [offer(poll, APRIL + dt.timedelta(days=each)) for each in range(3)]
    ask(poll, maria)
    for _each in range(number):
        ballot = factories.BallotFactory(poll=poll)
        for option in options:
            factories.PreferenceFactory(ballot=ballot, option=option)
    client.get(poll_url(maria))

    with django_assert_num_queries(6):
        page = client.get(poll_url(maria)).content.decode()

    assert page.count(f"Others so far: {number} yes") == 3
    assert count_words(options)[options[0].pk] == {"yes": number, "maybe": 0, "no": 0}


# --- The winner --------------------------------------------------------------------------------------------------------


def test_winner_moves_the_day_and_keeps_every_session_s_distance_on_the_wall_clock(poll, meeting):
    """From winter into summer time: in Belgrade the clocks go forward in between, on the wall nothing changes."""
    meeting.timezone, meeting.start_on = "Europe/Belgrade", DAY
    meeting.save()
    Session.objects.all().delete()
    zone = zoneinfo.ZoneInfo("Europe/Belgrade")
    nine, ten, two = (dt.datetime(2031, 3, 17, hour, tzinfo=zone) for hour in (9, 10, 14))
    factories.SessionFactory(meeting=meeting, title="One", starts_at=nine, ends_at=ten)
    factories.SessionFactory(meeting=meeting, title="Two", starts_at=two)
    before = meeting.sequence
    option = offer(poll, APRIL, 14, 18)  # Istanbul; 13:00 in Belgrade

    moved = choose_date(option, by=secretary())

    stored = Meeting.objects.get(pk=meeting.pk)
    assert (stored.start_on, stored.end_on, stored.sequence > before) == (APRIL, None, True)
    walls = {one.title: one.starts_at.astimezone(zone).strftime("%d %H:%M") for one in moved.sessions.all()}
    assert walls == {"One": "09 13:00", "Two": "09 18:00"}
    assert Session.objects.get(title="One").ends_at.astimezone(zone).strftime("%H:%M") == "14:00"
    poll.refresh_from_db()
    assert poll.closed_at is not None
    assert PollOption.objects.get(is_chosen=True) == option


def test_the_meeting_s_log_says_who_took_which_time_and_how_the_answers_stood(poll, meeting):
    option = offer(poll, APRIL, 14, 18)
    for suits in ("yes", "yes", "no"):
        factories.PreferenceFactory(option=option, suits=suits)

    choose_date(option, by=secretary())

    line = meeting.steps.get()
    assert (line.step, line.before, line.after, line.start_on, line.taken_by) == (
        "move",
        "draft",
        "draft",
        DAY,
        secretary(),
    )
    assert line.reason.endswith("14:00 (Europe/Istanbul), with 2 yes, 0 if need be, 1 no")
    assert f"{APRIL.day} April 2031" in line.reason


def test_winner_keeps_the_length_of_several_days(poll, meeting):
    meeting.end_on = DAY + dt.timedelta(days=2)
    meeting.save()

    choose_date(offer(poll), by=secretary())

    meeting.refresh_from_db()
    assert (meeting.start_on, meeting.end_on) == (APRIL, APRIL + dt.timedelta(days=2))


def test_winner_makes_a_day_of_a_month():
    meeting = factories.MeetingFactory(
        status="draft", start_on=dt.date(2031, 4, 1), date_precision="month", timezone="Europe/Istanbul"
    )
    session = factories.SessionFactory(meeting=meeting)
    poll = save_poll(meeting, question="", zone="Europe/Istanbul", closes_on=None, by=secretary())

    choose_date(offer(poll), by=secretary())

    meeting.refresh_from_db()
    session.refresh_from_db()
    assert (meeting.start_on, meeting.end_on, meeting.date_precision) == (APRIL, None, "day")
    assert session.starts_at.astimezone(ISTANBUL) == at(14, day=APRIL)
    assert session.ends_at.astimezone(ISTANBUL) == at(17, day=APRIL)


def test_another_winner_takes_the_place_of_the_first(poll, meeting):
    first, second = offer(poll), offer(poll, dt.date(2031, 5, 5))
    choose_date(first, by=secretary())

    choose_date(second, by=secretary())

    meeting.refresh_from_db()
    assert meeting.start_on == dt.date(2031, 5, 5)
    assert PollOption.objects.get(is_chosen=True) == second


@pytest.mark.parametrize("status", ["announced", "held", "cancelled"])
def test_what_is_no_draft_any_more_is_not_moved(poll, meeting, status):
    option = offer(poll)
    meeting.status = status
    meeting.save()

    with pytest.raises(ValidationError, match="no draft any more"):
        choose_date(option, by=secretary())

    assert not meeting.steps.exists()
    meeting.refresh_from_db()
    assert meeting.start_on == DAY


def test_a_withdrawn_time_is_not_chosen(poll, meeting):
    option = offer(poll)
    withdraw_option(option, by=secretary())

    with pytest.raises(ValidationError, match="withdrawn"):
        choose_date(option, by=secretary())
