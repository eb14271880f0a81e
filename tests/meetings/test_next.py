"""The stable address of the next meeting."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from meetings.models import Meeting
from meetings.planning.drafting import draft
from tests import factories
from tests.refusal import refused

pytestmark = pytest.mark.django_db

TODAY = dt.date.today()


def soon(days: int, **more: object) -> Meeting:
    return factories.MeetingFactory(start_on=TODAY + dt.timedelta(days=days), **{"status": "announced", **more})


def test_next_leads_to_the_first_announced_meeting(client: Client) -> None:
    soon(-9, status="held")
    for status in ("draft", "postponed", "cancelled"):
        soon(1, status=status)
    soon(20)
    first = soon(5)

    response = client.get("/meetings/next/")

    assert (response.status_code, response["Location"]) == (302, first.get_absolute_url())
    assert "no-store" in response["Cache-Control"]


def test_next_is_the_one_under_way_until_its_last_day(client: Client) -> None:
    soon(5)
    now = soon(-2, end_on=TODAY, status="under_way")

    assert client.get("/meetings/next/")["Location"] == now.get_absolute_url()


def test_next_leads_to_the_list_when_none_is_announced_and_on_as_soon_as_one_is(client: Client) -> None:
    assert client.get("/meetings/next/")["Location"] == "/meetings/"

    first = soon(5)

    assert client.get("/meetings/next/")["Location"] == first.get_absolute_url()


@pytest.mark.parametrize("slug", ["next", "calendar"])
def test_addresses_of_the_site_are_no_meeting_s(slug: str) -> None:
    meeting = factories.MeetingFactory()
    meeting.slug = slug

    refused(meeting, "meeting_address_is_not_reserved", "addresses of the site itself")


def test_meeting_called_next_is_drafted_at_another_address() -> None:
    user = factories.UserFactory(staff=True)
    template = factories.MeetingTemplateFactory(title="Next")
    factories.TemplateSessionFactory(template=template)

    made = draft(template, [dt.date(2030, 1, 9)], dt.time(10), by=user)

    assert made[0].slug == "next-2030-01-09"


def test_title_that_is_a_reserved_word_is_refused_in_the_form_s_own_words() -> None:
    with pytest.raises(ValidationError, match="“next” and “calendar” are addresses of the site itself"):
        factories.MeetingFactory.build(slug="next").full_clean(exclude=["search"])
