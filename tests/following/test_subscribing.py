"""Subscribing: twice asked, nothing told about addresses, and left by one click."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client

from meetings.following.subscribing import confirmation_token, leaving_token
from meetings.models import CONSENT_TEXT, Letter, MailingKind, Subscription
from tests import factories
from tests.following.cast import delegate

pytestmark = pytest.mark.django_db

TYPED = {"address": "Reader@Example.org", "frequency": "daily", "everything": "on", "consent": "on", "website": ""}


def ask(client, **typed):
    return client.post("/subscribe/", {name: value for name, value in {**TYPED, **typed}.items() if value is not None})


def link_in(letter):
    return re.search(r"http://testserver(/subscribe/\S+)", letter.text)[1]


def test_nothing_holds_before_the_address_has_confirmed(client):
    answer = ask(client)
    asked = Subscription.objects.get()
    (letter,) = Letter.objects.all()

    assert answer["Location"] == "/subscribe/?asked"
    assert (asked.address, asked.holds, asked.consent_text) == ("reader@example.org", False, CONSENT_TEXT)
    assert (letter.address, letter.mailing.kind, letter.mailing.is_going_out) == (
        "reader@example.org", MailingKind.SUBSCRIPTION, True,
    )  # fmt: skip
    assert "Yes, send me this news" in client.get(link_in(letter)).text
    assert not Subscription.objects.get().holds, "programs that look into mails confirm nothing"

    assert "Confirmed" in client.post(link_in(letter)).text
    assert Subscription.objects.get().holds


def test_the_answer_is_the_same_for_an_address_that_is_known(client):
    factories.SubscriptionFactory(address="reader@example.org")
    known, unknown = ask(client), ask(client, address="other@example.org")

    assert (known.status_code, known["Location"], known.content) == (
        unknown.status_code,
        unknown["Location"],
        unknown.content,
    )
    assert set(Letter.objects.values_list("address", flat=True)) == {"reader@example.org", "other@example.org"}


def test_an_address_is_written_to_once_an_hour_however_often_somebody_asks(client):
    with time_machine.travel(dt.datetime(2026, 3, 4, 9, 5, tzinfo=dt.UTC), tick=False) as clock:
        for _each in range(5):
            ask(client)
        assert (Letter.objects.count(), Subscription.objects.count()) == (1, 1)
        clock.move_to(dt.datetime(2026, 3, 4, 10, 5, tzinfo=dt.UTC))
        ask(client)

    assert (Letter.objects.count(), Subscription.objects.count()) == (2, 1)


def test_too_many_from_one_place_are_refused(client):
    answers = [ask(client, address=f"r{number}@example.org").status_code for number in range(21)]

    assert answers == [302] * 20 + [429]
    assert Subscription.objects.count() == 20


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"consent": None}, "Say yes to being written to"),
        ({"address": "nobody"}, "Enter a valid email address"),
        ({"everything": None}, "Choose what you want to follow"),
        ({"frequency": "never"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost_or_sent(client, typed, words):
    answer = ask(client, **typed)

    assert (answer.status_code, words in answer.text) == (422, True)
    assert "Not sent yet" in answer.text
    assert not Letter.objects.exists()


def test_programs_that_fill_in_every_field_cause_no_mail(client):
    assert ask(client, website="https://spam.example").status_code == 302
    assert not Subscription.objects.exists()


def test_asking_again_with_another_choice_changes_it_only_once_confirmed(client):
    held = factories.SubscriptionFactory(address="reader@example.org", frequency="weekly")
    group = factories.WorkingGroupFactory()

    ask(client, everything=None, groups=[group.pk])
    held.refresh_from_db()
    assert (held.frequency, held.everything) == ("weekly", True)
    client.post(link_in(Letter.objects.get()))

    held.refresh_from_db()
    assert (held.frequency, held.everything, list(held.groups.all())) == ("daily", False, [group])
    assert Subscription.objects.count() == 1


def test_drafts_are_not_among_what_can_be_followed(client):
    factories.TopicFactory(title="An idea", status="draft")

    assert "An idea" not in client.get("/subscribe/").text


# --- Leaving ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def held():
    return factories.SubscriptionFactory(address="reader@example.org")


def test_one_click_needs_no_session_no_token_and_no_second_page(held):
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post(f"/unsubscribe/{leaving_token(held)}/", {"List-Unsubscribe": "One-Click"})

    held.refresh_from_db()
    assert (answer.status_code, held.holds, answer.cookies) == (200, False, {})


def test_looking_at_the_page_ends_nothing_and_the_button_does_twice_too(client, held):
    address = f"/unsubscribe/{leaving_token(held)}/"

    assert client.get(address).text.count("<button") == client.get("/privacy/").text.count("<button") + 1
    held.refresh_from_db()
    assert held.holds
    first, second = client.post(address), client.post(address)
    assert [answer.status_code for answer in (first, second)] == [200, 200]
    assert "You are unsubscribed" in second.text


def test_a_link_serves_one_purpose_and_one_subscription(client, held):
    key, _dot, signature = leaving_token(held).partition(".")
    other = factories.SubscriptionFactory()
    wrong = [
        f"/unsubscribe/{confirmation_token(held)}/", f"/unsubscribe/{key}/", f"/unsubscribe/{other.key}.{signature}/",
        f"/subscribe/{leaving_token(held)}/",
    ]  # fmt: skip

    assert [client.post(address).status_code for address in wrong] == [404] * 4
    held.refresh_from_db()
    assert held.holds


def test_link_to_confirm_brings_nobody_back_who_has_left(client, held):
    client.post(f"/unsubscribe/{leaving_token(held)}/")

    assert client.post(f"/subscribe/{confirmation_token(held)}/").status_code == 404


# --- With an account -------------------------------------------------------------------------------------------------


@pytest.fixture
def maria(client):
    city = factories.MembershipChangeFactory(organisation=factories.OrganisationFactory()).organisation
    user = delegate(city, groups=[factories.WorkingGroupFactory(name="Heat")])
    client.force_login(user)
    return user


def test_delegate_is_offered_the_own_groups_and_chooses(client, maria):
    page = client.get("/my/subscriptions/")
    group = maria.person.mandates.get().group_seats.get().group
    assert page.context["form"]["groups"].value() == [group.pk]

    client.post("/my/subscriptions/", {"frequency": "weekly", "groups": [group.pk]})

    held = Subscription.objects.get()
    assert (held.user, held.address, held.holds, list(held.groups.all())) == (maria, maria.email, True, [group])
    assert not Letter.objects.exists(), "the address was confirmed with the account"


def test_subscription_from_before_becomes_the_account_s(client, maria):
    before = factories.SubscriptionFactory(address=maria.email)

    client.post("/my/subscriptions/", {"frequency": "daily", "everything": "on"})

    assert Subscription.objects.get().pk == before.pk
    assert Subscription.objects.get().user == maria


def test_delegate_leaves_and_sees_nobody_else_s(client, maria):
    other = factories.SubscriptionFactory(user=factories.UserFactory())
    client.post("/my/subscriptions/", {"frequency": "daily", "everything": "on"})

    client.post("/my/subscriptions/stop/")

    other.refresh_from_db()
    assert (other.holds, Subscription.objects.get(user=maria).holds) == (True, False)
    assert other.address not in client.get("/my/subscriptions/").text


def test_back_from_never_nothing_of_the_silence_is_told(client, maria):
    for frequency in ("never", "daily"):
        client.post("/my/subscriptions/", {"frequency": frequency, "everything": "on"})

    assert Subscription.objects.get().looked_until is not None
