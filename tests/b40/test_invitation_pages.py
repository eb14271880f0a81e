"""The secretariat's pages of invitations and date polls: who may come in, what they show and do, what they cost."""

import csv
import datetime as dt
import io

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from b40.merging import merge
from meetings.actions import reschedule
from meetings.inviting.answering import Answer, Named, answer_by_link
from meetings.models import (
    AnnouncedDelegate,
    Ballot,
    DatePoll,
    Invitation,
    Invitee,
    Letter,
    Mailing,
    Meeting,
    PollOption,
    Preference,
    SessionAnswer,
    Voter,
)
from meetings.polling.asking import add_option, save_poll
from members.models import User
from tests import factories
from tests.b40.admin_rows import address, client_of, secretariat_user
from tests.meetings.inviting_cast import answer_url, contact, invite, invitee, planned, poll_url, release
from tests.meetings.test_polling import APRIL, ask, offer

pytestmark = pytest.mark.django_db

APRIL_NINE, APRIL_TEN = dt.time(9), dt.time(10)
READ = ["invitations", "invitations_choose", "poll"]
SEND = ["invitations_preview", "invitations_deadline", "poll_settings"]


def page_of(meeting, name, *args):
    return reverse(f"admin:meetings_meeting_{name}", args=[meeting.pk, *args])


@pytest.fixture
def staff():
    return client_of(secretariat_user())


@pytest.fixture
def meeting():
    return planned()


@pytest.fixture
def maria():
    return contact()


# --- Who may come in ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", READ + SEND)
def test_anonymous_is_sent_to_the_login(client, meeting, name):
    assert client.get(page_of(meeting, name))["Location"].startswith("/account/login/")
    assert client.post(page_of(meeting, name))["Location"].startswith("/account/login/")


@pytest.mark.parametrize("name", READ + SEND)
def test_staff_without_rights_is_refused(meeting, name):
    newcomer = client_of(User.objects.create_user("newcomer", password="a-long-password", is_staff=True))

    assert newcomer.get(page_of(meeting, name)).status_code in (403, 405)
    assert newcomer.post(page_of(meeting, name)).status_code in (403, 405)


@pytest.fixture
def reader():
    user = User.objects.create_user("reader", password="a-long-password", is_staff=True)
    seen = ["view_meeting", "view_invitation", "view_announceddelegate", "view_datepoll", "view_ballot"]
    user.user_permissions.set(Permission.objects.filter(codename__in=seen))
    return client_of(user)


def test_a_reader_sees_answers_and_no_link_and_changes_nothing(reader, meeting, maria):
    invite(meeting, maria)
    invitation = Invitation.objects.get()

    pages = [reader.get(page_of(meeting, name)) for name in ("invitations", "poll")]
    pages.append(reader.get(page_of(meeting, "invitations_answer", invitation.pk)))

    for page in pages:
        assert page.status_code == 200
        assert 'method="post" action="/admin/meetings' not in page.content.decode()
        assert "/answer/" not in page.content.decode()
    for name, args in [("invitations_deadline", []), ("invitations_answer", [invitation.pk]), ("invitations_preview", []),
                       ("invitations_link", [invitee(maria).pk]), ("poll_settings", []), ("invitations_letters", ["reminders"])]:  # fmt: skip
        assert reader.post(page_of(meeting, name, *args)).status_code == 403


@pytest.mark.parametrize("name", ["invitations", "invitations_choose", "poll"])
def test_no_such_meeting(staff, name):
    assert staff.get(reverse(f"admin:meetings_meeting_{name}", args=[999999])).status_code == 404


@pytest.mark.parametrize(
    "make", [factories.InvitationFactory, factories.InviteeFactory, factories.SessionAnswerFactory, factories.AnnouncedDelegateFactory,
             factories.DatePollFactory, factories.PollOptionFactory, factories.BallotFactory, factories.VoterFactory, factories.PreferenceFactory]
)  # fmt: skip
def test_lists_open_without_keys_and_cost_the_same(staff, make, django_assert_num_queries):
    model = make._meta.model
    first = make()
    page = staff.get(address(model, "change", first.pk))
    assert page.status_code == 200
    for secret in [link.key for kind in (Invitee, Voter) for link in kind.objects.all()]:
        assert secret not in page.content.decode()
    staff.get(address(model, "changelist"))
    with CaptureQueriesContext(connection) as one:
        staff.get(address(model, "changelist"))
    make()
    make()
    with django_assert_num_queries(len(one)):
        assert staff.get(address(model, "changelist")).context["cl"].result_count == 3


# --- The journey -------------------------------------------------------------------------------------------------------


