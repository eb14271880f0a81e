"""Pasted lists of names: any spelling, any order, any usual separator."""

import re

import pytest
from anyascii import anyascii
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.models import Country
from members.pasted import read_names, split_names
from tests.factories import OrganisationFactory, OrganisationNameFactory

# English name, and how else it is written.
NAMES = {
    "Sofia": ["София", "Σόφια", "Sofya"],
    "Athens": ["Αθήνα", "Atina", "Атина"],
    "Thessaloniki": ["Θεσσαλονίκη", "Selanik", "Солун"],
    "Istanbul": ["İstanbul", "Истанбул", "Κωνσταντινούπολη"],
    "Nikšić": ["Никшић", "Nikshich"],
    "Novi Sad": ["Нови Сад"],
    "Stara Zagora": ["Стара Загора"],
    "Muğla": ["Mugla"],
    "Constanța": ["Constanta", "Константа"],
    "Cluj-Napoca": [],
    "Conference of Towns and Municipalities": ["Конференция на градове и общини"],
    "Union, Network & Board": [],
}
SEPARATORS = [
    ", ",
    ",",
    "; ",
    "\n",
    "\r\n",
    "\t",
    " / ",
    "/",
    " | ",
    "\n• ",
    "\n- ",
    " – ",
    " and ",
    " & ",
    " ve ",
    " και ",
    " i ",
]
SEPARATORS += [" и ", ", and ", " dhe ", "\n1. ", "\n2) ", "\n\n", " ,  ", ";\n", " · "]


ANDS = re.compile("and|ve|ile|και|κι|i|и|й|e|dhe|edhe|si|și|şi|in|ter|te|та|und|et", re.IGNORECASE)


def words(text: str) -> set[str]:
    return set("".join(letter if letter.isalpha() else " " for letter in text).split())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Istanbul, Athens, Niksic", ["Istanbul", "Athens", "Niksic"]),
        ("Istanbul; Athens / Sofia\tTirana | Edirne", ["Istanbul", "Athens", "Sofia", "Tirana", "Edirne"]),
        ("• Sofia\n• Varna\n\n‣ Burgas", ["Sofia", "Varna", "Burgas"]),
        ("1. Sofia\n2) Varna\n(3) Burgas\n- Ruse", ["Sofia", "Varna", "Burgas", "Ruse"]),
        ("Sofia, Varna and Burgas", ["Sofia", "Varna", "Burgas"]),
        ("İzmir ve Muğla & Edirne", ["İzmir", "Muğla", "Edirne"]),
        ("Αθήνα και Χανιά", ["Αθήνα", "Χανιά"]),
        ("Novi Sad i Niš, Андријевица и Бар", ["Novi Sad", "Niš", "Андријевица", "Бар"]),
        ("Tirana – Durrës - Vlorë", ["Tirana", "Durrës", "Vlorë"]),
        ("Cluj-Napoca, Kisela Voda", ["Cluj-Napoca", "Kisela Voda"]),
        ("Dimitrovgrad (Serbia, RS), Sofia", ["Dimitrovgrad (Serbia, RS)", "Sofia"]),
        ("“Sofia”, «Varna»…", ["Sofia", "Varna"]),
        ("Sofia came. Varna did not", ["Sofia came", "Varna did not"]),
        ("Sv. Nikole, Skopje", ["Sv. Nikole", "Skopje"]),
        ("Sofia, , ;\n\n 12, –", ["Sofia"]),
        ("Andi, Ivanjica, Vevčani, Iași", ["Andi", "Ivanjica", "Vevčani", "Iași"]),
        ("", []),
        (" \n, ; ", []),
    ],
)
def test_splits_where_names_end(text: str, names: list[str]) -> None:
    assert split_names(text) == names


def test_a_long_run_of_spaces_takes_no_time() -> None:
    assert split_names("Sofia" + " " * 200_000 + "Varna" + "(" * 20_000) == ["Sofia Varna" + "(" * 20_000]


@pytest.fixture
def register() -> None:
    for name, others in NAMES.items():
        organisation = OrganisationFactory(name=name)
        for other in others:
            OrganisationNameFactory(organisation=organisation, text=other)


spellings = st.sampled_from(sorted(NAMES)).flatmap(
    lambda name: st.tuples(
        st.just(name),
        st.sampled_from([name, *NAMES[name]]),
        st.sampled_from([str, str.upper, str.lower, anyascii, lambda text: f"“{text}”", lambda text: f" {text} "]),
    )
)


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(spellings, min_size=1, max_size=10, unique_by=lambda drawn: drawn[0]), st.data())
def test_known_names_resolve_to_the_same_set_however_written(register: None, drawn: list, data: st.DataObject) -> None:
    drawn = data.draw(st.permutations(drawn))
    text = data.draw(st.sampled_from(["", "- ", "1. ", "\n"]))
    for number, (_name, spelling, change) in enumerate(drawn):
        text += (data.draw(st.sampled_from(SEPARATORS)) if number else "") + change(spelling)

    found = read_names(text)

    assert {one.organisation.name for one in found if one.organisation} == {name for name, _other, _change in drawn}
    assert [one.text for one in found if not one.organisation] == []


@pytest.mark.django_db
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200))
def test_any_text_is_read_without_losing_a_word(register: None, text: str) -> None:
    pieces = split_names(text)

    assert all(any(letter.isalpha() for letter in piece) for piece in pieces)
    lost = words(text) - words(" ".join(pieces))
    assert {word for word in lost if not ANDS.fullmatch(word)} == set()
    read_names(text)


@pytest.mark.django_db
def test_a_country_behind_a_comma_stays_with_its_city() -> None:
    Country.objects.update_or_create(code="BG", defaults={"name": "Bulgaria"})
    Country.objects.update_or_create(code="RS", defaults={"name": "Serbia"})
    OrganisationFactory(name="Dimitrovgrad", country_id="BG")
    serbian = OrganisationFactory(name="Dimitrovgrad", country_id="RS")
    sofia = OrganisationFactory(name="Sofia", country_id="BG")

    found = read_names("Dimitrovgrad, Serbia, Sofia, BG and Dimitrovgrad")

    assert [one.organisation for one in found] == [serbian, sofia, None]
    assert len(found[2].candidates) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("number", [3, 60])
def test_reading_costs_the_same_for_any_number_of_names(number: int, django_assert_num_queries) -> None:
    for each in range(number):
        OrganisationFactory(name=f"{chr(65 + each % 26)}grad {each}", country__code="BG")
    text = "\n".join(f"{chr(65 + each % 26)}grad {each}, {chr(65 + each % 26)}grod {each}" for each in range(number))

    with django_assert_num_queries(6):
        found = read_names(text)

    assert len(found) == 2 * number
    assert re.match("[A-Z]grod", found[1].text)
    assert found[1].candidates
