"""A delegate's pages about meetings: the home page, answering for one's organisation, the box on a meeting's page."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings.models import Attendance, Channel, Coming, Invitation, Invitee, Letter, Mailing
from members.models import Change
from tests import factories
from tests.meetings.own_cast import DAY, NOW, Round, client_of, delegate, member

pytestmark = pytest.mark.django_db

FREE = {"delegates-TOTAL_FORMS": "3", "delegates-INITIAL_FORMS": "0"}
ANSWER = "/my/meetings/spring/answer/"


@pytest.fixture(autouse=True)
def a_week_before():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def round_():
    return Round()


def sent(edition=0, *, names=(), **fields):
    """What a browser sends from the form."""
    lines = {f"delegates-{number}-name": name for number, name in enumerate(names)}
    return {**FREE, "edition": edition, "coming": "yes", "mode": "room", **lines, **fields}


def colleague(user):
    """The field of a colleague whom one may name with a tap."""
    return f"colleague-{user.person.mandates.get().pk}-part"


def named(invitation):
    return [(one.name, one.is_alternate) for one in invitation.delegates.all()]


# --- Who -------------------------------------------------------------------------------------------------------------------

SEEN = {"visitor": 302, "delegate": 200, "lead": 200, "alternate": 200, "observer": 200, "of another city": 403,
        "of a group of their own": 403, "ended": 403, "to come": 403, "staff": 403}  # fmt: skip


def test_who_speaks_for_an_invited_organisation_answers_and_nobody_else(round_):
    people = round_.people()

    seen = {name: client_of(user).get(ANSWER).status_code for name, user in people.items()}
    wrote = set()
    for name, user in people.items():
        before = Invitation.objects.get(pk=round_.invitation.pk).edition
        client_of(user).post(f"{ANSWER}sofia/", sent(before, remarks=f"by {name}"))
        if Invitation.objects.get(pk=round_.invitation.pk).edition != before:
            wrote.add(name)

    assert seen == SEEN
    assert wrote == {"delegate", "lead", "alternate"}


def test_an_organisation_that_is_not_one_s_own_is_no_page(round_):
    assert client_of(delegate(round_.sofia)).get(f"{ANSWER}iclei/").status_code == 404


def test_an_invitation_to_a_draft_is_told_once_its_letter_was_let_go():
    round_ = Round(status="draft")
    mailing = Mailing.objects.create(kind="invitation", title="Invitation", meeting=round_.meeting)
    letter = Letter.objects.create(mailing=mailing, address="m@example.org", subject="Invitation", text="…")
    Invitee.objects.create(invitation=round_.invitation, address="m@example.org", letter=letter)
    client = client_of(delegate(round_.sofia))
    assert client.get(ANSWER).status_code == 404
    assert "Spring round" not in client.get("/my/").text

    mailing.released_at, mailing.released_by = NOW, factories.UserFactory(staff=True)
    mailing.save()

    assert client.get(ANSWER).status_code == 200
    assert "Spring round" in client.get("/my/").text
    assert client.get("/meetings/spring/").status_code == 404


def test_why_there_is_no_button_is_said_with_whom_to_write_to(round_):
    client = client_of(delegate(round_.varna))

    for page in (client.get(ANSWER).text, client.get("/meetings/spring/").text):
        assert "a working group of yours meets here, and your organisation is not among those invited" in page
        assert "mailto:" in page
    Invitation.objects.all().delete()
    assert "Invitations to this meeting have not gone out yet." in client.get("/meetings/spring/").text


# --- Answering -------------------------------------------------------------------------------------------------------------


def test_an_answer_is_given_in_one_form_without_script(round_):
    maria, ivan = delegate(round_.sofia, name="Мария Георгиева"), delegate(round_.sofia, name="Ivan Petrov")
    client = client_of(maria)
    page = client.get(ANSWER).text
    assert "Answer of Sofia" in page
    assert page.index("Мария Георгиева") < page.index("Ivan Petrov")  # oneself first

    chosen = {colleague(maria): "comes", colleague(ivan): "alternate", f"session-{round_.afternoon.pk}": "no"}
    noted = client.post(ANSWER, sent(names=["Guest of theirs"], remarks="Vegetarian", **chosen), follow=True)

    invitation = Invitation.objects.get(pk=round_.invitation.pk)
    assert (invitation.coming, invitation.mode, invitation.remarks) == ("yes", "room", "Vegetarian")
    assert (invitation.answered_by, invitation.entered_by, invitation.edition) == ("Мария Георгиева", None, 1)
    assert named(invitation) == [("Мария Георгиева", False), ("Guest of theirs", False), ("Ivan Petrov", True)]
    assert [(one.session, one.coming) for one in invitation.session_answers.all()] == [(round_.afternoon, "no")]
    assert {change.user for change in Change.objects.filter(model="meetings.invitation", action="changed")} == {maria}
    for words in ("Thank you.", "What next", "/meetings/spring.ics", "/my/meetings/spring/join/"):
        assert words in noted.text


def test_the_same_answer_again_changes_nothing(round_):
    maria = delegate(round_.sofia)
    client = client_of(maria)
    typed = sent(names=["Zoe", "Anna"], **{colleague(maria): "comes"})
    client.post(ANSWER, typed)
    changes = Change.objects.count()

    client.post(ANSWER, {**typed, "edition": 1})

    assert Change.objects.count() == changes


def test_colleagues_see_one_answer_and_who_gave_it_when(round_):
    client_of(delegate(round_.sofia, name="Maria Ivanova")).post(ANSWER, sent(names=["Zoe"]))

    page = client_of(delegate(round_.sofia)).get(ANSWER).text

    assert "Last answered by Maria Ivanova on 10 March 2031, 12:00" in page
    assert 'value="Zoe"' in page


def test_a_colleague_who_was_announced_stands_on_their_own_line_alone(round_):
    maria = delegate(round_.sofia, name="Maria Ivanova")
    client = client_of(maria)
    client.post(ANSWER, sent(**{colleague(maria): "comes"}))

    page = client.get(ANSWER)

    forms = page.context["forms"]
    assert [form.field.value() for form in forms.colleagues.forms] == ["comes"]
    assert 'value="Maria Ivanova"' not in page.text
    assert not forms.opens_lines


def test_two_who_answer_at_once_lose_nothing(round_):
    maria, ivan = delegate(round_.sofia, name="Maria Ivanova"), delegate(round_.sofia, name="Ivan Petrov")
    client_of(maria).post(ANSWER, sent(names=["Zoe"], remarks="We need a ramp"))

    second = client_of(ivan).post(ANSWER, sent(0, coming="no", mode="", remarks="Nobody is free"))

    assert second.status_code == 409
    for words in (
        "A colleague answered meanwhile",
        "Last answered by Maria Ivanova",
        "We need a ramp",
        "Nobody is free",
    ):
        assert words in second.text
    assert Invitation.objects.get(pk=round_.invitation.pk).remarks == "We need a ramp"
    client_of(ivan).post(ANSWER, sent(1, coming="no", mode="", remarks="Nobody is free"))
    assert Invitation.objects.get(pk=round_.invitation.pk).coming == "no"


def test_what_cannot_be_read_is_marked_and_kept(round_):
    maria, ivan = delegate(round_.sofia, name="Maria"), delegate(round_.sofia, name="Ivan")
    client = client_of(maria)
    two = {colleague(maria): "alternate", colleague(ivan): "alternate"}

    for typed, words in (
        (sent(coming=""), "Say whether you come"),
        (sent(**two), "Name one alternate; you named Maria, Ivan."),
        (sent(**{colleague(ivan): "alternate", "alternate-name": "Zoe"}), "Name one alternate; you named"),
        (sent(**{colleague(ivan): "moon"}), "Select a valid choice"),
    ):
        page = client.post(ANSWER, {**typed, "remarks": "Kept words"})
        assert page.status_code == 422
        assert words in page.text
        assert "Kept words" in page.text
    assert not Invitation.objects.get(pk=round_.invitation.pk).is_answered


@pytest.mark.parametrize(
    ("fields", "status"), [({"answer_by": DAY - dt.timedelta(days=8)}, "announced"), ({}, "held"), ({}, "cancelled")]
)
def test_after_the_deadline_the_answer_is_read_and_not_changed(round_, fields, status):
    client = client_of(delegate(round_.sofia))
    client.post(ANSWER, sent(names=["Zoe"]))
    row = Invitation.objects.get(pk=round_.invitation.pk)
    row.answer_by = fields.get("answer_by")
    row.save()
    round_.meeting.status = status
    round_.meeting.save()

    shown, late = client.get(ANSWER), client.post(ANSWER, sent(1, names=["Other"]))

    assert "Zoe" in shown.text
    assert 'name="coming"' not in shown.text
    assert late.status_code == 403
    assert "It is too late." in late.text
    assert named(Invitation.objects.get(pk=round_.invitation.pk)) == [("Zoe", False)]


def test_who_speaks_for_several_chooses_first(round_):
    maria = delegate(round_.sofia)
    factories.MandateFactory(organisation=round_.iclei, person=maria.person)
    client = client_of(maria)

    page = client.get(ANSWER).text

    assert "For whom do you answer?" in page
    assert f'href="{ANSWER}sofia/"' in page
    assert f'href="{ANSWER}iclei/"' in page
    assert "Answer of ICLEI" in client.get(f"{ANSWER}iclei/").text


def test_others_are_told_as_a_number_without_names(round_):
    split = member("Split", "split")
    round_.invite(split, coming=Coming.YES, answered_at=NOW, answered_by="Ana Secret", edition=1)

    page = client_of(delegate(round_.sofia)).post(ANSWER, sent(), follow=True).text

    assert "1 other organisation has said that it comes." in page
    assert "Split" not in page
    assert "Ana Secret" not in page


def test_colleagues_of_other_organisations_are_offered_to_nobody(round_):
    delegate(round_.iclei, name="Secret Colleague")

    assert "Secret Colleague" not in client_of(delegate(round_.sofia)).get(ANSWER).text


def test_the_answer_s_page_costs_the_same_with_many_colleagues(round_, django_assert_num_queries):
    client = client_of(delegate(round_.sofia))
    client.get(ANSWER)
    with django_assert_num_queries(20):
        client.get(ANSWER)
    for _number in range(6):
        delegate(round_.sofia)
        factories.SessionFactory(meeting=round_.meeting, working_groups=[round_.group])
    with django_assert_num_queries(20):
        client.get(ANSWER)


# --- The meeting's page ----------------------------------------------------------------------------------------------------


def test_the_meeting_s_page_has_a_box_for_those_invited_alone(client, round_):
    round_.tell_how_to_join()
    factories.DocumentFactory(meeting=round_.meeting, title="Draft call", audience="members")
    maria = client_of(delegate(round_.sofia, name="Maria Ivanova"))
    maria.post(ANSWER, sent())

    page = maria.get("/meetings/spring/")

    for words in (
        "coming, in the room",
        "Last answered by Maria Ivanova",
        "Change",
        "/my/meetings/spring/join/",
        "1 paper for you",
    ):
        assert words in page.text
    assert "the network&#x27;s organisations" in page.text
    assert "no-store" in page["Cache-Control"]
    public = client.get("/meetings/spring/").text
    for words in ("own-box", "coming, in the room", "Maria Ivanova", "/join/", "Draft call"):
        assert words not in public


def test_the_address_under_my_leads_to_the_one_page(round_):
    assert client_of(delegate(round_.sofia)).get("/my/meetings/spring/")["Location"] == "/meetings/spring/"


def test_a_visitor_s_page_asks_nothing_more(client, round_, django_assert_num_queries):
    client.get("/meetings/spring/")
    with CaptureQueriesContext(connection) as before:
        client.get("/meetings/spring/")
    for number in range(4):
        round_.invite(member(f"City of {number}", f"city-{number}"))
    with django_assert_num_queries(len(before)):
        client.get("/meetings/spring/")


# --- The first page --------------------------------------------------------------------------------------------------------


def test_home_says_what_waits_the_most_urgent_first(round_):
    invitation = Invitation.objects.get(pk=round_.invitation.pk)
    invitation.answer_by = NOW.date() + dt.timedelta(days=2)
    invitation.save()
    held = factories.MeetingFactory(title="Autumn round", slug="autumn", start_on=dt.date(2031, 2, 1))
    factories.AttendanceFactory(meeting=held, organisation=round_.sofia)
    factories.MinutesFactory(meeting=held, circulated=True, corrections_until=NOW.date() + dt.timedelta(days=5))
    days = {"Late letter": -1, "Coming letter": 10, "Far letter": 60}
    for text, ahead in days.items():
        factories.ActionItemFactory(text=text, owners=[round_.sofia], due_on=NOW.date() + dt.timedelta(days=ahead))
    factories.ActionItemFactory(text="Letter of others", owners=[round_.varna], due_on=NOW.date())

    page = client_of(delegate(round_.sofia)).get("/my/")

    assert [(task.kind, task.title, task.is_late) for task in page.context["tasks"]] == [
        ("To do", "Late letter", True),
        ("Answer", "Spring round", False),
        ("Check the minutes", "Autumn round", False),
        ("To do", "Coming letter", False),
    ]
    for words in ("overdue since 9 March 2031", "until 12 March 2031", "/my/minutes/autumn/", f"{ANSWER}sofia/"):
        assert words in page.text


def test_home_shows_meetings_of_one_s_groups_and_invitations_with_the_answer(round_):
    other = factories.MeetingFactory(title="Round of others", status="announced", start_on=DAY)
    factories.SessionFactory(meeting=other, working_groups=[factories.WorkingGroupFactory()])
    by_group = factories.MeetingFactory(title="Of the group", status="announced", start_on=DAY)
    factories.SessionFactory(meeting=by_group, working_groups=[round_.group])
    factories.NewsItemFactory(title="Of Sofia", organisations=[round_.sofia], published_on=NOW.date())
    factories.NewsItemFactory(title="Of Varna", organisations=[round_.varna], published_on=NOW.date())
    client = client_of(delegate(round_.sofia))

    page = client.get("/my/").text
    assert "not answered yet" in page
    client.post(ANSWER, sent())
    page = client.get("/my/").text

    assert "coming, in the room" in page
    for words, is_there in {
        "Of the group": True,
        "not invited": True,
        "Round of others": False,
        "Of Sofia": True,
        "Of Varna": False,
    }.items():
        assert (words in page) == is_there


def test_the_way_in_is_offered_on_the_day_before_to_those_invited(round_, a_week_before):
    users = {"sofia": delegate(round_.sofia), "varna": delegate(round_.varna)}
    assert "/join/" not in client_of(users["sofia"]).get("/my/").text

    a_week_before.move_to(NOW + dt.timedelta(days=6), tick=False)

    assert {name: "/join/" in client_of(user).get("/my/").text for name, user in users.items()} == {
        "sofia": True,
        "varna": False,
    }


def test_home_of_somebody_for_whom_nothing_is_there_says_what_will_come(round_):
    page = client_of(delegate(member("Split", "split"))).get("/my/").text

    for words in (
        "Nothing waits for you.",
        "No meeting of yours is announced.",
        "News that speak of your organisation",
        "names no working group",
    ):
        assert words in page


def test_home_costs_the_same_with_much(round_, django_assert_num_queries):
    user = delegate(round_.sofia)
    factories.NewsItemFactory(organisations=[round_.sofia], published_on=NOW.date())
    factories.ActionItemFactory(owners=[round_.sofia], due_on=NOW.date())
    client = client_of(user)
    client.get("/my/")
    with django_assert_num_queries(18):
        client.get("/my/")
    for number in range(4):
        more = factories.MeetingFactory(status="announced", start_on=DAY)
        factories.SessionFactory(meeting=more, working_groups=[round_.group, factories.WorkingGroupFactory()])
        factories.InvitationFactory(meeting=more, organisation=round_.sofia)
        factories.ActionItemFactory(owners=[round_.sofia, round_.varna], due_on=NOW.date())
        factories.NewsItemFactory(organisations=[round_.sofia], published_on=NOW.date() - dt.timedelta(days=number))
        held = factories.MeetingFactory(start_on=dt.date(2031, 1, 1 + number))
        factories.InvitationFactory(meeting=held, organisation=round_.sofia)
        factories.MinutesFactory(meeting=held, circulated=True)
    with django_assert_num_queries(18):
        client.get("/my/")


# --- Minutes ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def minutes(round_):
    """Circulated notes of a round that was held, to be corrected within a week."""
    round_.meeting.status, round_.meeting.start_on = "held", DAY - dt.timedelta(days=30)
    round_.morning.delete()
    round_.afternoon.starts_at = round_.afternoon.ends_at = None
    round_.afternoon.save()
    round_.meeting.save()
    item = factories.AgendaItemFactory(session=round_.afternoon, title="Heat in cities")
    factories.NoteRevisionFactory(item=item, text="Secret note on heat")
    return factories.MinutesFactory(
        meeting=round_.meeting, circulated=True, corrections_until=NOW.date() + dt.timedelta(days=7)
    )


MINUTES = "/my/minutes/spring/"


def test_circulated_minutes_are_read_by_those_invited_or_there(round_, minutes):
    there = member("Zadar", "zadar")
    Attendance.objects.create(meeting=round_.meeting, organisation=there, channel=Channel.PUBLISHED)
    people = {**round_.people(), "there": delegate(there)}

    pages = {name: client_of(user).get(MINUTES) for name, user in people.items()}

    readers = {name for name, page in pages.items() if "Secret note on heat" in page.content.decode()}
    assert readers == {"delegate", "lead", "alternate", "observer", "there"}
    assert {pages[name].status_code for name in ("of another city",)} == {404}
    assert not any("Secret note" in client_of(user).get("/meetings/spring/").text for user in people.values())


def test_a_correction_is_handed_in_once_and_seen_by_colleagues(round_, minutes):
    maria = delegate(round_.sofia, name="Maria Ivanova")
    typed = {"item": minutes.meeting.sessions.get().items.get().pk, "text": "We said 2032."}

    for _time in range(2):
        answer = client_of(maria).post(MINUTES, typed, follow=True)
        assert "Your correction is handed in." in answer.text

    correction = minutes.corrections.get()
    assert (correction.organisation, correction.item.title, correction.recorded_by) == (
        round_.sofia,
        "Heat in cities",
        None,
    )
    assert {change.actor for change in Change.objects.filter(model="meetings.correction")} == {maria.username}
    assert "We said 2032." in client_of(delegate(round_.sofia)).get(MINUTES).text
    assert "We said 2032." not in client_of(delegate(round_.iclei)).get(MINUTES).text


def test_without_words_or_after_the_day_nothing_is_handed_in(round_, minutes, a_week_before):
    maria = delegate(round_.sofia)
    empty = client_of(maria).post(MINUTES, {"text": " "})
    assert empty.status_code == 422
    assert "Write what is to be put differently." in empty.text

    a_week_before.shift(dt.timedelta(days=8))
    client = client_of(maria)
    assert "The time for corrections is over" in client.get(MINUTES).text
    late = client.post(MINUTES, {"text": "We said 2032."})
    assert late.status_code == 422
    assert not minutes.corrections.exists()
    assert [task.kind for task in client.get("/my/").context["tasks"]] == []


def test_closed_minutes_take_no_corrections(round_, minutes):
    round_.meeting.status = "closed"
    round_.meeting.save()
    client = client_of(delegate(round_.sofia))

    assert "The time for corrections is over" in client.get(MINUTES).text
    assert client.post(MINUTES, {"text": "We said 2032."}).status_code == 422
    assert client.get("/my/").context["tasks"] == []


def test_approved_minutes_are_read_by_those_for_whom_they_are(round_, minutes):
    minutes.approved_on, minutes.approved_by = NOW.date(), minutes.circulated_by
    minutes.save()
    people = {name: user for name, user in round_.people().items() if user}

    pages = {name: client_of(user).get(MINUTES) for name, user in people.items()}

    readers = {name for name, page in pages.items() if "Secret note on heat" in page.content.decode()}
    assert readers == {"delegate", "lead", "alternate", "observer", "of another city", "of a group of their own"}
    late = client_of(people["delegate"]).post(MINUTES, {"text": "We said 2032."})
    assert late.status_code == 422
    assert not minutes.corrections.exists()
