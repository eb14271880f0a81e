import datetime as dt
import re

import pytest

from b40.pages.findings import COUNTED, SHOWN, find
from meetings.models import MeetingStatus
from tests import factories


def skopje():
    city = factories.OrganisationFactory(name="Skopje", country__name="North Macedonia")
    factories.OrganisationNameFactory(organisation=city, text="Скопје", language="mk", is_native=True)
    factories.OrganisationNameFactory(organisation=city, text="Üsküp")
    return city


def ask(client, text):
    return client.get("/search/", {"q": text})


def headings(response):
    return [finding.heading for finding in response.context_data["findings"]]


def titles(response):
    return [result.title for finding in response.context_data["findings"] for result in finding.results]


def fill(number):
    """So many rows of each kind that bear the word, and no city that is named by it."""
    for row in range(number):
        factories.OrganisationFactory(name=f"Lipa {row}")
        factories.OrganisationFactory(observer=True, name=f"Lipa network {row}")
        factories.MeetingFactory(title=f"Lipa meeting {row}")
        factories.NewsItemFactory(title=f"Lipa news {row}", organisations=[factories.OrganisationFactory()])
        term = factories.PresidencyFactory(city__name=f"Lipa grad {row}")
        factories.OfficeChangeFactory(presidency=term, person__name=f"Ana Lipa {row}")
        factories.FormerNameFactory(name=f"Lipa group {row}")
        factories.TopicFactory(title=f"Lipa topic {row}")
        factories.DocumentFactory(title=f"Lipa paper {row}")


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_search_asks_as_many_queries_whatever_the_number_of_rows(client, django_assert_num_queries, number):
    fill(number)

    with django_assert_num_queries(30):
        response = ask(client, "lipa")

    assert len(headings(response)) == 9


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["Üsküp", "uskup", "ÜSKÜP", "Ускуп"])
def test_a_city_is_found_by_any_spelling_and_the_page_says_which_matched(client, text):
    city = skopje()

    response = ask(client, text)

    assert (response.context_data["best"], response.context_data["spelling"]) == (city, "Üsküp")
    assert "“Üsküp” is one of the names on record for Skopje." in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["Skopje", "skopje"])
def test_a_citys_english_name_needs_no_explanation(client, text):
    city = skopje()

    context = ask(client, text).context_data

    assert (context["best"], context["spelling"], context["findings"]) == (city, "", [])


@pytest.mark.django_db
def test_records_that_write_the_english_name_are_found_by_another_name_of_the_city(client):
    skopje()
    factories.MeetingFactory(title="Workshop in Skopje")

    assert titles(ask(client, "Üsküp")) == ["Workshop in Skopje"]


@pytest.mark.django_db
def test_two_cities_of_one_name_are_both_shown_with_their_countries(client):
    for country in ("Bulgaria", "Serbia"):
        factories.OrganisationFactory(name="Dimitrovgrad", country__name=country)

    response = ask(client, "Димитровград")
    page = response.content.decode()

    assert response.context_data["best"] is None
    assert len(response.context_data["namesakes"]) == 2
    assert "More than one bears this name" in page
    assert "Bulgaria" in page
    assert "Serbia" in page


@pytest.mark.django_db
def test_a_misspelt_name_is_answered_with_the_closest(client):
    factories.OrganisationFactory(name="Thessaloniki")

    response = ask(client, "Tesalonikki port")
    close = ask(client, "Thesaloniko")

    assert response.context_data["findings"] == []
    assert [city.name for city in close.context_data["suggestions"]] == ["Thessaloniki"]
    assert "Did you mean" in close.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make", "text", "heading", "title"),
    [
        (lambda: factories.OrganisationFactory(name="Novo Mesto"), "mesto", "Cities", "Novo Mesto"),
        (
            lambda: factories.OrganisationFactory(observer=True, name="Climate Alliance"),
            "alliance",
            "Observers and partners",
            "Climate Alliance",
        ),
        (lambda: factories.MeetingFactory(title="Spring round"), "ROUND spring", "Meetings", "Spring round"),
        (
            lambda: factories.PresidencyFactory(city__name="Novi Pazar", started_on=dt.date(2025, 1, 1)),
            "pazar",
            "Presidencies",
            "Novi Pazar presidency, 2025",
        ),
        (
            lambda: factories.OfficeChangeFactory(person__name="Ekrem İmamoğlu"),
            "imamoglu ekrem",
            "People in office",
            "Ekrem İmamoğlu",
        ),
        (
            lambda: factories.FormerNameFactory(name="Local Economic Cooperation", group__name="Economy and Culture"),
            "economic cooperation",
            "Working groups",
            "Economy and Culture",
        ),
        (lambda: factories.TopicFactory(title="Urban heat islands"), "heat urban", "Topics", "Urban heat islands"),
        (lambda: factories.DocumentFactory(title="Déclaration"), "declaration", "Documents", "Déclaration"),
    ],
)
def test_each_kind_is_found(client, make, text, heading, title):
    make()

    findings = {finding.heading: finding for finding in ask(client, text).context_data["findings"]}

    assert [result.title for result in findings[heading].results] == [title]


