"""The list of news, and the page of one."""

import datetime as dt
import json
import re

import pytest
import time_machine
from pytest_django.asserts import assertContains, assertNotContains

from tests.factories import (
    MeetingFactory,
    NewsItemFactory,
    OrganisationFactory,
    OrganisationNameFactory,
    PhotoFactory,
    SourceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LIST = "/news/"


def titles(response):
    return [item.title for item in response.context["page"]]


def options(response, name):
    choices = response.context["form"].fields[name].widget.choices
    return [(value, label) for value, label in choices if value]


def structured(response):
    (written,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.text)
    return json.loads(written)


# --- The list --------------------------------------------------------------------------------------------------------


def test_newest_stands_first_and_of_one_day_the_last_written(client):
    for title, day in (("Old", 1), ("New", 9), ("First", 5), ("Second", 5)):
        NewsItemFactory(title=title, published_on=dt.date(2025, 4, day))

    assert titles(client.get(LIST)) == ["New", "Second", "First", "Old"]


def test_row_tells_day_kind_cities_gist_and_shows_the_first_picture_alone(client):
    sofia = OrganisationFactory(name="Sofia")
    item = NewsItemFactory(
        kind="visit", published_on=dt.date(2025, 4, 9), organisations=[sofia], text="<p>They <em>came</em>.</p>"
    )
    PhotoFactory(news_item=item, alt="Second picture", order=2)
    PhotoFactory(news_item=item, alt="First picture", order=1)

    response = client.get(LIST)

    assertContains(response, '<time class="meeting-date" datetime="2025-04-09">')
    assertContains(response, "<span>Visit</span>", html=True)
    assertContains(response, "<span>Sofia</span>", html=True)
    assertContains(response, '<p class="news-gist">They came.</p>', html=True)
    assertContains(response, 'alt="First picture"')
    assertNotContains(response, "Second picture")


@pytest.fixture
def news():
    sofia, athens = OrganisationFactory(name="Sofia", slug="sofia"), OrganisationFactory(name="Athens", slug="athens")
    OrganisationNameFactory(organisation=athens, text="Αθήνα")
    day = dt.date
    NewsItemFactory(title="Flood", kind="visit", published_on=day(2024, 5, 1), organisations=[sofia, athens])
    NewsItemFactory(title="Clean air", kind="statement", published_on=day(2025, 5, 1), organisations=[athens])
    NewsItemFactory(title="Youth week", kind="call", published_on=day(2025, 6, 1), text="<p>Ξενοδοχεία</p>")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Youth week", "Clean air", "Flood"]),
        ("q=clean", ["Clean air"]),
        ("q=ΞΕΝΟΔ", ["Youth week"]),
        ("kind=visit", ["Flood"]),
        ("year=2025", ["Youth week", "Clean air"]),
        ("city=athens", ["Clean air", "Flood"]),
        ("city=ΑΘΗΝΑ", ["Clean air", "Flood"]),
        ("city=athens&year=2024", ["Flood"]),
        ("city=athens&kind=call", []),
    ],
)
def test_filters_combine(client, news, query, found):
    response = client.get(f"{LIST}?{query}")

    assert titles(response) == found
    assert response.context["number"] == len(found)
    assert response.context["total"] == 3


@pytest.mark.parametrize("query", ["kind=party", "year=soon", "city=Atlantis", "q=!!!", "q=%00"])
def test_filter_that_cannot_be_read_is_left_out_and_says_so(client, news, query):
    response = client.get(f"{LIST}?{query}")

    assert (response.status_code, len(titles(response)), len(response.context["asked"].remarks)) == (200, 3, 1)
    assertContains(response, "This filter was left out.")


def test_every_option_tells_how_many_it_would_leave(client, news):
    response = client.get(f"{LIST}?year=2025")

    assert options(response, "kind") == [("statement", "Statement (1)"), ("call", "Call (1)")]
    assert options(response, "year") == [("2025", "2025 (2)"), ("2024", "2024 (1)")]


