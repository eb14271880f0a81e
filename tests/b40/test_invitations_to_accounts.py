"""Accounts come by invitation alone: made by those who may, opened once, by the person whom it is for."""

import datetime as dt
import re

import pytest
import time_machine
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from django.core.signing import Signer
from django.utils import timezone

from b40.accounts.inviting import invite, renew, take_back, take_up
from b40.accounts.inviting.links import address_of, token_of
from meetings.models import Letter, MailingKind
from members.models import AccountInvitation, Change, Mandate, MandateRole, Person, User, place_of
from tests import factories
from tests.b40.admin_rows import address, secretariat_user
from tests.cast import client_of, delegate

pytestmark = pytest.mark.django_db
SITE = "https://b40.example.org"
GOOD = "four-words-that-fit"


@pytest.fixture
def city():
    return factories.OrganisationFactory(name="Sofia", slug="sofia")


@pytest.fixture
def lead(city):
    return delegate(city, role="lead")


@pytest.fixture
def mandate(city):
    person = factories.PersonFactory(name="Ελένη Παπαδοπούλου")
    return factories.MandateFactory(organisation=city, person=person, email="eleni@example.org", role="technical")


@pytest.fixture
def invitation(mandate, lead):
    return invite(mandate, by=lead, site=SITE)


def page_of(invitation):
    return address_of(invitation, "")


def colleagues(city, step="", mandate=None):
    return f"/my/city/{city.slug}/colleagues/" + (f"{mandate.pk}/{step}/" if mandate else "")


def test_the_letter_leaves_at_once_with_a_link_to_the_site_itself(invitation):
    letter = Letter.objects.select_related("mailing").get()

    assert (letter.address, letter.mailing.kind) == ("eleni@example.org", MailingKind.ACCOUNT)
    assert letter.mailing.released_at is not None
    assert f"{SITE}/account/invitation/{token_of(invitation)}/" in letter.text
    assert address_of(invitation, SITE) in letter.html
    assert "Sofia" in letter.text


def test_whoever_is_invited_makes_an_account_and_is_signed_in(client, invitation, mandate):
    shown = client.get(page_of(invitation)).content.decode()
    sent = {"way": "password", "password1": GOOD, "password2": GOOD}
    response = client.post(page_of(invitation), sent)

    user = User.objects.get(person=mandate.person)
    invitation.refresh_from_db()
    assert "Welcome, Ελένη Παπαδοπούλου" in shown
    assert "technical delegate of Sofia" in shown
    assert response["Location"] == "/account/welcome/"
    assert "Sofia" in client.get("/account/welcome/").content.decode()
    assert user.check_password(GOOD)
    assert user.emailaddress_set.get().verified
    assert (user.is_staff, user.is_superuser) == (False, False)
    assert invitation.used_at is not None
    assert client.get("/my/").status_code == 200
    change = Change.objects.of_record(place_of(AccountInvitation, invitation.pk))[0]
    assert change.actor == user.get_username()


def test_without_a_password_a_code_comes_by_mail_at_each_sign_in(client, invitation, mandate):
    client.post(page_of(invitation), {"way": "code"})
    client.post("/account/logout/")
    client.post("/account/login/code/", {"email": "eleni@example.org"})
    code = re.search(r"^([A-Z0-9-]{6,})$", outbox.outbox[-1].body, re.MULTILINE)[1]
    response = client.post("/account/login/code/confirm/", {"code": code})

    assert not User.objects.get(person=mandate.person).has_usable_password()
    assert response["Location"] == "/my/"
    assert outbox.outbox[-1].subject == "B40: Your code to sign in"
    assert outbox.outbox[-1].reply_to == ["B40 Permanent Secretariat <secretariat@b40network.org>"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"way": "password"}, "Choose a password"),
        ({"way": "password", "password1": GOOD, "password2": "another"}, "The two are not the same"),
        ({"way": "password", "password1": "12345678", "password2": "12345678"}, "too common"),
        ({"way": "password", "password1": "eleni@example.org", "password2": "eleni@example.org"}, "too similar"),
        ({}, "This field is required"),
    ],
)
def test_a_bad_password_is_refused_and_the_link_stays_good(client, invitation, sent, said):
    response = client.post(page_of(invitation), sent)

    assert response.status_code == 422
    assert said in response.content.decode()
    assert client.get(page_of(invitation)).status_code == 200


