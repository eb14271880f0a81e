"""The error pages are drawn in the design, also when nothing else works."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.test import Client
from django.urls import include, path

from b40.models import OldAddress


def denied(request):
    raise PermissionDenied


def suspicious(request):
    raise SuspiciousOperation


def broken(request):
    raise RuntimeError("broken on purpose")


for view in (denied, suspicious, broken):
    view.login_required = False
urlpatterns = [
    path("denied/", denied),
    path("suspicious/", suspicious),
    path("broken/", broken),
    path("", include("b40.urls")),
]

CASES = {
    "/suspicious/": (400, "This address could not be read"),
    "/denied/": (403, "This page is not open to you"),
    "/none/": (404, "There is no such page"),
    "/broken/": (500, "Something broke on our side"),
}


@pytest.fixture(autouse=True)
def these_urls(settings):
    settings.ROOT_URLCONF = __name__
    settings.DEBUG = False


@pytest.fixture
def no_old_addresses(monkeypatch):
    """What is not there is looked up among the old addresses, and no database is there to ask."""

    def fail(*arguments, **options):
        raise OperationalError("the database is away")

    monkeypatch.setattr(OldAddress.objects, "in_bulk", fail)


@pytest.mark.parametrize(("address", "status", "heading"), [(address, *said) for address, said in CASES.items()])
def test_an_error_answers_in_the_design_without_a_query(address, status, heading, no_old_addresses):
    """Without the mark for the database, a single query fails the test."""
    response = Client(raise_request_exception=False).get(address)
    page = response.content.decode()

    assert response.status_code == status
    assert f'<h1 class="is-long">{heading}</h1>' in page
    assert '<meta name="robots" content="noindex">' in page
    assert 'href="/meetings/"' in page
    assert 'action="/search/"' in page
    assert "broken on purpose" not in page


@pytest.mark.django_db
def test_a_form_without_token_answers_in_the_design():
    response = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "a", "password": "b"})

    assert response.status_code == 403
    assert "This page is not open to you" in response.content.decode()
