"""Planning meetings in the admin."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from meetings.models import Meeting, MeetingTemplate
from members.models import User
from tests import factories
from tests.b40.admin_rows import client_of, secretariat_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    return client_of(secretariat_user())


def plan_page(template: MeetingTemplate) -> str:
    return f"/admin/meetings/meetingtemplate/{template.pk}/plan/"


def test_ready_templates_come_with_one_button(staff: Client) -> None:
    shown = staff.get("/admin/meetings/meetingtemplate/").content.decode()
    staff.get("/admin/meetings/meetingtemplate/ready/")
    before = MeetingTemplate.objects.count()

    staff.post("/admin/meetings/meetingtemplate/ready/")

    assert "Make the ready templates" in shown
    assert (before, MeetingTemplate.objects.count()) == (0, 4)


def test_the_plan_is_shown_before_anything_is_made(staff: Client) -> None:
    template = factories.TemplateSessionFactory().template
    typed = {"first": "2099-04-09", "starts": "10:00", "number": "2", "weeks": "9", "others": "2099-12-01"}

    shown = staff.post(plan_page(template), {**typed, "_preview": "1"}).content.decode()
    before = Meeting.objects.count()
    response = staff.post(plan_page(template), {**typed, "_draft": "1"})
    again = staff.post(plan_page(template), {**typed, "_draft": "1"}, follow=True).content.decode()

    assert "Make 3 drafts" in shown
    assert "10:00–11:00" in shown
    assert before == 0
    assert response.status_code == 302
    assert sorted(Meeting.objects.values_list("start_on", flat=True)) == [
        dt.date(2099, 4, 9),
        dt.date(2099, 6, 11),
        dt.date(2099, 12, 1),
    ]
    assert "on record already" in again


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"first": "soon"}, "Enter a valid date."),
        ({"others": "2099-12-01 someday"}, "Day 2, “someday”, is no date"),
        ({"number": "31"}, "less than or equal to 30"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_in_words(staff: Client, typed: dict[str, Any], message: str) -> None:
    template = factories.TemplateSessionFactory().template
    sent = {"first": "2099-04-09", "starts": "10:00", "number": "1", "weeks": "9", "others": "", "_draft": "1", **typed}

    page = staff.post(plan_page(template), sent).content.decode()

    assert message in page
    assert not Meeting.objects.exists()


def test_a_meeting_is_kept_as_a_template_from_its_workspace(staff: Client) -> None:
    meeting = factories.SessionFactory().meeting

    response = staff.post(f"/admin/meetings/meetingtemplate/from/{meeting.pk}/", {"name": "Spring"}, follow=True)
    again = staff.post(f"/admin/meetings/meetingtemplate/from/{meeting.pk}/", {"name": "Spring"}, follow=True)

    assert "Kept as a template" in response.content.decode()
    assert "already a template of this name" in again.content.decode()
    assert (
        "Make a template of this meeting"
        in staff.get(f"/admin/meetings/meeting/{meeting.pk}/workspace/").content.decode()
    )


def test_planning_is_for_those_who_may_add_meetings() -> None:
    template = factories.TemplateSessionFactory().template
    onlooker = client_of(User.objects.create_user("deniz", password="a-long-password", is_staff=True))

    assert onlooker.get(plan_page(template)).status_code == 403
    assert onlooker.post("/admin/meetings/meetingtemplate/ready/").status_code == 403
    assert onlooker.post(f"/admin/meetings/meetingtemplate/from/{factories.MeetingFactory().pk}/").status_code == 403
    assert not MeetingTemplate.objects.filter(name="Executive Board").exists()


@pytest.mark.parametrize("number", [1, 8])
def test_the_plan_costs_the_same_for_one_meeting_and_for_a_series(
    staff: Client, number: int, django_assert_num_queries: Any
) -> None:
    template = factories.TemplateSessionFactory().template
    for _row in range(number):
        factories.TemplateSessionFactory(template=template, working_groups=[factories.WorkingGroupFactory()])
    sent = {"first": "2099-04-09", "starts": "10:00", "number": number, "weeks": "9", "others": "", "_preview": "1"}
    staff.post(plan_page(template), sent)

    with django_assert_num_queries(9):
        staff.post(plan_page(template), sent)