@pytest.mark.django_db
def test_a_president_leads_to_the_presidency_and_the_permanent_secretary_to_the_bodies(client):
    term = factories.PresidencyFactory()
    factories.OfficeChangeFactory(presidency=term, person__name="Ana Kovač")
    factories.OfficeChangeFactory(secretary=True, person__name="Ana Petrović")

    people = {finding.heading: finding for finding in ask(client, "ana").context_data["findings"]}["People in office"]

    assert [(result.title, result.url) for result in people.results] == [
        ("Ana Kovač", term.get_absolute_url()),
        ("Ana Petrović", "/about/#bodies"),
    ]


@pytest.mark.django_db
def test_drafts_and_what_belongs_to_them_are_found_by_staff_alone(client):
    draft = factories.MeetingFactory(title="Lipa plan", status=MeetingStatus.DRAFT)
    factories.DocumentFactory(title="Lipa paper", meeting=draft)
    factories.TopicFactory(title="Lipa topic", status="draft")

    assert titles(ask(client, "lipa")) == []
    client.force_login(factories.UserFactory(staff=True))
    assert titles(ask(client, "lipa")) == ["Lipa plan", "Lipa topic", "Lipa paper"]


@pytest.mark.django_db
def test_a_long_list_is_cut_and_leads_to_all_of_it_with_the_text(client):
    factories.MeetingFactory.create_batch(SHOWN + 2, title="Lipa & co")

    finding = ask(client, "lipa & co").context_data["findings"][0]

    assert (len(finding.results), finding.total, finding.more_url) == (SHOWN, SHOWN + 2, "/meetings/?q=lipa+%26+co")


@pytest.mark.django_db
def test_counting_stops_at_a_hundred():
    for row in range(COUNTED + 5):
        factories.TopicFactory(group=None, title=f"Lipa {row}")

    (finding,) = find(factories.UserFactory(), "lipa")

    assert (finding.total, finding.count) == (COUNTED + 1, "100+")


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "   ", "!?"])
def test_without_a_word_the_page_says_how_to_search(client, text):
    response = ask(client, text)

    assert response.status_code == 200
    assert "What you can look for" in response.content.decode()


@pytest.mark.django_db
def test_200_characters_are_searched_and_201_refused_in_a_sentence(client):
    allowed, refused = ask(client, "a" * 200), ask(client, "a" * 201)

    assert "Nothing found" in allowed.content.decode()
    assert "Please ask in at most 200 characters." in refused.content.decode()
    assert refused.context_data["answered"] is False


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["\x00", "a\x00b", "%", "_", "'; DROP TABLE members_organisation;--", "🏛"])
def test_odd_texts_are_answered_calmly(client, text):
    factories.OrganisationFactory(name="Ruse")

    response = ask(client, text)

    assert response.status_code == 200
    assert "Ruse" not in re.sub(r"<header.*?</header>", "", response.content.decode(), flags=re.DOTALL)


@pytest.mark.django_db
def test_the_text_is_shown_as_text(client):
    page = ask(client, '"><script>alert(1)</script>').content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.django_db
def test_search_pages_are_not_for_search_engines(client):
    assert '<meta name="robots" content="noindex">' in ask(client, "a").content.decode()