def test_where_nothing_fits_ways_out_and_the_city_of_that_name_are_told(client, news):
    OrganisationFactory(name="Kavala")
    crossed, named = client.get(f"{LIST}?city=athens&kind=call"), client.get(f"{LIST}?q=kavala")

    assert [(way["name"], way["number"]) for way in crossed.context["ways_out"]] == [("kind", 2), ("city", 1)]
    assertContains(named, "Kavala is in the register")


def test_list_is_parted_into_pages_that_keep_the_filter(client):
    NewsItemFactory.create_batch(23, kind="visit")
    NewsItemFactory(kind="call")

    first, second = client.get(f"{LIST}?kind=visit"), client.get(f"{LIST}?kind=visit&page=2")

    assert (len(titles(first)), len(titles(second))) == (20, 3)
    assertContains(first, 'href="?kind=visit&amp;page=2"')
    assert client.get(f"{LIST}?page=3").status_code == 404


def test_empty_record_says_so_without_a_filter(client):
    response = client.get(LIST)

    assertContains(response, "No news is published yet")
    assertNotContains(response, "data-auto-submit")


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("query", "queries"), [("", 7), ("?q=flood", 8), ("?city=sofia&kind=visit", 10)])
def test_list_asks_a_fixed_number_of_queries(client, django_assert_num_queries, number, query, queries):
    sofia = OrganisationFactory(slug="sofia")
    for _number in range(number):
        item = NewsItemFactory(title="Flood", kind="visit", organisations=[sofia, OrganisationFactory()])
        PhotoFactory.create_batch(number, news_item=item)

    with django_assert_num_queries(queries):
        response = client.get(f"{LIST}{query}")

    assert len(titles(response)) == number


# --- The page --------------------------------------------------------------------------------------------------------


@pytest.fixture
def story():
    sofia = OrganisationFactory(name="Sofia", slug="sofia")
    OrganisationNameFactory(organisation=sofia, text="София", language="bg", is_native=True)
    iclei = OrganisationFactory(observer=True, name="ICLEI", slug="iclei")
    item = NewsItemFactory(
        title="Visit to the valley", slug="valley", kind="visit", published_on=dt.date(2025, 5, 12),
        summary="Two mayors came.", text='<h2>Promised</h2><p onclick="x()">Pumps<script>alert(1)</script></p>',
        meeting=MeetingFactory(title="The spring round", slug="round"), organisations=[sofia, iclei],
    )  # fmt: skip
    item.sources.add(SourceFactory(url="https://example.org/valley", title="The valley's paper"))
    PhotoFactory(news_item=item, alt="A bridge", caption="The bridge.", credit="Ana")
    return item


def test_page_shows_all_that_is_on_record(client, story):
    response = client.get("/news/valley/")

    assertContains(response, '<h1 class="is-long">Visit to the valley</h1>', html=True)
    assertContains(response, "Visit · 12 May 2025")
    assertContains(response, "Two mayors came.")
    assertContains(response, "<h2>Promised</h2><p>Pumps</p>", html=True)
    assertContains(response, story.photos.get().image.srcset)
    assertContains(response, "The bridge. Photo: Ana")
    assertContains(response, '<a href="/meetings/round/">The spring round</a>', html=True)
    assertContains(response, 'href="/cities/sofia/"')
    assertContains(response, "София")
    assertContains(response, 'href="/observers/iclei/"')
    assertContains(response, "The valley's paper, example.org", html=True)


def test_page_describes_itself_to_other_sites(client, story):
    response = client.get("/news/valley/")

    assertContains(response, '<meta property="og:type" content="article">')
    assertContains(response, '<meta property="og:image" content="http://testserver/og/news/valley.png">')
    assertContains(response, '<meta property="article:published_time" content="2025-05-12T00:00:00+03:00">')
    assertContains(response, '<link rel="canonical" href="http://testserver/news/valley/">')
    assertContains(response, '<meta name="description" content="Two mayors came.">')


