"""A change of status: the log as it would read, the rules, the source, who may."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from members.log import broken_rules, change_status, log_with
from members.models import Change, MembershipChange, Organisation, Source, Status, User
from tests import factories
from tests.b40.admin_rows import address, client_of, secretariat_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    return client_of(secretariat_user())


@pytest.fixture
def city() -> Organisation:
    """A member since the founding."""
    return factories.MembershipChangeFactory(organisation__name="Sofia").organisation


SENT = {
    "status": "ended",
    "when": "2024-05",
    "how": "left in writing",
    "certainty": "confirmed",
    "source": "https://example.org/report",
    "basis": "",
}


def page_of(city: Organisation) -> str:
    return address(Organisation, "status", city.pk)


def confirm(client: Client, city: Organisation, **changes: Any) -> Any:
    """Send the form, then confirm what was shown, as a browser would."""
    sent = {**SENT, **changes}
    shown = client.post(page_of(city), {**sent, "_preview": "x"})
    return client.post(page_of(city), {**sent, **carried(shown), "_record": "x"})


def carried(response: Any) -> dict[str, Any]:
    return {"_version": response.context["record_version"], "_shown": response.context["shown"]}


# --- The page --------------------------------------------------------------------------------------------------------


def test_log_is_shown_before_anything_is_written(staff: Client, city: Organisation) -> None:
    before = Change.objects.version()

    response = staff.post(page_of(city), {**SENT, "_preview": "x"})

    assert [(spell.change.status, spell.words) for spell in response.context["log"]] == [
        ("member", "30 November 2021 to May 2024"),
        ("ended", "since May 2024"),
    ]
    assert Change.objects.version() == before


def test_confirmed_it_is_written_with_its_source(staff: Client, city: Organisation) -> None:
    response = confirm(staff, city)

    line = city.membership_changes.latest("latest")
    assert response.status_code == 302
    assert (line.status, line.window, line.how, line.certainty) == ("ended", "2024-05", "left in writing", "confirmed")
    assert [source.url for source in line.sources.all()] == ["https://example.org/report"]
    change = Change.objects.of_record(f"members.membershipchange:{line.pk}").get()
    assert (change.actor, change.part_of) == ("elif", f"members.organisation:{city.pk}")


def test_source_that_is_known_is_not_made_twice(staff: Client, city: Organisation) -> None:
    known = factories.SourceFactory(url=SENT["source"])

    confirm(staff, city)

    assert list(city.membership_changes.latest("latest").sources.all()) == [known]
    assert Source.objects.count() == 1


@pytest.mark.parametrize(
    ("when", "known_by", "window"),
    [
        ("2024-05-17", False, "2024-05-17"),
        ("2024-05", False, "2024-05"),
        ("2024", False, "2024"),
        ("2024-05-17", True, "../2024-05-17"),
        ("2024-05", True, "../2024-05-31"),
        ("../2024-05-17", False, "../2024-05-17"),
        (" 2024-05-01/2024-06-30 ", False, "2024-05-01/2024-06-30"),
    ],
)
def test_any_window_can_be_written(when: str, known_by: bool, window: str, staff: Client, city: Organisation) -> None:
    confirm(staff, city, when=when, **({"known_by": "on"} if known_by else {}))

    assert city.membership_changes.latest("latest").window == window


@pytest.mark.parametrize("when", ["", "May 2024", "2024-13", "2024-02-30", "17.05.2024", "2024-06/2024-05", "x" * 50])
def test_what_is_no_date_is_refused_in_words(when: str, staff: Client, city: Organisation) -> None:
    response = confirm_without_log(staff, city, when=when)

    assert response.context["form"].errors["when"]


def confirm_without_log(client: Client, city: Organisation, **changes: Any) -> Any:
    response = client.post(page_of(city), {**SENT, **changes, "_record": "x", "_shown": ""})
    assert (response.status_code, city.membership_changes.count()) == (200, 1)
    return response


@pytest.mark.parametrize("source", ["", "not an address", "ftp:/x"])
def test_source_is_an_address_and_may_not_be_missing(source: str, staff: Client, city: Organisation) -> None:
    assert confirm_without_log(staff, city, source=source).context["form"].errors["source"]


def test_how_we_know_may_stand_for_a_source(staff: Client, city: Organisation) -> None:
    assert confirm(staff, city, source="", basis="Told by telephone.").status_code == 302
    assert not Source.objects.exists()


def test_what_was_not_shown_is_shown_first(staff: Client, city: Organisation) -> None:
    shown = staff.post(page_of(city), {**SENT, "_preview": "x"})

    response = staff.post(page_of(city), {**SENT, **carried(shown), "when": "2024-06", "_record": "x"})

    assert response.context["log"][-1].change.window == "2024-06"
    assert city.membership_changes.count() == 1


def test_log_that_changed_meanwhile_is_shown_again(staff: Client, city: Organisation) -> None:
    shown = staff.post(page_of(city), {**SENT, "_preview": "x"})
    factories.MembershipChangeFactory(organisation=city, status=Status.OBSERVER, latest=dt.date(2023, 1, 1))

    refused = staff.post(page_of(city), {**SENT, **carried(shown), "_record": "x"})
    done = staff.post(page_of(city), {**SENT, **carried(refused), "_record": "x"})

    assert (refused.status_code, len(refused.context["log"])) == (409, 3)
    assert "Somebody changed this record meanwhile" in refused.content.decode()
    assert done.status_code == 302


def test_rule_that_is_broken_is_named_and_nothing_can_be_recorded(staff: Client, city: Organisation) -> None:
    response = confirm(staff, city, status="member")

    page = response.content.decode()
    assert "It is “member” already by the line before (30 November 2021)" in page
    assert "Record this change" not in page
    assert city.membership_changes.count() == 1


@pytest.mark.parametrize("rows", [1, 30])
def test_page_costs_the_same_for_any_number_of_lines(
    rows: int, staff: Client, city: Organisation, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        factories.MembershipChangeFactory(
            organisation=city, status=["ended", "member"][number % 2], latest=dt.date(2022, 1, 1 + number)
        )
    when = {"when": "2030", "status": ["member", "ended"][rows % 2 == 0]}
    staff.post(page_of(city), {**SENT, **when})

    with django_assert_num_queries(22):
        response = staff.post(page_of(city), {**SENT, **when})

    assert len(response.context["log"]) == rows + 2


# --- The rules -------------------------------------------------------------------------------------------------------


def line(city: Organisation, status: str, day: dt.date) -> MembershipChange:
    return MembershipChange(organisation=city, status=status, earliest=day, latest=day)


LATER, BEFORE, FOUNDING = dt.date(2024, 1, 1), dt.date(2020, 1, 1), factories.FIRST_DAY


@pytest.mark.parametrize(
    ("status", "day", "message"),
    [
        ("ended", BEFORE, "Nothing can end that has not begun"),
        ("member", BEFORE, "The next line says “member” too"),
        ("member", LATER, "It is “member” already"),
        ("observer", FOUNDING, "bears the same latest day"),
        ("king", LATER, "is not a valid choice"),
    ],
)
def test_each_rule_is_refused_in_a_sentence(status: str, day: dt.date, message: str, city: Organisation) -> None:
    broken = broken_rules(line(city, status, day))

    assert len(broken) >= 1
    assert message in " ".join(broken)
    with pytest.raises(ValidationError):
        change_status(line(city, status, day), source="https://example.org/x")
    assert (city.membership_changes.count(), Source.objects.count()) == (1, 0)


def test_window_that_ends_before_it_begins_is_refused(city: Organisation) -> None:
    wrong = MembershipChange(organisation=city, status="ended", earliest=LATER, latest=dt.date(2023, 1, 1))

    assert broken_rules(wrong) == [
        "The earliest day lies after the latest one: swap them, or leave the earliest empty."
    ]


class AnyLog(TestCase):
    """Whatever is recorded in whatever order, a log has no line that says nothing new and no end without beginning."""

    @settings(max_examples=40, deadline=None)
    @given(lines=st.lists(st.tuples(st.sampled_from(Status.values), st.integers(0, 9)), max_size=8))
    def test_a_log_stays_one(self, lines: list[tuple[str, int]]) -> None:
        city = factories.OrganisationFactory()
        for status, number in lines:
            new = line(city, status, factories.day(number))
            if broken_rules(new):
                with pytest.raises(ValidationError):
                    change_status(new, source="")
            else:
                expected = [spell.change.status for spell in log_with(new)]
                change_status(new, source="")
                assert list(city.membership_changes.values_list("status", flat=True)) == expected

        said = list(city.membership_changes.values_list("status", flat=True))
        assert all(one != other for one, other in zip(said, said[1:], strict=False))


# --- Who may ---------------------------------------------------------------------------------------------------------


def test_anonymous_is_sent_to_the_login(client: Client, city: Organisation) -> None:
    response = client.get(page_of(city))

    assert (response.status_code, response["Location"]) == (302, f"/account/login/?next={page_of(city)}")


@pytest.mark.parametrize("missing", ["change_organisation", "add_membershipchange", "add_source"])
def test_each_right_is_needed(missing: str, city: Organisation) -> None:
    user = User.objects.create_user("newcomer", password="a-long-password", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(group__name="Secretariat").exclude(codename=missing))
    client = client_of(user)

    assert [client.get(page_of(city)).status_code, client.post(page_of(city), SENT).status_code] == [403, 403]


def test_record_that_is_not_there(staff: Client) -> None:
    assert staff.get("/admin/members/organisation/999999/status/").status_code == 404