def test_staff_choose_look_and_prepare_and_nothing_is_sent(staff, meeting, maria, mailoutbox):
    eleni = contact("Athens", "Eleni", "eleni@athens.example.org", "GR")
    contact("Tirana", "Ana", "")
    chosen = staff.get(page_of(meeting, "invitations_choose"))
    assert [one.organisation.name for one in chosen.context["candidates"]] == ["Athens", "Sofia", "Tirana"]
    assert [one.organisation.name for one in chosen.context["unreachable"]] == ["Tirana"]
    assert "give the mail address of Ana" in chosen.content.decode()
    typed = {"mandate": [maria.pk, eleni.pk], "answer_by": "2031-03-01"}

    seen = staff.post(page_of(meeting, "invitations_preview"), typed)
    assert (len(seen.context["drafts"]), Mailing.objects.count(), Invitation.objects.count()) == (2, 0, 0)
    done = staff.post(
        page_of(meeting, "invitations_preview"), {**typed, "_shown": seen.context["shown"], "_prepare": "yes"}
    )

    mailing = Mailing.objects.get()
    assert done["Location"] == address(Mailing, "change", mailing.pk)
    assert (mailing.released_at, mailing.letters.count(), mailing.prepared_by.username) == (None, 2, "elif")
    assert mailoutbox == []
    assert set(Invitation.objects.values_list("answer_by", flat=True)) == {APRIL.replace(month=3, day=1)}
    again = staff.get(page_of(meeting, "invitations_choose"))
    assert again.content.decode().count("written to already") == 2


def test_letters_that_changed_since_they_were_seen_are_shown_again(staff, meeting, maria):
    typed = {"mandate": [maria.pk]}
    seen = staff.post(page_of(meeting, "invitations_preview"), typed)
    session = meeting.sessions.get()
    session.room = "Hall"
    session.ends_at = None
    session.save()

    response = staff.post(
        page_of(meeting, "invitations_preview"), {**typed, "_shown": seen.context["shown"], "_prepare": "yes"}
    )

    assert response.status_code == 409
    assert Mailing.objects.count() == 0


def test_single_organisations_are_found_in_any_spelling(staff, meeting, maria):
    factories.OrganisationNameFactory(organisation=maria.organisation, text="София")

    page = staff.get(page_of(meeting, "invitations_choose"), {"chosen": "yes", "q": "София"})
    assert [one.name for one in page.context["found"]] == ["Sofia"]
    page = staff.get(page_of(meeting, "invitations_choose"), {"chosen": "yes", "one": maria.organisation.pk})

    assert [one.organisation.name for one in page.context["candidates"]] == ["Sofia"]


@pytest.mark.parametrize("query", ["set=none", "one=x&one=²&one=99999999999999999999", "one=0&q=%00"])
def test_nonsense_in_the_address_chooses_nobody(staff, meeting, maria, query):
    assert staff.get(f"{page_of(meeting, 'invitations_choose')}?{query}").context["candidates"] == []


def test_overview_counts_reminds_and_tells_who_does_not_know(staff, meeting, maria):
    eleni = contact("Athens", "Eleni", "eleni@athens.example.org", "GR")
    release(invite(meeting, maria, eleni))
    answer_by_link(invitee(maria), Answer("yes", delegates=(Named("Boris"), Named("Vera"))), edition=0)

    overview = staff.get(page_of(meeting, "invitations"))
    assert overview.context["overview"].counts == {"yes": 1, "no": 0, "open": 0, "unanswered": 1}
    assert "Remind the 1 who has not answered" in overview.content.decode()
    assert [
        row.invitation.organisation.name
        for row in staff.get(page_of(meeting, "invitations") + "?show=yes").context["rows"]
    ] == ["Sofia"]
    seen = staff.get(page_of(meeting, "invitations_letters", "reminders"))
    staff.post(
        page_of(meeting, "invitations_letters", "reminders"), {"_shown": seen.context["shown"], "_prepare": "yes"}
    )
    assert list(Letter.objects.filter(mailing__kind="reminder").values_list("address", flat=True)) == [
        "eleni@athens.example.org"
    ]

    session = meeting.sessions.get()
    session.starts_at = session.starts_at.replace(hour=6)
    session.save()
    reschedule(meeting)

    for page in (page_of(meeting, "invitations"), address(Meeting, "workspace", meeting.pk)):
        shown = staff.get(page).content.decode()
        assert "2 people invited do not know yet" in shown
        assert page_of(meeting, "invitations_letters", "change") in shown


