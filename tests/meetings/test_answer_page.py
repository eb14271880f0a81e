"""The page behind the link in an invitation: who gets in, what it takes, what it never tells."""

import datetime as dt
import threading

import pytest
import time_machine
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetings.inviting.answering import Answer, Named, answer_by_link, enter_answer, stored_answer
from meetings.inviting.links import key_in, renew, revoke, token_of
from meetings.models import Attendance, Invitation, Invitee, Voter
from members.models import Change
from tests import factories
from tests.meetings.inviting_cast import answer_url, at, contact, invite, invitee, planned, secretary

pytestmark = pytest.mark.django_db

FREE = {"delegates-TOTAL_FORMS": "3", "delegates-INITIAL_FORMS": "0"}


def sent(edition=0, *, names=(), alternate="", **fields):
    """What a browser sends from the form."""
    lines = {f"delegates-{number}-name": name for number, name in enumerate(names)}
    return {**FREE, "edition": edition, "coming": "yes", "alternate-name": alternate, **lines, **fields}


@pytest.fixture
def meeting():
    return planned()


@pytest.fixture
def maria(meeting):
    mandate = contact()
    invite(meeting, mandate)
    return mandate


# --- The link ----------------------------------------------------------------------------------------------------------


def test_page_of_a_draft_opens_by_the_link_alone(client, meeting, maria):
    page = client.get(answer_url(maria))

    assert page.status_code == 200
    for words in (
        "Spring round",
        "Invitation to Sofia",
        "Monday, 17 March, 10:00–11:30",
        "09:00–10:30",
        "Nobody has answered yet.",
    ):
        assert words in page.content.decode()
    assert client.get(meeting.get_absolute_url()).status_code == 404


def test_page_is_kept_by_nobody_and_tells_nobody_its_address(client, maria):
    for page in (client.get(answer_url(maria)), client.post(answer_url(maria), {}), client.get("/answer/none/")):
        assert page["Referrer-Policy"] == "no-referrer"
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert {"no-store", "private"} <= set(page["Cache-Control"].split(", "))
        assert not page.cookies


def test_the_log_keeps_no_address(client, maria, caplog):
    client.post(answer_url(maria), {})
    client.get(f"{answer_url(maria)[:-1]}x/")

    assert "/answer/" not in caplog.text


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 200), letter=st.characters(codec="ascii", categories=["L", "N", "P"]))
def test_a_token_altered_in_any_character_is_refused(place, letter):
    token = token_of(Invitee(key="0123456789abcdef0123456789abcdef"))
    place %= len(token)
    altered = token[:place] + letter + token[place + 1 :]

    assert (key_in(Invitee, altered) is None) == (altered != token)


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: t + "A", lambda t: t.upper(), lambda t: t.split(".")[0], lambda t: ""]
)
def test_a_token_cut_or_longer_is_refused_without_a_query(change, django_assert_num_queries):
    token = change(token_of(Invitee()))

    with django_assert_num_queries(0):
        assert key_in(Invitee, token) is None


def test_the_key_of_a_row_or_its_number_is_no_link(client, maria):
    found = invitee(maria)

    for guess in (found.key, str(found.pk), f"{found.pk}.{token_of(found).split('.')[1]}"):
        assert client.get(f"/answer/{guess}/").status_code == 404


def test_a_link_of_one_kind_opens_no_page_of_another(client, maria):
    assert key_in(Voter, token_of(invitee(maria))) is None
    assert client.get(f"/poll/{token_of(invitee(maria))}/").status_code == 404


def test_a_link_taken_back_or_replaced_leads_nowhere(client, maria):
    first = answer_url(maria)
    revoke(invitee(maria), by=secretary())
    gone = client.get(first)
    assert gone.status_code == 404
    assert "mailto:secretariat@b40network.org" in gone.content.decode()
    assert client.post(first, sent()).status_code == 404

    renew(invitee(maria))

    assert client.get(first).status_code == 404
    assert client.get(answer_url(maria)).status_code == 200


# --- Answering ---------------------------------------------------------------------------------------------------------


def test_looking_changes_nothing(client, maria):
    before = Change.objects.version()

    client.get(answer_url(maria))
    client.head(answer_url(maria))

    assert Change.objects.version() == before
    assert not Invitation.objects.get().is_answered