def test_a_link_opens_once(client, invitation):
    take_up(invitation, password=GOOD)

    assert client.get(page_of(invitation)).status_code == 404
    with pytest.raises(ValidationError, match="does not stand any more"):
        take_up(invitation, password=GOOD)


def spoilt(how, invitation):
    """The address of an invitation's page, after something became of it."""
    if how == "expired":
        AccountInvitation.objects.filter(pk=invitation.pk).update(
            invited_at=timezone.now() - dt.timedelta(days=15), expires_at=timezone.now() - dt.timedelta(days=1)
        )
    if how == "taken back":
        take_back(invitation)
    if how == "mandate ended":
        Mandate.objects.filter(pk=invitation.mandate_id).update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    tokens = {
        "tampered": token_of(invitation)[:-1] + "!",
        "key alone": invitation.key,
        "other salt": Signer(salt="meetings.inviting.answer", sep=".").sign(invitation.key),
        "never made": Signer(salt="b40.accounts.invitation", sep=".").sign("0" * 32),
    }
    return f"/account/invitation/{tokens[how]}/" if how in tokens else page_of(invitation)


@pytest.mark.parametrize(
    "how", ["expired", "taken back", "mandate ended", "tampered", "key alone", "other salt", "never made"]
)
def test_every_link_that_is_none_gets_one_and_the_same_page(client, invitation, how):
    page = spoilt(how, invitation)
    unknown = client.get("/account/invitation/none/")

    answers = [client.get(page), client.post(page, {"way": "code"})]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert {answer.content for answer in answers} == {unknown.content}
    assert "Παπαδοπούλου" not in unknown.content.decode()
    assert "ask your lead delegate for a new one" in unknown.content.decode()
    assert not User.objects.filter(person=invitation.mandate.person).exists()


def test_pages_of_invitations_go_to_no_cache_and_no_search_engine(client, invitation):
    response = client.get(page_of(invitation))

    assert (response["X-Robots-Tag"], response["Referrer-Policy"]) == ("noindex, nofollow", "same-origin")
    assert "no-store" in response["Cache-Control"]


def test_somebody_else_who_is_signed_in_is_told_so(invitation, lead):
    browser = client_of(lead)

    shown = browser.get(page_of(invitation)).content.decode()
    browser.post(page_of(invitation), {"way": "code"})

    assert "This invitation is for Ελένη Παπαδοπούλου" in shown
    assert not User.objects.filter(person=invitation.mandate.person).exists()


def test_whoever_has_an_account_is_led_to_the_sign_in(client, invitation, mandate):
    factories.UserFactory(person=mandate.person)

    assert "you have an account already" in client.get(page_of(invitation)).content.decode()


def test_a_renewed_invitation_makes_the_former_link_worthless(client, invitation, lead):
    another = renew(invitation, by=lead, site=SITE)

    assert client.get(page_of(invitation)).status_code == 404
    assert client.get(page_of(another)).status_code == 200


