import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.models import Country, Organisation, OrganisationName
from members.resolver import Outcome, resolve, resolve_all

pytestmark = pytest.mark.django_db

NAMES: dict[tuple[str, str], list[str]] = {
    ("Skopje", "MK"): ["Скопје", "Shkup", "Üsküp", "Skoplje", "Скопие", "Σκόπια"],
    ("Thessaloniki", "GR"): ["Θεσσαλονίκη", "Selanik", "Солун", "Salonica"],
    ("Nikšić", "ME"): ["Никшић", "Nikshiq"],
    ("Pristina", "XK"): ["Prishtinë", "Prishtina", "Приштина", "Phristina"],
    ("Dimitrovgrad", "BG"): ["Димитровград"],
    ("Dimitrovgrad", "RS"): ["Димитровград"],
    ("Çanakkale", "TR"): ["Dardanelles"],
    ("Galați", "RO"): ["Галац"],
}
COUNTRIES = {
    "MK": "North Macedonia",
    "GR": "Greece",
    "ME": "Montenegro",
    "XK": "Kosovo",
    "BG": "Bulgaria",
    "RS": "Serbia",
    "TR": "Türkiye",
    "RO": "Romania",
}
UNAMBIGUOUS = {
    spelling: name
    for (name, _code), spellings in NAMES.items()
    if name != "Dimitrovgrad"
    for spelling in [name, *spellings]
}


@pytest.fixture(autouse=True)
def register(db: None) -> None:
    Country.objects.bulk_create(
        Country(code=code, name=name, native_names=["България"] if code == "BG" else [])
        for code, name in COUNTRIES.items()
    )
    for number, ((name, code), spellings) in enumerate(NAMES.items()):
        city = Organisation.objects.create(name=name, slug=f"city-{number}", country_id=code)
        for spelling in spellings:
            OrganisationName.objects.create(organisation=city, text=spelling)
    Organisation.objects.create(
        name="Union of Municipalities of Türkiye", slug="tbb", abbreviation="TBB", kind="association"
    )


@pytest.mark.parametrize(
    "text", ["Skopje", "СКОПЈЕ", "shkup", "Uskup", "ÜSKÜP", "σκοπια", "  Skopje ", "City of Skopje", "Община Скопие"]
)
def test_resolve_any_spelling_finds_the_city(text: str) -> None:
    assert resolve(text).organisation == Organisation.objects.get(name="Skopje")


@pytest.mark.parametrize("text", ["Nikshich", "Никшич", "Niksich"])
def test_resolve_transliteration_not_on_record_is_found_by_its_sound(text: str) -> None:
    resolution = resolve(text)

    assert (resolution.organisation, resolution.outcome) == (Organisation.objects.get(name="Nikšić"), Outcome.SPELLING)


@pytest.mark.parametrize("text", ["Dimitrovgrad", "Димитровград"])
def test_resolve_name_of_two_is_ambiguous_and_names_both(text: str) -> None:
    resolution = resolve(text)

    assert (resolution.outcome, resolution.organisation) == (Outcome.AMBIGUOUS, None)
    assert [found.country_id for found in resolution.candidates] == ["BG", "RS"]
    assert "Dimitrovgrad (BG), Dimitrovgrad (RS)" in resolution.message


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Dimitrovgrad (Bulgaria)", "BG"),
        ("Dimitrovgrad, RS", "RS"),
        ("Димитровград (Србија)", None),
        ("Димитровград (България)", "BG"),
        ("Dimitrovgrad (Serbia)", "RS"),
    ],
)
def test_resolve_country_behind_the_name_decides(text: str, code: str | None) -> None:
    found = resolve(text).organisation

    assert (found.country_id if found else None) == code


def test_resolve_country_given_apart_decides() -> None:
    assert resolve("Dimitrovgrad", country="RS").organisation == Organisation.objects.get(country="RS")
    assert resolve("Skopje", country="RS").outcome == Outcome.UNKNOWN


def test_resolve_abbreviation_finds_the_organisation() -> None:
    assert resolve("TBB").organisation == Organisation.objects.get(slug="tbb")


@pytest.mark.parametrize("text", ["Vienna", "", "   ", "123", "?!"])
def test_resolve_unknown_name_is_said_to_be_unknown(text: str) -> None:
    resolution = resolve(text)

    assert (resolution.outcome, resolution.organisation, resolution.candidates) == (Outcome.UNKNOWN, None, ())
    assert "not in the register" in resolution.message


def test_resolve_misspelt_name_is_unknown_with_a_suggestion_and_never_guessed() -> None:
    resolution = resolve("Thesaloniqui")

    assert (resolution.outcome, resolution.organisation) == (Outcome.UNKNOWN, None)
    assert [found.name for found in resolution.candidates] == ["Thessaloniki"]
    assert "did you mean Thessaloniki (GR)?" in resolution.message


@pytest.mark.parametrize("count", [1, 8])
def test_resolve_all_asks_as_many_queries_whatever_the_number(count: int, django_assert_num_queries: object) -> None:
    texts = [*list(UNAMBIGUOUS)[:count], "Dimitrovgrad (RS)"]

    with django_assert_num_queries(3):  # type: ignore[operator]
        found = resolve_all(texts)

    assert all(resolution.organisation for resolution in found.values())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(UNAMBIGUOUS)), st.sampled_from([str, str.upper, str.lower, str.title])),
        min_size=1,
        max_size=8,
    )
)
def test_resolve_all_known_names_in_any_case_and_order(spoken: list[tuple[str, object]]) -> None:
    texts = {change(spelling): UNAMBIGUOUS[spelling] for spelling, change in spoken}  # type: ignore[operator]

    found = resolve_all(texts)

    assert {
        text: resolution.organisation.name for text, resolution in found.items() if resolution.organisation
    } == texts


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_resolve_any_text_never_raises_and_never_finds_without_a_shared_key(text: str) -> None:
    resolution = resolve(text)

    assert (resolution.organisation is not None) == (resolution.outcome in (Outcome.NAME, Outcome.SPELLING))
