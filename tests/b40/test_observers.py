"""Observers and partners: the list, and the page of each."""

import datetime as dt
import json
import re

import pytest
import time_machine
from pytest_django.asserts import assertContains, assertRedirects

from members.models import Certainty
from tests.factories import (
    AttendanceFactory,
    MeetingFactory,
    MembershipChangeFactory,
    OrganisationFactory,
    OrganisationNameFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC), tick=False):
        yield


def body(name, *changes):
    organisation = OrganisationFactory(observer=True, name=name, slug=name.lower())
    for status, year in changes:
        MembershipChangeFactory(organisation=organisation, status=status, latest=dt.date(year, 1, 1))
    return organisation


def test_list_parts_observers_partners_and_the_past(client):
    body("Watcher", ("observer", 2022))
    body("Promoted", ("observer", 2022), ("partner", 2024))
    body("Gone", ("partner", 2022), ("ended", 2025))
    body("Returned", ("observer", 2022), ("ended", 2023), ("observer", 2024))
    body("Applicant", ("candidate", 2025))
    body("Tomorrow", ("observer", 2027))
    body("Unknown")
    MembershipChangeFactory(organisation=OrganisationFactory(name="A city"), status="observer")

    context = client.get("/observers/").context

    named = {
        part: [row.organisation.name for row in context[part]] for part in ("observers", "partners", "others", "past")
    }
    assert named == {
        "observers": ["Returned", "Watcher"],
        "partners": ["Promoted"],
        "others": ["Applicant"],
        "past": ["Gone"],
    }


def test_list_puts_the_past_on_the_last_page(client, monkeypatch):
    monkeypatch.setattr("b40.pages.observers.OBSERVERS_PER_PAGE", 2)
    body("Aaa", ("ended", 2022))
    body("Bbb", ("observer", 2022))
    body("Ccc", ("partner", 2022))

    first, second = client.get("/observers/").context, client.get("/observers/?page=2").context

    assert [len(first[part]) for part in ("observers", "partners", "past")] == [1, 1, 0]
    assert [row.organisation.name for row in second["past"]] == ["Aaa"]


def test_list_counts_the_meetings_that_the_public_may_see(client):
    watcher = body("Watcher", ("observer", 2022))
    AttendanceFactory(organisation=watcher, meeting__start_on=dt.date(2024, 5, 1))
    AttendanceFactory(organisation=watcher, meeting__start_on=dt.date(2024, 6, 1), meeting__status="draft")
    AttendanceFactory(organisation=watcher, meeting__start_on=dt.date(2024, 7, 1), presence="excused")
    AttendanceFactory(organisation=watcher, meeting__start_on=dt.date(2026, 7, 1))

    (row,) = client.get("/observers/").context["observers"]

    assert row.meetings == 1


def test_list_says_that_there_is_none(client):
    assertContains(client.get("/observers/"), "No observer or partner on record")


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_a_fixed_number_of_queries(client, django_assert_num_queries, rows):
    for number in range(rows):
        organisation = body(f"Body{number}", ("observer", 2022), ("partner", 2023))
        OrganisationNameFactory(organisation=organisation)
        AttendanceFactory(organisation=organisation)

    with django_assert_num_queries(7):
        client.get("/observers/")


def test_page_shows_standing_and_meetings(client):
    watcher = body("Watcher", ("observer", 2022))
    AttendanceFactory(organisation=watcher, meeting=MeetingFactory(title="Round of May", start_on=dt.date(2024, 5, 1)))
    AttendanceFactory(organisation=watcher, meeting=MeetingFactory(title="Drafted", status="draft"))

    context = client.get("/observers/watcher/").context

    assert [(row["meeting"].title, row["remarks"]) for row in context["meetings"]] == [
        ("Round of May", ["took part as observer"])
    ]
    assert [spell.words for spell in context["membership"]] == ["since 1 January 2022"]


def test_page_shows_how_sure_the_standing_is(client):
    watcher = body("Watcher")
    MembershipChangeFactory(organisation=watcher, status="partner", certainty=Certainty.INFERRED, basis="No agreement.")

    response = client.get("/observers/watcher/")

    assertContains(response, '<span class="badge is-inferred">inferred</span>', html=True)
    assertContains(response, "No agreement.")


def test_page_describes_itself_as_schema_org_says(client):
    body("Watcher", ("observer", 2022))

    content = client.get("/observers/watcher/").content.decode()

    said = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', content)[1])
    assert (said["@type"], said["name"]) == ("Organization", "Watcher")
    assert said["memberOf"] == {
        "@type": "OrganizationRole",
        "roleName": "observer",
        "memberOf": {"@type": "Organization", "@id": "http://testserver/#network"},
    }


def test_page_of_a_past_partner_claims_no_belonging(client):
    body("Gone", ("partner", 2022), ("ended", 2025))

    assert "memberOf" not in client.get("/observers/gone/").content.decode()


def test_page_of_a_city_leads_to_the_register(client):
    city = OrganisationFactory()

    assertRedirects(client.get(f"/observers/{city.slug}/"), f"/cities/{city.slug}/")


def test_page_of_nobody_is_not_found(client):
    assert client.get("/observers/nobody/").status_code == 404


def test_list_on_the_record(shipped_record, client):
    context = client.get("/observers/").context

    assert [row.organisation.slug for row in context["observers"]] == ["iclei", "tbb"]
    assert len(context["partners"]) == 3