def test_one_that_grew_too_old_gives_way_to_a_new_one(mandate, lead):
    with time_machine.travel(timezone.now() - dt.timedelta(days=20), tick=False):
        invite(mandate, by=lead, site=SITE)

    invite(mandate, by=lead, site=SITE)

    assert AccountInvitation.objects.standing().count() == 1


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda one: factories.UserFactory(person=one.person), "has an account already"),
        (lambda one: factories.UserFactory(email="Eleni@example.org", delegate=False), "somebody else's account"),
        (lambda one: factories.DeadAddressFactory(address="eleni@example.org"), "fails"),
        (lambda one: Mandate.objects.filter(pk=one.pk).update(email=""), "no mail address"),
        (lambda one: Mandate.objects.filter(pk=one.pk).update(ends_on=dt.date(2020, 1, 1)), "has ended"),
        (lambda one: factories.AccountInvitationFactory(mandate=one), "waits already"),
    ],
)
def test_who_cannot_be_invited_is_refused_with_the_reason(mandate, lead, spoil, said):
    spoil(mandate)

    with pytest.raises(ValidationError, match=said):
        invite(mandate, by=lead, site=SITE)
    assert not Letter.objects.exists()


# --- Colleagues ------------------------------------------------------------------------------------------------------


def test_a_lead_delegate_adds_a_colleague_who_gets_an_invitation(city, lead):
    group = factories.WorkingGroupFactory(name="Climate")
    factories.ParticipationChangeFactory(group=group, organisation=city)
    sent = {
        "name": "Ana",
        "address": "ana@example.org",
        "position": "Adviser",
        "role": "technical",
        "groups": [group.pk],
    }

    response = client_of(lead).post(colleagues(city), sent, follow=True)

    mandate = Mandate.objects.get(person__name="Ana")
    assert (mandate.organisation, mandate.role, mandate.starts_on) == (city, "technical", timezone.localdate())
    assert [seat.group for seat in mandate.group_seats.all()] == [group]
    assert Letter.objects.get().address == "ana@example.org"
    assert "an invitation goes to ana@example.org" in response.content.decode()
    assert Change.objects.of_record(place_of(Mandate, mandate.pk))[0].user == lead


def test_somebody_who_comes_back_needs_no_other_account(city, lead):
    gone = delegate(city, ends_on=dt.date(2024, 1, 1))
    sent = {"name": gone.person.name, "address": gone.email, "role": "technical"}

    client_of(lead).post(colleagues(city), sent)

    assert Mandate.objects.filter(person=gone.person).count() == 2
    assert Person.objects.filter(name=gone.person.name).count() == 1
    assert not AccountInvitation.objects.exists()


@pytest.mark.parametrize("taken", ["other", "own"])
def test_an_address_that_is_taken_is_refused_and_nothing_typed_is_lost(city, lead, taken):
    other = delegate(factories.OrganisationFactory())
    sent = {"name": "Ana", "address": other.email if taken == "other" else lead.email, "role": "technical"}

    response = client_of(lead).post(colleagues(city), sent)

    assert response.status_code == 422
    assert "somebody else&#x27;s account" in response.content.decode()
    assert 'value="Ana"' in response.content.decode()
    assert not Person.objects.filter(name="Ana").exists()


def test_retiring_gives_a_last_day_and_closes_the_pages_the_day_after(city, lead, mandate, invitation):
    colleague = delegate(city)
    of = Mandate.objects.get(person=colleague.person)
    today = timezone.localdate()

    for one in (of, mandate):
        client_of(lead).post(colleagues(city, "retire", one), {"last_day": today.isoformat(), "shown": ""})

    invitation.refresh_from_db()
    assert invitation.withdrawn_at is not None
    assert client_of(colleague).get("/my/").status_code == 200
    with time_machine.travel(timezone.now() + dt.timedelta(days=1), tick=False):
        assert client_of(colleague).get("/my/").status_code == 403


def test_the_last_lead_delegate_stays(city, lead):
    own = Mandate.objects.get(person=lead.person)
    sent = {"last_day": timezone.localdate().isoformat(), "shown": ""}

    alone = client_of(lead).post(colleagues(city, "retire", own), sent, follow=True)
    own.refresh_from_db()
    assert "left without a lead delegate" in alone.content.decode()
    assert own.ends_on is None

    delegate(city, role="lead")
    client_of(lead).post(colleagues(city, "retire", own), sent)
    own.refresh_from_db()
    assert own.ends_on == timezone.localdate()