def test_answer_is_stored_with_who_and_when_and_is_no_attendance(client, maria):
    response = client.post(answer_url(maria), sent(names=["Eleni", "", "Ivan"], alternate="Ana", remarks="By train"))

    assert response["Location"] == f"{answer_url(maria)}?noted"
    invitation = Invitation.objects.get()
    assert stored_answer(invitation) == Answer(
        "yes", "", "By train", {}, (Named("Eleni"), Named("Ivan"), Named("Ana", is_alternate=True))
    )
    assert (invitation.answered_by, invitation.entered_by, invitation.edition) == ("Maria", None, 1)
    changed = Change.objects.filter(record__startswith="meetings.invitation:", action="changed")
    assert set(changed.values_list("actor", "reason")) == {("Maria", "by personal link")}
    assert Attendance.objects.count() == 0
    assert "Your answer is noted" in client.get(response["Location"]).content.decode()


def test_answer_about_sessions_and_the_room(client):
    meeting = planned(mode="hybrid", place="Sofia")
    second = factories.SessionFactory(meeting=meeting, title="Closing", starts_at=at(14), ends_at=at(15))
    maria = contact()
    invite(meeting, maria)

    client.post(answer_url(maria), sent(mode="online", **{f"session-{second.pk}": "no"}))

    assert stored_answer(Invitation.objects.get()) == Answer("yes", "online", "", {second.pk: "no"})


def test_what_is_missing_is_said_and_what_was_typed_stays(client, maria):
    typed = {**sent(names=[""]), "coming": "", "delegates-0-function": "Mayor", "remarks": "See you"}

    response = client.post(answer_url(maria), typed)

    assert response.status_code == 422
    page = response.content.decode()
    for words in ("Say whether you come", "Give the name as well.", 'value="Mayor"', "See you"):
        assert words in page
    assert not Invitation.objects.get().is_answered


def test_who_does_not_come_comes_to_no_session(client):
    meeting = planned()
    second = factories.SessionFactory(meeting=meeting, title="Closing")
    maria = contact()
    invite(meeting, maria)

    response = client.post(answer_url(maria), sent(coming="no", **{f"session-{second.pk}": "yes"}))

    assert response.status_code == 422


def test_colleagues_share_one_answer_and_the_second_word_is_asked_again(client, meeting, maria):
    ivan = contact(name="Ivan", email="ivan@sofia.example.org")
    invite(meeting, ivan)
    client.post(answer_url(maria), sent(names=["Eleni"], remarks="By train"))

    late = client.post(answer_url(ivan), sent(coming="no", names=["Boris"], remarks="Budget"))

    assert late.status_code == 409
    page = late.content.decode()
    for words in (
        "A colleague answered meanwhile",
        "Last answered by Maria",
        "Eleni",
        "By train",
        'value="Boris"',
        "Budget",
    ):
        assert words in page
    assert stored_answer(Invitation.objects.get()).remarks == "By train"

    again = client.post(
        answer_url(ivan), sent(edition=late.context["forms"].form["edition"].value(), coming="no", names=["Boris"])
    )

    assert again.status_code == 302
    assert stored_answer(Invitation.objects.get()) == Answer("no", delegates=(Named("Boris"),))
    assert "Last answered by Ivan" in client.get(answer_url(maria)).content.decode()


