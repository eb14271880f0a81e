"""Every page of the admin opens, costs the same whatever the number of rows, and is for staff alone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.test import Client

from b40.models import LoadedRecord, OldAddress
from meetings.models import Attendance, DocumentVersion, Meeting, Session
from members.models import Change, Organisation, SearchWord, User
from tests.b40.admin_rows import LOOKED_AT, MAKERS, address, city, client_of, meeting, secretariat_user, session

pytestmark = pytest.mark.django_db

RECORD = [model for model in MAKERS if model not in (User, Group)]
COME_BY_THEMSELVES = {DocumentVersion}  # by uploading a document's file
IDS = {"ids": lambda model: model.__name__}


@pytest.fixture
def staff() -> Client:
    return client_of(secretariat_user())


@pytest.fixture
def superuser() -> Client:
    return client_of(User.objects.create_superuser("root", password="a-long-password"))


def test_every_model_is_registered() -> None:
    ours = {model for label in ("members", "workinggroups", "meetings") for model in _models(label)} - {
        Change,
        SearchWord,
    }

    assert ours <= set(admin.site._registry)
    assert ours | {Group, OldAddress} == set(MAKERS) | LOOKED_AT


def _models(label: str) -> list[type[models.Model]]:
    from django.apps import apps

    return list(apps.get_app_config(label).get_models())


@pytest.mark.parametrize("model", RECORD, **IDS)
def test_pages_open_for_the_secretariat(staff: Client, model: type[models.Model]) -> None:
    row = MAKERS[model](1)
    pages = [address(model, "changelist")] + [address(model, "add")] * (model not in COME_BY_THEMSELVES)
    pages += [address(model, page, row.pk) for page in ("change", "delete", "history")]

    statuses = {page: staff.get(page).status_code for page in pages}

    assert statuses == dict.fromkeys(pages, 200)


@pytest.mark.parametrize("model", [User, Group, LoadedRecord], **IDS)
def test_account_pages_open_for_a_superuser(superuser: Client, model: type[models.Model]) -> None:
    assert superuser.get(address(model, "changelist")).status_code == 200


# model: queries of the list, queries of the change page
QUERIES = {
    "ActionItem": (11, 12),
    "AgendaItem": (8, 13),
    "Attendance": (7, 14),
    "BoardSeatChange": (8, 8),
    "Country": (6, 6),
    "DeadAddress": (6, 6),
    "Decision": (6, 8),
    "Delegate": (6, 10),
    "Document": (9, 9),
    "DocumentVersion": (6, 6),
    "FormerName": (7, 8),
    "GroupSeat": (7, 8),
    "Guest": (6, 8),
    "JoiningInstructions": (8, 6),
    "Mandate": (6, 9),
    "Meeting": (9, 17),
    "MeetingTemplate": (6, 7),
    "TemplateSession": (7, 8),
    "MembershipChange": (8, 8),
    "NewsItem": (9, 11),
    "OfficeChange": (8, 9),
    "OldAddress": (6, 7),
    "Organisation": (7, 12),
    "OrganisationName": (6, 7),
    "ParticipationChange": (9, 9),
    "Person": (6, 6),
    "Photo": (6, 7),
    "Presidency": (8, 9),
    "RememberedMatch": (6, 7),
    "Session": (10, 12),
    "Source": (6, 6),
    "StatedMemberCount": (8, 7),
    "StatedTotal": (6, 8),
    "Topic": (7, 10),
    "WorkingGroup": (6, 10),
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("model", RECORD, **IDS)
def test_list_costs_the_same_for_any_number_of_rows(
    staff: Client, model: type[models.Model], rows: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(1, rows + 1):
        MAKERS[model](number)
    ContentType.objects.get_for_model(model)
    page = address(model, "changelist")
    staff.get(page)

    with django_assert_num_queries(QUERIES[model.__name__][0]):
        response = staff.get(page)

    assert len(response.context["cl"].result_list) == rows


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("model", RECORD, **IDS)
def test_change_page_costs_the_same_for_any_number_of_rows(
    staff: Client, model: type[models.Model], rows: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    made = [MAKERS[model](number) for number in range(1, rows + 1)]
    page = address(model, "change", made[0].pk)
    staff.get(page)

    with django_assert_num_queries(QUERIES[model.__name__][1]):
        response = staff.get(page)

    assert response.context["original"].pk == made[0].pk


@pytest.mark.parametrize("rows", [3, 80])
def test_meeting_page_costs_the_same_with_eighty_cities(
    staff: Client, rows: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(1, rows + 1):
        Attendance.objects.create(meeting=meeting(1), organisation=city(number))
        Session.objects.create(meeting=meeting(1), order=number)
    page = address(Meeting, "change", meeting(1).pk)
    staff.get(page)

    with django_assert_num_queries(19):
        response = staff.get(page)

    assert response.content.decode().count(" · Land ") == rows + 1  # and the host city


@pytest.mark.parametrize("rows", [3, 80])
def test_session_page_costs_the_same_with_eighty_cities(
    staff: Client, rows: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(1, rows + 1):
        Attendance.objects.create(meeting=meeting(1), session=session(1), organisation=city(number))
    page = address(Session, "change", session(1).pk)
    staff.get(page)

    with django_assert_num_queries(13):
        response = staff.get(page)

    assert response.content.decode().count(" · Land ") == rows


def test_no_page_carries_a_list_of_all_records(staff: Client, subtests: pytest.Subtests) -> None:
    for number in range(1, 31):
        city(number)
        meeting(number)

    for model in RECORD:
        with subtests.test(model.__name__), transaction.atomic():
            row = MAKERS[model](1)
            for page in (address(model, "add"), address(model, "change", row.pk)):
                selects = re.findall(r"<select.*?</select>", staff.get(page).content.decode(), re.DOTALL)
                assert max((select.count("<option") for select in selects), default=0) < 15, page
            transaction.set_rollback(True)


def test_index_groups_the_models_by_job(superuser: Client) -> None:
    groups = superuser.get("/admin/").context["app_list"]

    assert [str(group["name"]) for group in groups] == [
        "Meetings",
        "Invitations and date polls",
        "Mail",
        "Register",
        "Working groups",
        "Content",
        "Privacy",
        "Accounts",
    ]
    assert [model["object_name"] for model in groups[0]["models"]][:3] == ["Meeting", "Session", "AgendaItem"]


def test_secretariat_sees_who_was_invited_but_no_accounts_on_the_index(staff: Client) -> None:
    groups = staff.get("/admin/").context["app_list"]

    assert [str(group["name"]) for group in groups] == [
        "Meetings",
        "Invitations and date polls",
        "Mail",
        "Register",
        "Working groups",
        "Content",
        "Privacy",
        "Accounts",
    ]
    assert {model["object_name"] for model in groups[-1]["models"]} == {"AccountInvitation", "Viewing"}


def test_view_on_site_leads_to_the_public_page(staff: Client) -> None:
    made = city(1)

    page = staff.get(address(Organisation, "change", made.pk)).content.decode()

    assert f'href="{made.get_absolute_url()}" class="viewsitelink"' in page


# --- Who may come in -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [*RECORD, User, Group], **IDS)
def test_anonymous_is_sent_to_the_login(client: Client, model: type[models.Model]) -> None:
    page = address(model, "changelist")

    response = client.get(page)

    assert (response.status_code, response["Location"]) == (302, f"/account/login/?next={page}")


@pytest.mark.parametrize("page", ["changelist", "add"])
def test_account_that_is_not_staff_is_refused(page: str) -> None:
    visitor = client_of(User.objects.create_user("visitor", password="a-long-password"))

    response = visitor.get(address(Meeting, page))

    assert response["Location"].startswith("/admin/login/")
    assert visitor.get(response["Location"]).status_code == 403


@pytest.mark.parametrize("model", RECORD, **IDS)
def test_staff_without_the_group_is_refused(model: type[models.Model]) -> None:
    newcomer = client_of(User.objects.create_user("newcomer", password="a-long-password", is_staff=True))

    assert newcomer.get(address(model, "changelist")).status_code == 403


def test_login_works_and_is_kept_from_search_engines(client: Client) -> None:
    secretariat_user()

    page = client.get("/admin/login/", follow=True)
    response = client.post("/account/login/", {"login": "elif", "password": "a-long-password", "next": "/admin/"})

    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Location"] == "/admin/"


@pytest.mark.parametrize(
    "page", ["/admin/", "/admin/login/", "/admin/password_change/", "/admin/meetings/meeting/add/"]
)
def test_content_security_policy_is_as_strict_as_the_site_s(staff: Client, page: str) -> None:
    response = staff.get(page, follow=True)

    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", response.content.decode())