def test_a_stale_last_day_is_refused_with_both_shown(city, lead, mandate):
    Mandate.objects.filter(pk=mandate.pk).update(ends_on=dt.date(2031, 5, 6))

    response = client_of(lead).post(colleagues(city, "retire", mandate), {"last_day": "2030-01-02", "shown": ""})

    assert response.status_code == 409
    assert "6 May 2031" in response.content.decode()
    assert "2 January 2030" in response.content.decode()


def test_who_may_see_and_who_may_change_the_list(city, lead, mandate):
    plain, stranger = delegate(city), delegate(factories.OrganisationFactory(), role="lead")
    sent = {"name": "Ana", "address": "ana@example.org", "role": "technical"}

    assert client_of(plain).get(colleagues(city)).status_code == 200
    assert "Add a colleague" not in client_of(plain).get(colleagues(city)).content.decode()
    assert client_of(plain).post(colleagues(city), sent).status_code == 403
    assert client_of(stranger).get(colleagues(city)).status_code == 404
    for step in ("invite", "withdraw", "retire"):
        assert client_of(plain).post(colleagues(city, step, mandate)).status_code == 403
        assert client_of(stranger).post(colleagues(city, step, mandate)).status_code == 404
    foreign = factories.MandateFactory()
    assert client_of(lead).post(colleagues(city, "retire", foreign)).status_code == 404


def test_a_lead_sends_an_invitation_again_and_takes_it_back(city, lead, mandate, invitation):
    browser = client_of(lead)

    browser.post(colleagues(city, "invite", mandate))
    newest = AccountInvitation.objects.standing().get()
    browser.post(colleagues(city, "withdraw", mandate))

    assert newest != invitation
    assert not AccountInvitation.objects.standing().exists()


@pytest.mark.parametrize("people", [1, 4])
def test_the_list_costs_the_same_for_any_number_of_colleagues(city, lead, people, django_assert_num_queries):
    for _number in range(people):
        mandate = factories.MandateFactory(organisation=city, role=MandateRole.TECHNICAL)
        factories.AccountInvitationFactory(mandate=mandate)
        factories.GroupSeatFactory(mandate=mandate)
    browser = client_of(lead)

    with django_assert_num_queries(10):
        browser.get(colleagues(city))


# --- The secretariat -------------------------------------------------------------------------------------------------


def test_the_secretariat_invites_renews_and_takes_back_from_the_contact(mandate):
    staff = client_of(secretariat_user())
    page = address(Mandate, "account", mandate.pk)

    assert page in staff.get(address(Mandate, "change", mandate.pk)).content.decode()
    staff.post(page, {"invite": ""})
    first = AccountInvitation.objects.standing().get()
    staff.post(page, {"invite": ""})
    second = AccountInvitation.objects.standing().get()
    staff.post(page, {"withdraw": ""})

    assert first != second
    assert not AccountInvitation.objects.standing().exists()
    assert staff.get(page).content.decode().count("taken back on") == 2


def test_the_secretariat_invites_many_and_hears_who_cannot_be(mandate):
    silent = factories.MandateFactory(email="")
    staff = client_of(secretariat_user())
    chosen = {"action": "invite_to_account", "_selected_action": [mandate.pk, silent.pk]}

    said = staff.post(address(Mandate, "changelist"), chosen, follow=True).content.decode()

    assert "1 invitation goes out." in said
    assert f"There is no mail address of {silent.person}" in said


def test_staff_without_the_right_may_not_invite(mandate):
    newcomer = factories.UserFactory(staff=True)

    assert client_of(newcomer).get(address(Mandate, "account", mandate.pk)).status_code == 403


def test_links_of_invitations_are_never_those_of_a_forged_host(mandate, lead, city):
    browser = client_of(lead)

    answer = browser.post(colleagues(city, "invite", mandate), headers={"host": "evil.example.org"})

    assert answer.status_code == 400
    assert not Letter.objects.exists()
