"""Every named constraint of the members and workinggroups apps refuses what it says, in the database itself and with its own message."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from members.models import (
    BoardSeatChange,
    Country,
    MembershipChange,
    OfficeChange,
    Organisation,
    OrganisationName,
    Person,
    Presidency,
    StatedMemberCount,
)
from tests.refusal import refused
from workinggroups.models import FormerName, ParticipationChange, Topic, WorkingGroup

pytestmark = pytest.mark.django_db

DAY = dt.date(2025, 2, 24)


@pytest.fixture
def sofia(db: None) -> Organisation:
    country = Country.objects.create(code="BG", name="Bulgaria")
    return Organisation.objects.create(name="Sofia", slug="sofia", country=country)


@pytest.fixture
def group(db: None) -> WorkingGroup:
    return WorkingGroup.objects.create(name="Local Climate Action", slug="climate")


@pytest.mark.parametrize(
    ("changes", "constraint", "message"),
    [
        ({"country": None}, "organisation_city_has_country", "needs its country"),
        ({"latitude": 42}, "organisation_coordinates_in_pairs", "together, or neither"),
        ({"latitude": 91, "longitude": 20}, "organisation_coordinates_in_pairs", "-90 to 90"),
        ({"population": 1000}, "organisation_population_with_year", "year it is from"),
        ({"population_year": 2021}, "organisation_population_with_year", "year it is from"),
    ],
)  # fmt: skip
def test_organisation_constraint_refuses(
    sofia: Organisation, changes: dict[str, object], constraint: str, message: str
) -> None:
    for name, value in changes.items():
        setattr(sofia, name, value)

    refused(sofia, constraint, message)


def test_organisation_name_once_a_country_but_free_in_another(sofia: Organisation) -> None:
    serbia = Country.objects.create(code="RS", name="Serbia")
    Organisation.objects.create(name="Sofia", slug="sofia-rs", country=serbia)

    refused(
        Organisation(name="Sofia", slug="sofia-2", country=sofia.country),
        "organisation_name_once_a_country",
        "of this name in this country",
    )


def test_organisation_name_once_without_country() -> None:
    Organisation.objects.create(name="ICLEI", slug="iclei", kind="network")

    refused(
        Organisation(name="ICLEI", slug="iclei-2", kind="network"),
        "organisation_name_once_without_country",
        "organisation of this name",
    )


def test_name_once_an_organisation(sofia: Organisation) -> None:
    OrganisationName.objects.create(organisation=sofia, text="Sofya")

    refused(OrganisationName(organisation=sofia, text="Sofya"), "name_once_an_organisation", "listed already")


def test_native_name_has_language(sofia: Organisation) -> None:
    refused(
        OrganisationName(organisation=sofia, text="София", is_native=True),
        "native_name_has_language",
        "language's code",
    )


@pytest.mark.parametrize(
    ("model", "extra", "constraint"),
    [
        (MembershipChange, {"status": "member"}, "membership_window_ordered"),
        (BoardSeatChange, {}, "board_seat_window_ordered"),
        (ParticipationChange, {}, "participation_window_ordered"),
        (OfficeChange, {"office": "permanent_secretary"}, "office_window_ordered"),
        (FormerName, {"name": "Climate"}, "former_name_window_ordered"),
    ],
)  # fmt: skip
def test_window_does_not_end_before_it_begins(
    sofia: Organisation, group: WorkingGroup, model: type[models.Model], extra: dict[str, object], constraint: str
) -> None:
    names = {field.name for field in model._meta.get_fields()}
    relations = {"organisation": sofia, "city": sofia, "group": group}
    values = {name: value for name, value in relations.items() if name in names} | extra

    refused(model(earliest=dt.date(2025, 3, 1), latest=DAY, **values), constraint, "lies after the latest")


def test_membership_one_change_a_day(sofia: Organisation) -> None:
    MembershipChange.objects.create(organisation=sofia, status="member", latest=DAY)

    refused(
        MembershipChange(organisation=sofia, status="ended", latest=DAY),
        "membership_one_change_a_day",
        "change that one instead",
    )


def test_membership_status_known(sofia: Organisation) -> None:
    refused(
        MembershipChange(organisation=sofia, status="friend", latest=DAY), "membership_status_known", "one of candidate"
    )


def test_membership_founding_by_members(sofia: Organisation) -> None:
    change = MembershipChange(organisation=sofia, status="observer", founding="stated", latest=DAY)

    refused(change, "membership_founding_by_members", "founding city")


def test_stated_count_once_a_day() -> None:
    StatedMemberCount.objects.create(on=DAY, members=73)
    StatedMemberCount.objects.create(on=DAY, members=74)

    refused(StatedMemberCount(on=DAY, members=73), "stated_count_once_a_day", "add the source")


def test_presidency_one_handover_a_day(sofia: Organisation) -> None:
    Presidency.objects.create(city=sofia, started_on=DAY)

    with pytest.raises(ValidationError, match="one incoming city"):
        Presidency(city=sofia, started_on=DAY, override_reason="x").validate_unique()
    with pytest.raises(IntegrityError), transaction.atomic():
        Presidency.objects.create(city=sofia, started_on=DAY)


def test_presidency_two_consecutive_terms_need_a_recorded_reason(sofia: Organisation) -> None:
    Presidency.objects.create(city=sofia, started_on=DAY)
    second = Presidency(city=sofia, started_on=dt.date(2026, 1, 26))

    with pytest.raises(ValidationError, match="rules out two consecutive terms"):
        second.full_clean()

    second.override_reason = "The General Assembly of 26 January 2026 prolonged the term."
    second.full_clean()


def test_presidency_before_the_same_citys_term_is_refused_too(sofia: Organisation) -> None:
    Presidency.objects.create(city=sofia, started_on=DAY)

    with pytest.raises(ValidationError, match="2025-02-24"):
        Presidency(city=sofia, started_on=dt.date(2024, 1, 30)).full_clean()


def test_presidency_again_after_another_citys_term_is_fine(sofia: Organisation) -> None:
    zagreb = Organisation.objects.create(
        name="Zagreb", slug="zagreb", country=Country.objects.create(code="HR", name="Croatia")
    )
    Presidency.objects.create(city=sofia, started_on=DAY)
    Presidency.objects.create(city=zagreb, started_on=dt.date(2026, 1, 26))

    Presidency(city=sofia, started_on=dt.date(2027, 2, 1)).full_clean()


@pytest.mark.parametrize("model", [Presidency, BoardSeatChange])
def test_offices_of_cities_are_held_by_cities(model: type[models.Model]) -> None:
    iclei = Organisation.objects.create(name="ICLEI", slug="iclei", kind="network")
    day = {"started_on": DAY} if model is Presidency else {"latest": DAY}

    with pytest.raises(ValidationError, match="ICLEI is none"):
        model(city=iclei, **day).full_clean()


def test_office_president_of_a_presidency(sofia: Organisation) -> None:
    person = Person.objects.create(name="Vasil Terziev")

    refused(
        OfficeChange(office="president", person=person, latest=DAY),
        "office_president_of_a_presidency",
        "belongs to a presidency",
    )
    term = Presidency.objects.create(city=sofia, started_on=DAY)
    secretary = OfficeChange(office="permanent_secretary", presidency=term, person=person, latest=DAY)
    refused(secretary, "office_president_of_a_presidency", "the Permanent Secretary to none")


def test_office_one_president_a_day(sofia: Organisation) -> None:
    term = Presidency.objects.create(city=sofia, started_on=DAY)
    OfficeChange.objects.create(office="president", presidency=term, latest=DAY)

    refused(OfficeChange(office="president", presidency=term, latest=DAY), "office_one_president_a_day", "same day")


def test_office_one_secretary_a_day() -> None:
    OfficeChange.objects.create(office="permanent_secretary", latest=DAY)

    refused(OfficeChange(office="permanent_secretary", latest=DAY), "office_one_secretary_a_day", "same day")


@pytest.mark.parametrize("day", [dt.date(2025, 2, 23), dt.date(2026, 1, 26)])
def test_office_president_outside_the_term_is_refused(sofia: Organisation, day: dt.date) -> None:
    zagreb = Organisation.objects.create(
        name="Zagreb", slug="zagreb", country=Country.objects.create(code="HR", name="Croatia")
    )
    term = Presidency.objects.create(city=sofia, started_on=DAY)
    Presidency.objects.create(city=zagreb, started_on=dt.date(2026, 1, 26))

    with pytest.raises(ValidationError, match="outside the term"):
        OfficeChange(office="president", presidency=term, latest=day).clean()


def test_board_seat_one_change_a_day(sofia: Organisation) -> None:
    BoardSeatChange.objects.create(city=sofia, latest=DAY)

    refused(BoardSeatChange(city=sofia, latest=DAY, event="left"), "board_seat_one_change_a_day", "same latest day")


def test_former_name_one_a_day(group: WorkingGroup) -> None:
    FormerName.objects.create(group=group, name="Climate", latest=DAY)

    refused(FormerName(group=group, name="Climate action", latest=DAY), "former_name_one_a_day", "same day")


def test_participation_one_change_a_day(group: WorkingGroup, sofia: Organisation) -> None:
    ParticipationChange.objects.create(group=group, organisation=sofia, latest=DAY)

    refused(
        ParticipationChange(group=group, organisation=sofia, latest=DAY),
        "participation_one_change_a_day",
        "same latest day",
    )


def test_participation_role_known(group: WorkingGroup, sofia: Organisation) -> None:
    refused(
        ParticipationChange(group=group, organisation=sofia, latest=DAY, role="king"),
        "participation_role_known",
        "one of takes part",
    )


def test_topic_title_once_a_group_and_once_for_the_network(group: WorkingGroup) -> None:
    Topic.objects.create(title="Heat", slug="heat", group=group)
    Topic.objects.create(title="Heat", slug="heat-network")

    refused(Topic(title="Heat", slug="heat-2", group=group), "topic_title_once_a_group", "This group has")
    refused(Topic(title="Heat", slug="heat-3"), "topic_title_once_for_the_network", "The network has")


def test_topic_status_known(group: WorkingGroup) -> None:
    refused(Topic(title="Heat", slug="heat", group=group, status="hot"), "topic_status_known", "one of draft")