def test_an_answer_by_telephone_is_noted_with_who_told_it(staff, meeting, maria):
    invite(meeting, maria)
    page = page_of(meeting, "invitations_answer", Invitation.objects.get().pk)
    form = {
        "edition": 0,
        "coming": "no",
        "delegates-TOTAL_FORMS": 0,
        "delegates-INITIAL_FORMS": 0,
        "told_by": "Ms Petrova",
    }

    assert staff.post(page, form).status_code == 302
    assert staff.post(page, {**form, "coming": "yes"}).status_code == 409

    invitation = Invitation.objects.get()
    assert (invitation.coming, invitation.answered_by, invitation.entered_by.username) == ("no", "Ms Petrova", "elif")
    assert "as told by Ms Petrova" in staff.get(answer_url(maria)).content.decode()
    history = staff.get(address(Invitation, "history", invitation.pk)).content.decode()
    assert "told by Ms Petrova" in history
    assert "restore-link" not in history


def test_staff_take_a_link_back_and_make_it_anew(staff, meeting, maria):
    invite(meeting, maria)
    first, page = answer_url(maria), page_of(meeting, "invitations_link", invitee(maria).pk)

    staff.post(page, {"revoke": "yes"})
    assert staff.get(first).status_code == 404
    assert (
        "taken back on"
        in staff.get(page_of(meeting, "invitations_answer", Invitation.objects.get().pk)).content.decode()
    )
    staff.post(page, {"renew": "yes"})

    assert staff.get(answer_url(maria)).status_code == 200
    assert answer_url(maria) != first
    assert staff.post(page_of(planned(slug="other"), "invitations_link", invitee(maria).pk)).status_code == 404


def test_answers_go_out_as_tables_without_anything_to_run(staff, meeting, maria):
    invite(meeting, maria)
    answer_by_link(
        invitee(maria), Answer("yes", remarks="=cmd()", delegates=(Named("Борис", "Mayor", "b@x.org"),)), edition=0
    )

    body = staff.get(page_of(meeting, "invitations_export", "csv")).content
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(staff.get(page_of(meeting, "invitations_export", "xlsx")).content)).active

    assert rows[1][:3] == ["Sofia", "coming", ""]
    assert rows[1][4] == "Борис (Mayor) <b@x.org>"
    assert rows[1][6] == "'=cmd()"
    assert [cell.value or "" for cell in sheet[2]] == rows[1]
    assert staff.get(page_of(meeting, "invitations_export", "exe")).status_code == 404


@pytest.mark.parametrize("number", [1, 80])
def test_pages_cost_the_same_with_eighty_organisations(staff, meeting, number, django_assert_num_queries):
    poll = save_poll(meeting, question="", zone="Europe/Istanbul", closes_on=None, by=factories.UserFactory())
    options = [
        add_option(poll, day=APRIL.replace(day=day), starts=APRIL_NINE, ends=APRIL_TEN, by=factories.UserFactory())
        for day in (8, 9)
    ]
    for each in range(number):
        organisation = factories.MembershipChangeFactory().organisation
        factories.MandateFactory(organisation=organisation, email=f"m{each}@example.org")
        invitation = factories.InvitationFactory(meeting=meeting, organisation=organisation, answered=True)
        factories.InviteeFactory(invitation=invitation, letter=factories.LetterFactory())
        factories.AnnouncedDelegateFactory(invitation=invitation)
        factories.SessionAnswerFactory(invitation=invitation, session=meeting.sessions.get())
        ballot = factories.BallotFactory(poll=poll, organisation=organisation)
        factories.VoterFactory(ballot=ballot)
        factories.PreferenceFactory(ballot=ballot, option=options[0])
    staff.get(page_of(meeting, "invitations"))

    for name, queries in {"invitations": 12, "invitations_choose": 14, "poll": 11}.items():
        with django_assert_num_queries(queries):
            assert staff.get(page_of(meeting, name)).status_code == 200


# --- The poll ----------------------------------------------------------------------------------------------------------