def test_sending_twice_is_no_quarrel(client, maria):
    statuses = [client.post(answer_url(maria), sent(names=["Eleni"])).status_code for _each in range(2)]

    assert statuses == [302, 302]
    assert Invitation.objects.get().edition == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_who_answer_at_once_lose_nothing():
    meeting, maria, ivan = planned(), contact(), contact(name="Ivan", email="ivan@sofia.example.org")
    invite(meeting, maria, ivan)
    start, statuses = threading.Barrier(2), []

    def answer(mandate, remark):
        try:
            url = answer_url(mandate)
            start.wait(timeout=10)
            statuses.append(Client().post(url, sent(remarks=remark)).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=pair) for pair in ((maria, "one"), (ivan, "two"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(statuses) == [302, 409]
    assert Invitation.objects.get().edition == 1


@pytest.mark.parametrize("edition", ["", "-1", "x", "99999999999999999999"])
def test_an_edition_that_is_none_is_refused(client, maria, edition):
    assert client.post(answer_url(maria), sent(edition=edition)).status_code == 422


def test_too_many_names_are_refused(client, maria):
    many = {f"delegates-{number}-name": "X" for number in range(60)}

    response = client.post(answer_url(maria), {**sent(), "delegates-TOTAL_FORMS": "60", **many})

    assert response.status_code == 422


# --- The last day ------------------------------------------------------------------------------------------------------


def test_after_the_last_day_it_is_read_only_on_the_meeting_s_clocks(client, meeting):
    maria = contact()
    invite(meeting, maria, answer_by=dt.date(2031, 3, 1))
    client.post(answer_url(maria), sent(names=["Eleni"]))

    with time_machine.travel(at(23, 59, dt.date(2031, 3, 1)), tick=False):
        assert client.post(answer_url(maria), sent(1, names=["Eleni", "Boris"])).status_code == 302
    with time_machine.travel(at(0, 1, dt.date(2031, 3, 2)), tick=False):
        late = client.post(answer_url(maria), sent(2, names=["Ana"]))
        page = client.get(answer_url(maria)).content.decode()

    assert late.status_code == 403
    assert [one.name for one in stored_answer(Invitation.objects.get()).delegates] == ["Eleni", "Boris"]
    assert "<form method" not in page
    assert "Boris" in page
    assert "mailto:secretariat@b40network.org" in page


def test_staff_note_an_answer_after_the_last_day(meeting, maria):
    with time_machine.travel(at(9, day=dt.date(2031, 3, 18)), tick=False):
        enter_answer(Invitation.objects.get(), Answer("no"), edition=0, told_by="Ms Petrova", by=secretary())

    invitation = Invitation.objects.get()
    assert (invitation.coming, invitation.answered_by, invitation.entered_by) == ("no", "Ms Petrova", secretary())


@pytest.mark.parametrize("status", ["held", "cancelled"])
def test_what_does_not_come_is_not_answered(client, meeting, maria, status):
    meeting.status = status
    meeting.save()

    assert client.post(answer_url(maria), sent()).status_code == 403
    assert ("Cancelled." in client.get(answer_url(maria)).content.decode()) == (status == "cancelled")


# --- Leaks -------------------------------------------------------------------------------------------------------------


def test_one_organisation_never_sees_another_s(client, meeting, maria):
    eleni = contact("Athens", "Eleni", "eleni@athens.example.org", "GR")
    invite(meeting, eleni)
    named = Answer(
        "yes", remarks="Secret remark", delegates=(Named("Kostas Hidden", "Mayor", "kostas@athens.example.org"),)
    )
    answer_by_link(invitee(eleni), named, edition=0)

    page = client.get(answer_url(maria)).content.decode()

    for words in (
        "Kostas",
        "kostas@",
        "Secret remark",
        "Eleni",
        "eleni@",
        "Athens",
        token_of(invitee(eleni)).split(".")[0],
    ):
        assert words not in page


def test_no_public_page_names_anybody(client, meeting, maria):
    meeting.status = "announced"
    meeting.save()
    answer_by_link(
        invitee(maria), Answer("yes", remarks="Secret remark", delegates=(Named("Kostas Hidden"),)), edition=0
    )
    addresses = ["/", "/meetings/", "/meetings/spring-round/", "/meetings/spring-round.ics", "/meetings/calendar.ics", "/feed.atom",
                 "/search/?q=Kostas", "/search/?q=Maria", "/sitemap-meetings.xml", f"/cities/{maria.organisation.slug}/"]  # fmt: skip

    for address in addresses:
        page = client.get(address)
        assert page.status_code == 200
        text = page.content.decode().replace("q=Kostas", "").replace('value="Kostas"', "").replace("“Kostas”", "")
        for words in ("Hidden", "Secret remark", "maria@sofia", "/answer/", invitee(maria).key):
            assert words not in text


@pytest.mark.parametrize("number", [1, 80])
def test_page_costs_the_same_with_eighty_invited(client, meeting, maria, number, django_assert_num_queries):
    for each in range(number):
        factories.InviteeFactory(invitation=factories.InvitationFactory(meeting=meeting))
        factories.AnnouncedDelegateFactory(
            invitation=Invitation.objects.get(organisation=maria.organisation), order=each % 30
        )
    client.get(answer_url(maria))

    with django_assert_num_queries(11):
        client.get(answer_url(maria))