def test_structured_data_is_a_news_article(client, story):
    said = structured(client.get("/news/valley/"))

    network = {
        "@type": "Organization",
        "@id": "http://testserver/#network",
        "name": "B40 Balkan Cities Network",
        "url": "http://testserver/",
    }
    picture = f"http://testserver{story.photos.get().image.url}"
    assert dt.datetime.fromisoformat(said.pop("dateModified")) == story.changed_at.replace(
        microsecond=story.changed_at.microsecond // 1000 * 1000
    )
    assert said == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": "http://testserver/news/valley/#article",
        "headline": "Visit to the valley",
        "url": "http://testserver/news/valley/",
        "mainEntityOfPage": "http://testserver/news/valley/",
        "description": "Two mayors came.",
        "articleSection": "visit",
        "datePublished": "2025-05-12",
        "author": network,
        "publisher": network,
        "about": [
            {"@type": "Organization", "name": "ICLEI", "url": "http://testserver/observers/iclei/"},
            {"@type": "City", "name": "Sofia", "url": "http://testserver/cities/sofia/"},
        ],
        "citation": ["https://example.org/valley"],
        "image": [picture, "http://testserver/og/news/valley.png"],
    }


def test_page_of_bare_news_has_no_empty_parts(client):
    item = NewsItemFactory(title="Short", text="", summary="")

    response = client.get(item.get_absolute_url())

    for part in ("text", "photos", "about", "sources"):
        assertNotContains(response, f'id="{part}"')
    assert structured(response).keys().isdisjoint({"description", "about", "citation"})


def test_draft_meeting_is_not_told_by_the_news_that_speaks_of_it(client):
    meeting = MeetingFactory(title="Secret round", status="draft")
    item = NewsItemFactory(meeting=meeting)

    shown = client.get(item.get_absolute_url())
    client.force_login(UserFactory(staff=True))

    assertNotContains(shown, "Secret round")
    assertContains(client.get(item.get_absolute_url()), "Secret round")


def test_neighbours_are_the_news_published_before_and_after(client):
    day = dt.date
    for slug, on in (("a", day(2025, 1, 1)), ("b", day(2025, 2, 1)), ("c", day(2025, 2, 1)), ("d", day(2025, 3, 1))):
        NewsItemFactory(slug=slug, published_on=on)
    NewsItemFactory(slug="draft", draft=True)
    staff = UserFactory(staff=True)
    client.force_login(staff)

    def beside(slug):
        context = client.get(f"/news/{slug}/").context
        return [getattr(context[name], "slug", None) for name in ("previous", "following")]

    assert [beside(slug) for slug in ("a", "b", "c", "d", "draft")] == [
        [None, "b"], ["a", "c"], ["b", "d"], ["c", None], [None, None],
    ]  # fmt: skip


@pytest.mark.parametrize("number", [1, 3])
def test_page_asks_a_fixed_number_of_queries(client, django_assert_num_queries, number):
    cities = OrganisationFactory.create_batch(number)
    for city in cities:
        OrganisationNameFactory(organisation=city)
    item = NewsItemFactory(meeting=MeetingFactory(), organisations=cities)
    item.sources.set(SourceFactory.create_batch(number))
    PhotoFactory.create_batch(number, news_item=item)
    NewsItemFactory.create_batch(number)

    with django_assert_num_queries(8):
        assert client.get(item.get_absolute_url()).status_code == 200


# --- What an item says of itself -------------------------------------------------------------------------------------


def test_gist_is_the_summary_or_the_beginning_of_the_text():
    long = f"<p>{'word ' * 100}</p>"

    assert NewsItemFactory(summary="In short.", text=long).gist == "In short."
    assert NewsItemFactory(summary="", text=long).gist == "word " * 39 + "word…"
    assert NewsItemFactory(summary="", text="").gist == ""


@time_machine.travel(dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC), tick=False)
def test_what_waited_for_its_day_changes_on_that_day():
    """Midnight is the secretariat's, three hours before that of Greenwich."""
    now = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
    draft, past = NewsItemFactory(draft=True), NewsItemFactory(published_on=dt.date(2025, 1, 1))
    waiting = NewsItemFactory(published_on=dt.date(2026, 3, 9))

    assert [item.updated_at for item in (draft, past)] == [now, now]
    assert waiting.updated_at == dt.datetime(2026, 3, 8, 21, tzinfo=dt.UTC)
    assert [(item.is_draft, item.is_waiting) for item in (draft, past, waiting)] == [
        (True, False), (False, False), (False, True),
    ]  # fmt: skip
