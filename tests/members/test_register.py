"""The register on any day: one status, periods without gap or overlap, the right board and President."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.models import BoardSeatChange, Certainty, MembershipChange, Organisation, Presidency, Status
from members.offices import board_during, board_on, president_on, presidents_of, secretary_on
from members.register import founded_on, membership_words, period_on, periods, since_label, stated_by
from tests.factories import (
    BoardSeatChangeFactory,
    MembershipChangeFactory,
    OfficeChangeFactory,
    OrganisationFactory,
    PresidencyFactory,
    StatedMemberCountFactory,
)

DAYS = st.dates(dt.date(2021, 1, 1), dt.date(2027, 12, 31))


def as_log(statuses):
    return [
        MembershipChange(pk=number, latest=day, earliest=day, status=status)
        for number, (day, status) in enumerate(statuses.items(), start=1)
    ]


LOGS = st.dictionaries(DAYS, st.sampled_from(Status.values), max_size=6).map(as_log)


def line(latest, earliest=None, status=Status.MEMBER):
    return MembershipChange(status=status, earliest=earliest, latest=latest)


@given(log=LOGS, day=DAYS)
def test_any_log_gives_one_status_a_day_from_its_first_day_on(log, day):
    spells = periods(log)

    holding = [spell for spell in spells if spell.holds_on(day)]

    begun = [change for change in log if change.latest <= day]
    assert [spell.change for spell in holding] == sorted(begun, key=lambda change: change.latest)[-1:]
    assert period_on(spells, day) == (holding[0] if holding else None)


@given(log=LOGS)
def test_periods_tile_the_time(log):
    spells = periods(log)

    assert [spell.until for spell in spells] == [spell.since for spell in spells[1:]] + [None] * bool(spells)
    assert all(spell.until is None or spell.since < spell.until for spell in spells)
    assert {spell.change.pk for spell in spells} == {change.pk for change in log}


@pytest.mark.django_db
def test_with_status_and_periods_agree_on_every_day_around_the_changes():
    city = OrganisationFactory()
    for year, status in [(2022, "candidate"), (2023, "member"), (2025, "ended")]:
        MembershipChangeFactory(organisation=city, status=status, latest=dt.date(year, 6, 1))
    spells = periods(city.membership_changes.all())
    days = [dt.date(year, 6, 1) + dt.timedelta(days=shift) for year in (2022, 2023, 2025) for shift in (-1, 0, 1)]

    asked = [Organisation.objects.with_status(day).get().status for day in days]

    read = [spell.change.status if (spell := period_on(spells, day)) else None for day in days]
    assert asked == read
    assert read == [None, *["candidate"] * 3, *["member"] * 3, *["ended"] * 2]


def test_a_period_that_ends_from_outside_ends_on_that_day():
    (spell,) = periods([line(dt.date(2024, 1, 1), dt.date(2024, 1, 1))], stops_on=dt.date(2024, 1, 30))

    assert spell.holds_on(dt.date(2024, 1, 29))
    assert not spell.holds_on(dt.date(2024, 1, 30))
    assert spell.words == "1 January 2024 to 30 January 2024"


@pytest.mark.parametrize(
    ("earliest", "latest", "words"),
    [
        (dt.date(2021, 11, 30), dt.date(2021, 11, 30), "since 30 November 2021"),
        (dt.date(2022, 9, 1), dt.date(2022, 9, 30), "since September 2022"),
        (dt.date(2023, 1, 1), dt.date(2023, 12, 31), "since 2023"),
        (dt.date(2026, 1, 25), dt.date(2026, 1, 27), "since 25–27 January 2026"),
        (None, dt.date(2024, 1, 30), "known by 30 January 2024"),
        (dt.date(2022, 4, 26), dt.date(2023, 11, 30), "since a day between 26 April 2022 and 30 November 2023"),
    ],
)
def test_since_label_says_what_is_known(earliest, latest, words):
    assert since_label(line(latest, earliest)) == words


@pytest.mark.parametrize(
    ("status", "earliest", "words"),
    [
        (Status.MEMBER, dt.date(2022, 6, 28), "member since 28 June 2022"),
        (Status.CANDIDATE, None, "candidate, known by 28 June 2022"),
        (Status.ENDED, None, "ended, known by 28 June 2022"),
    ],
)
def test_membership_words_name_status_and_day(status, earliest, words):
    assert membership_words(line(dt.date(2022, 6, 28), earliest, status)) == words


@pytest.mark.django_db
def test_founded_on_is_the_first_day_of_the_register():
    assert founded_on() is None

    MembershipChangeFactory(latest=dt.date(2023, 1, 1))
    MembershipChangeFactory(latest=dt.date(2021, 11, 30))

    assert founded_on() == dt.date(2021, 11, 30)


@pytest.mark.django_db
def test_stated_by_gives_all_numbers_of_the_nearest_day_before_the_certain_first():
    StatedMemberCountFactory(on=dt.date(2023, 1, 23), members=48)
    StatedMemberCountFactory(on=dt.date(2024, 1, 30), members=55, certainty=Certainty.DISPUTED)
    StatedMemberCountFactory(on=dt.date(2024, 1, 30), members=54)

    assert stated_by(dt.date(2023, 1, 22)) == []
    assert [count.members for count in stated_by(dt.date(2024, 1, 29))] == [48]
    assert [count.members for count in stated_by(dt.date(2024, 1, 30))] == [54, 55]


# --- offices ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def athens_and_tirana(db):
    athens = PresidencyFactory(city__name="Athens", started_on=dt.date(2023, 1, 23))
    tirana = PresidencyFactory(city__name="Tirana", started_on=dt.date(2024, 1, 30))
    for presidency, name, latest in [
        (athens, "Kostas Bakoyannis", dt.date(2023, 1, 23)),
        (athens, "Haris Doukas", dt.date(2024, 1, 1)),
        (tirana, "Erion Veliaj", dt.date(2024, 1, 30)),
    ]:
        OfficeChangeFactory(presidency=presidency, person__name=name, latest=latest)
    return athens, tirana


@pytest.mark.parametrize(
    ("day", "president"),
    [
        (dt.date(2023, 1, 23), "Kostas Bakoyannis"),
        (dt.date(2023, 12, 31), "Kostas Bakoyannis"),
        (dt.date(2024, 1, 1), "Haris Doukas"),
        (dt.date(2024, 1, 29), "Haris Doukas"),
        (dt.date(2024, 1, 30), "Erion Veliaj"),
        (dt.date(2030, 1, 1), "Erion Veliaj"),
    ],
)
def test_president_on_a_day_and_on_the_day_of_the_handover(athens_and_tirana, day, president):
    assert president_on(day).change.person.name == president


def test_president_on_a_day_before_the_first_term_is_nobody(athens_and_tirana):
    assert president_on(dt.date(2023, 1, 22)) is None


def test_president_on_a_day_of_vacancy_is_nobody(athens_and_tirana):
    OfficeChangeFactory(presidency=athens_and_tirana[1], person=None, latest=dt.date(2025, 2, 10))

    assert president_on(dt.date(2025, 2, 9)).change.person.name == "Erion Veliaj"
    assert president_on(dt.date(2025, 2, 10)) is None


def test_presidents_of_a_term_end_with_the_handover(athens_and_tirana):
    term = Presidency.objects.with_end().get(pk=athens_and_tirana[0].pk)

    spoken = [(holder.change.person.name, holder.words) for holder in presidents_of(term)]

    assert spoken == [
        ("Kostas Bakoyannis", "23 January 2023 to 1 January 2024"),
        ("Haris Doukas", "1 January 2024 to 30 January 2024"),
    ]


@pytest.mark.django_db
def test_secretary_on_a_day_is_the_last_who_took_office():
    OfficeChangeFactory(secretary=True, person__name="First", latest=dt.date(2022, 1, 1))
    OfficeChangeFactory(secretary=True, person__name="Second", latest=dt.date(2024, 1, 1))

    assert secretary_on(dt.date(2021, 12, 31)) is None
    assert secretary_on(dt.date(2023, 12, 31)).change.person.name == "First"
    assert secretary_on(dt.date(2024, 1, 1)).change.person.name == "Second"


@pytest.fixture
def board(db):
    """Sofia sits from 2022 to 2024 and again from 2025; Athens from 2023 on."""
    sofia, athens = OrganisationFactory(name="Sofia"), OrganisationFactory(name="Athens")
    seated, left = BoardSeatChange.Event.SEATED, BoardSeatChange.Event.LEFT
    for city, year, event in [
        (sofia, 2022, seated),
        (sofia, 2024, left),
        (sofia, 2025, seated),
        (athens, 2023, seated),
    ]:
        BoardSeatChangeFactory(city=city, event=event, latest=dt.date(year, 2, 1))


@pytest.mark.parametrize(
    ("day", "cities"),
    [
        (dt.date(2022, 1, 31), []),
        (dt.date(2022, 2, 1), ["Sofia"]),
        (dt.date(2023, 2, 1), ["Athens", "Sofia"]),
        (dt.date(2024, 1, 31), ["Athens", "Sofia"]),
        (dt.date(2024, 2, 1), ["Athens"]),
        (dt.date(2025, 2, 1), ["Athens", "Sofia"]),
    ],
)
def test_board_on_a_day(board, day, cities):
    assert [seat.change.city.name for seat in board_on(day)] == cities


@pytest.mark.parametrize(
    ("start", "end", "seats"),
    [
        (dt.date(2021, 1, 1), dt.date(2022, 2, 1), []),
        (dt.date(2024, 2, 1), dt.date(2025, 2, 1), [("Athens", 2023)]),
        (dt.date(2024, 1, 31), dt.date(2025, 2, 2), [("Athens", 2023), ("Sofia", 2022), ("Sofia", 2025)]),
        (dt.date(2026, 1, 1), None, [("Athens", 2023), ("Sofia", 2025)]),
    ],
)
def test_board_during_a_term_names_every_seat_held_in_it(board, start, end, seats):
    assert [(seat.change.city.name, seat.since.year) for seat in board_during(start, end)] == seats


def test_board_on_asks_three_queries(board, django_assert_num_queries):
    with django_assert_num_queries(3):
        board_on(dt.date(2026, 1, 1))
