"""Staff show a second proof of who they are; attempts are counted; the first account of a fresh machine comes in."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.admin.models import LogEntry
from django.core import mail as outbox
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client

from members.models import User
from tests import factories
from tests.b40.admin_rows import address, secretariat_user
from tests.cast import client_of, delegate

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-password"
CLOSED = ["/", "/admin/", "/meetings/", "/my/", "/search/", "/feed.atom", "/media/none.pdf"]


@pytest.fixture(autouse=True)
def asked_for(settings):
    settings.STAFF_SECOND_FACTOR = True


def six_figures(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def signed_in(name, password=PASSWORD):
    client = Client()
    client.post("/account/login/", {"login": name, "password": password})
    return client


@pytest.mark.django_db(transaction=True)
def test_first_account_of_a_fresh_machine_signs_in_sets_up_and_comes_in(settings):
    settings.EMAIL_BACKEND = "tests.b40.test_second_factor.NoServer"
    User.objects.create_superuser("root", email="root@example.org", password=PASSWORD)
    client = Client()

    first = client.post("/account/login/", {"login": "root", "password": PASSWORD})
    assert first["Location"] == "/admin/"
    assert client.get("/admin/")["Location"] == "/account/2fa/"
    assert "One more step." in client.get("/account/2fa/").content.decode()
    page = client.get("/account/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert "<svg" in page.content.decode()
    assert "data:" not in page.content.decode()
    done = client.post("/account/2fa/totp/activate/", {"code": six_figures(secret)})

    assert done["Location"] == "/account/2fa/recovery-codes/"
    assert client.get(done["Location"]).status_code == 200
    assert client.get("/admin/").status_code == 200


class NoServer:
    """A mail server that is not there."""

    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError


@pytest.mark.parametrize("page", CLOSED)
def test_password_alone_opens_no_page_to_staff(page):
    secretariat_user()
    client = signed_in("elif")

    answers = [client.get(page), client.post(page)]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/account/2fa/")] * 2


def test_who_has_a_second_step_is_asked_for_it_at_sign_in():
    user = secretariat_user()
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    client = signed_in("elif")

    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    wrong = client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert "This is not the code" in wrong.content.decode()
    assert client.post("/account/2fa/authenticate/", {"code": six_figures(secret)})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_recovery_code_opens_once():
    user = secretariat_user()
    TOTP.activate(user, generate_totp_secret())
    code = RecoveryCodes.activate(user).get_unused_codes()[0]

    assert signed_in("elif").post("/account/2fa/authenticate/", {"code": code}).status_code == 302
    assert signed_in("elif").post("/account/2fa/authenticate/", {"code": code}).status_code == 200


def test_session_from_before_the_second_step_has_to_show_it():
    user = secretariat_user()
    thief = signed_in("elif")
    TOTP.activate(user, generate_totp_secret())

    assert thief.get("/admin/")["Location"] == "/account/2fa/reauthenticate/?next=%2Fadmin%2F"
    assert thief.get("/account/2fa/webauthn/add/")["Location"].startswith("/account/2fa/reauthenticate/")
    thief.post("/account/reauthenticate/", {"password": PASSWORD})
    assert thief.get("/account/2fa/webauthn/add/").status_code == 302


def test_delegates_need_no_second_step():
    assert client_of(delegate(factories.OrganisationFactory())).get("/my/").status_code == 200


def test_sign_in_does_not_tell_whether_there_is_an_account(client):
    user = factories.UserFactory(email="ana@example.org", username="ana")
    user.set_password(PASSWORD)
    user.save()

    def tried(page, sent):
        caches["default"].clear()
        response = client.post(page, sent, follow=True)
        text = re.sub(r'value="[^"]*"|nonce="[^"]*"|[a-z]+@example.org', "", response.content.decode())
        client.post("/account/logout/")
        return response.status_code, response.redirect_chain, text

    for page, field, more in (
        ("/account/login/", "login", {"password": "wrong"}),
        ("/account/login/code/", "email", {}),
        ("/account/password/reset/", "email", {}),
    ):
        known, unknown = (tried(page, {field: name, **more}) for name in ("ana@example.org", "nobody@example.org"))
        assert known == unknown
    assert "There is no account with this address" in outbox.outbox[-1].body


def test_attempts_are_counted_in_the_database_for_all_processes(client, settings):
    settings.CACHES = {**settings.CACHES, "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache"}}  # fmt: skip
    call_command("createcachetable")
    secretariat_user()

    said = [
        client.post("/account/login/", {"login": "elif", "password": f"wrong-{n}"}).content.decode() for n in range(6)
    ]
    good = Client().post("/account/login/", {"login": "elif", "password": PASSWORD})

    assert ["Too many attempts" in page for page in said] == [False] * 5 + [True]
    assert "Too many attempts" in good.content.decode()


@pytest.mark.parametrize(("proxies", "refused"), [(1, False), (0, True)])
def test_behind_a_proxy_each_visitor_is_counted_alone(client, settings, proxies, refused):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    for number in range(31):
        client.post("/account/login/", {}, headers={"x-forwarded-for": f"spoofed, 192.0.2.{number}"})

    last = client.post("/account/login/", {}, headers={"x-forwarded-for": "192.0.2.99"})

    assert (last.status_code == 429) == refused
    assert not refused or "Too many attempts" in last.content.decode()


def test_an_administrator_takes_a_lost_second_step_off_and_it_is_logged(settings):
    settings.STAFF_SECOND_FACTOR = False
    user = secretariat_user()
    elsewhere = signed_in("elif")
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    root = factories.UserFactory(username="root", staff=True, is_superuser=True)
    chosen = {"action": "remove_second_step", "_selected_action": [user.pk]}

    client_of(secretariat_user("ayse")).post(address(User, "changelist"), chosen)
    assert Authenticator.objects.filter(user=user).count() == 2
    said = client_of(root).post(address(User, "changelist"), chosen, follow=True).content.decode()

    assert "Removed from elif: 1 passkey or app." in said
    assert not Authenticator.objects.filter(user=user).exists()
    assert LogEntry.objects.get(object_id=str(user.pk)).change_message == "The second step was removed."
    assert elsewhere.get("/admin/").status_code == 302


def test_link_to_a_new_password_is_the_site_s_own(client):
    factories.UserFactory(email="ana@example.org")

    forged = client.post("/account/password/reset/", {"email": "ana@example.org"}, headers={"host": "evil.example.org"})
    client.post("/account/password/reset/", {"email": "ana@example.org"})

    assert forged.status_code == 400
    assert re.findall(r"https?://[^/]+/account/password/reset/key/", outbox.outbox[0].body) == [
        "http://testserver/account/password/reset/key/"
    ]


def test_another_address_holds_once_its_code_is_typed():
    user = delegate(factories.OrganisationFactory())
    client = client_of(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "code", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()

    client.post("/account/email/", {"email": "new@example.org", "action_add": ""})
    user.refresh_from_db()
    assert user.email != "new@example.org"
    code = re.search(r"^([A-Z0-9-]{6,})$", outbox.outbox[-1].body, re.MULTILINE)[1]
    client.post("/account/confirm-email/", {"code": code})

    user.refresh_from_db()
    assert user.email == "new@example.org"