def test_staff_begin_a_poll_offer_times_ask_and_take_the_winner(staff, meeting, maria):
    staff.post(page_of(meeting, "poll_settings"), {"timezone": "Europe/Istanbul", "question": "When?", "closes_on": ""})
    for day in ("2031-04-09", "2031-05-05"):
        staff.post(page_of(meeting, "poll_add"), {"day": day, "starts": "14:00", "ends": "17:00"})
    assert (
        staff.post(page_of(meeting, "poll_add"), {"day": "2031-05-05", "starts": "14:00", "ends": "17:00"}).status_code
        == 422
    )
    seen = staff.post(page_of(meeting, "poll_preview"), {"mandate": maria.pk})
    staff.post(
        page_of(meeting, "poll_preview"), {"mandate": maria.pk, "_shown": seen.context["shown"], "_prepare": "yes"}
    )
    first, second = PollOption.objects.all()
    staff.post(poll_url(maria), {"edition": 0, f"option-{second.pk}": "yes", f"option-{first.pk}": "no"})

    page = staff.get(page_of(meeting, "poll"))
    assert [(column.counts["yes"], column.is_best) for column in page.context["grid"].columns] == [
        (0, False),
        (1, True),
    ]
    for words in ("suits best", "Answers: 1 of 1", "Sofia"):
        assert words in page.content.decode()
    staff.post(page_of(meeting, "poll_take", second.pk))

    meeting.refresh_from_db()
    assert str(meeting.start_on) == "2031-05-05"
    assert "This time was chosen:" in staff.get(poll_url(maria)).content.decode()


def test_a_word_by_telephone_is_noted(staff, meeting, maria):
    poll = save_poll(meeting, question="", zone="Europe/Istanbul", closes_on=None, by=factories.UserFactory())
    option = offer(poll)
    ask(poll, maria)
    page = page_of(meeting, "poll_answer", Ballot.objects.get().pk)

    assert staff.get(page).status_code == 200
    staff.post(page, {"edition": 0, f"option-{option.pk}": "maybe", "told_by": "Ms Petrova"})

    assert Preference.objects.get().suits == "maybe"
    assert Ballot.objects.get().entered_by.username == "elif"


def test_holidays_and_hours_stand_beside_each_time(staff, meeting, maria):
    poll = save_poll(meeting, question="", zone="Europe/Istanbul", closes_on=None, by=factories.UserFactory())
    add_option(poll, day=APRIL.replace(month=3, day=3), starts=APRIL_NINE, ends=APRIL_TEN, by=factories.UserFactory())

    page = staff.get(page_of(meeting, "poll")).content.decode()

    assert "Liberation Day" in page
    assert "08:00–09:00" in page


def test_a_poll_that_is_no_draft_s_is_refused_in_words(staff, meeting):
    meeting.status = "announced"
    meeting.save()

    response = staff.post(page_of(meeting, "poll_settings"), {"timezone": "Europe/Istanbul"})

    assert response.status_code == 422
    assert "no draft any more" in response.content.decode()
    assert DatePoll.objects.count() == 0


# --- Two records of one organisation -----------------------------------------------------------------------------------


def test_when_both_were_invited_links_and_names_come_along(staff, meeting, maria):
    other = contact("Sofija", "Ivan", "ivan@sofia.example.org")
    same = contact("Sofija", "Maria", "maria@sofia.example.org")
    invite(meeting, maria, other)
    link = answer_url(other)
    factories.InviteeFactory(invitation=invitee(other).invitation, address=same.email)
    factories.AnnouncedDelegateFactory(invitation=invitee(other).invitation, name="Boris")

    merge(maria.organisation, other.organisation, by=factories.UserFactory())

    invitation = Invitation.objects.get()
    assert invitation.organisation == maria.organisation
    assert sorted(one.address for one in invitation.invitees.all()) == [
        "ivan@sofia.example.org",
        "maria@sofia.example.org",
    ]
    assert [one.name for one in invitation.delegates.all()] == ["Boris"]
    assert staff.get(link).status_code == 200


# --- Rules of the database ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Invitation(coming="perhaps"), "one of coming"),
        (lambda: Invitation(mode="moon"), "in the room or online"),
        (lambda: Invitation(coming="yes"), "says when it was given"),
        (lambda: Invitation(answered_by="Maria"), "when it was given and by whom"),
        (lambda: SessionAnswer(coming="perhaps"), "one of coming"),
        (lambda: AnnouncedDelegate(name=""), "delegate's name"),
        (lambda: Preference(suits="perhaps"), "yes, if need be, or no"),
        (lambda: Invitee(revoked_by=factories.UserFactory()), "when and by whom"),
        (lambda: Ballot(answered_by="Maria"), "when it was given and by whom"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused_with_a_sentence(make, message):
    with pytest.raises(ValidationError, match=message):
        make().validate_constraints()


def test_rows_that_stand_there_already_are_refused_with_a_sentence():
    invitation, person = factories.InvitationFactory(), factories.InviteeFactory(address="maria@x.org")
    twins = [
        (Invitation(meeting=invitation.meeting, organisation=invitation.organisation), "invited already"),
        (Invitee(invitation=person.invitation, address="Maria@X.org"), "has a link already"),
    ]

    for twin, message in twins:
        with pytest.raises(ValidationError, match=message):
            twin.validate_constraints()
