"""News on every channel: told to everybody from its day on, before that to staff alone."""

import datetime as dt
from xml.etree import ElementTree

import pytest
import time_machine
from django.urls import reverse

from b40.pages import opengraph
from b40.pages.cards import Card
from tests.factories import MeetingFactory, NewsItemFactory, OrganisationFactory, PhotoFactory, UserFactory

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
WORD = "Confidential"
EVE, DAY = dt.datetime(2026, 3, 8, 20, 59, tzinfo=dt.UTC), dt.datetime(2026, 3, 8, 21, 1, tzinfo=dt.UTC)


@pytest.fixture(params=["draft", "waiting"])
def hidden(request):
    """An item that would be everywhere if it leaked: with a meeting, a city and a picture, beside a public one."""
    sofia = OrganisationFactory(name="Sofia", slug="sofia")
    meeting = MeetingFactory(slug="round", title="Spring round")
    with time_machine.travel(EVE, tick=False):
        NewsItemFactory(slug="known", title="Known to all", published_on=dt.date(2026, 3, 1))
        item = NewsItemFactory(
            slug="hidden", title=f"{WORD} visit", summary=WORD, text=WORD, kind="visit", meeting=meeting,
            organisations=[sofia], published_on=None if request.param == "draft" else dt.date(2026, 3, 9),
        )  # fmt: skip
        PhotoFactory(news_item=item, alt=WORD, caption=WORD)
        yield item


CHANNELS = [
    "/",
    "/news/",
    "/news/?kind=visit",
    "/news/?city=sofia",
    "/news/known/",
    "/news.atom",
    "/cities/sofia/",
    "/meetings/round/",
    "/sitemap-news.xml",
]


def tells(client, address):
    text = client.get(address).text
    return WORD in text or "/news/hidden/" in text


@pytest.mark.parametrize("address", CHANNELS)
def test_hidden_news_is_on_no_channel(client, hidden, address):
    assert client.get(address).status_code == 200
    assert not tells(client, address)


def test_hidden_news_is_found_by_no_search(client, hidden):
    assert client.get("/search/", {"q": WORD}).context["findings"] == []
    assert client.get("/news/", {"q": WORD}).context["number"] == 0


@pytest.mark.parametrize("address", ["/news/hidden/", "/og/news/hidden.png"])
def test_hidden_news_itself_is_not_found(client, hidden, address):
    response = client.get(address)

    assert response.status_code == 404
    assert WORD not in response.text


def test_picture_of_hidden_news_is_handed_to_staff_alone(client, hidden):
    address = hidden.photos.get().image.url
    public = client.get(address)
    client.force_login(UserFactory(staff=True))
    private = client.get(address)
    b"".join(private.streaming_content)

    assert (public.status_code, private.status_code) == (404, 200)
    assert private["Cache-Control"] == "private, no-store"


def test_staff_see_hidden_news_where_they_work_and_read_that_it_is_hidden(client, hidden):
    client.force_login(UserFactory(staff=True))

    told = {address for address in ["/news/hidden/", *CHANNELS] if tells(client, address)}

    assert told >= {"/news/hidden/", "/news/", "/news/?city=sofia", "/cities/sofia/", "/meetings/round/"}
    assert told.isdisjoint({"/", "/news.atom", "/sitemap-news.xml"})  # these are the same for everybody
    assert "Only staff see this page" in client.get("/news/hidden/").text
    assert '<span class="badge is-draft">' in client.get("/news/").text
    assert [finding.heading for finding in client.get("/search/", {"q": WORD}).context["findings"]] == ["News"]


@pytest.mark.parametrize("hidden", ["waiting"], indirect=True)
def test_on_its_day_news_is_on_every_channel(client, hidden):
    with time_machine.travel(DAY, tick=False):
        silent = [address for address in ["/news/hidden/", *CHANNELS] if not tells(client, address)]
        found = client.get("/search/", {"q": WORD}).context["findings"]
        picture = client.get(hidden.photos.get().image.url)
        b"".join(picture.streaming_content)

        assert silent == []
        assert [result.url for finding in found for result in finding.results] == ["/news/hidden/"]
        assert (picture.status_code, picture["Cache-Control"]) == (200, "public, max-age=604800, immutable")
        assert client.get("/og/news/hidden.png").status_code == 200


# --- Feed ------------------------------------------------------------------------------------------------------------


def entries(client):
    return ElementTree.fromstring(client.get("/news.atom").content).findall(f"{ATOM}entry")


def test_feed_is_atom_with_a_lasting_identity_an_author_and_its_own_address(client):
    response = client.get("/news.atom")
    feed = ElementTree.fromstring(response.content)

    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert response["Link"] == '<http://testserver/news/>; rel="alternate"; type="text/html"'
    assert feed.findtext(f"{ATOM}id") == "tag:b40network.org,2021:news"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "B40 Balkan Cities Network, Permanent Secretariat"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"alternate": "http://testserver/news/", "self": "http://testserver/news.atom"}
    assert entries(client) == []


def test_entry_keeps_its_identity_through_new_title_and_address(client):
    with time_machine.travel(dt.datetime(2026, 1, 1, 9, tzinfo=dt.UTC), tick=False):
        sofia = OrganisationFactory(name="Sofia")
        item = NewsItemFactory(
            kind="visit", text="<p>Bread &amp; <b>water</b> &lt;i&gt;</p>", organisations=[sofia],
            published_on=dt.date(2026, 1, 1),
        )  # fmt: skip
    with time_machine.travel(dt.datetime(2026, 2, 1, 9, tzinfo=dt.UTC), tick=False):
        item.title, item.slug = "Visit & talks", "visit"
        item.save()

    (entry,) = entries(client)

    assert {child.tag.removeprefix(ATOM): child.text for child in entry if child.text} == {
        "title": "Visit & talks",
        "id": f"tag:b40network.org,2021:news/{item.pk}",
        "published": "2026-01-01T00:00:00+03:00",
        "updated": "2026-02-01T09:00:00+00:00",
        "summary": "Bread &amp; water &lt;i&gt;",  # a summary of Atom is HTML
    }
    assert entry.find(f"{ATOM}link").get("href") == "http://testserver/news/visit/"
    assert [category.get("term") for category in entry.findall(f"{ATOM}category")] == ["visit", "Sofia"]


@pytest.mark.parametrize("number", [1, 3])
def test_feed_asks_two_queries_whatever_the_number_of_items(client, django_assert_num_queries, number):
    NewsItemFactory.create_batch(number, organisations=[OrganisationFactory()])

    with django_assert_num_queries(2):
        assert len(entries(client)) == number


def test_feed_is_bounded_newest_first_and_answers_that_nothing_changed(client):
    NewsItemFactory.create_batch(33)
    first = client.get("/news.atom")
    again = client.get("/news.atom", headers={"if-modified-since": first["Last-Modified"]})

    days = [entry.findtext(f"{ATOM}published") for entry in entries(client)]
    assert (len(days), days) == (30, sorted(days, reverse=True))
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("hidden", ["waiting"], indirect=True)
def test_reader_of_the_feed_is_told_of_what_waited_for_its_day(client, hidden):
    with time_machine.travel(EVE, tick=False):
        before = client.get("/news.atom")
    with time_machine.travel(DAY, tick=False):
        after = client.get("/news.atom", headers={"if-modified-since": before["Last-Modified"]})

    assert (after.status_code, WORD in after.text) == (200, True)


# --- Home, city, meeting, search, sitemap, card -----------------------------------------------------------------------


def test_home_shows_the_latest_three_and_no_block_without_any(client):
    empty = client.get("/")
    for number in range(1, 5):
        NewsItemFactory(title=f"Item {number}", published_on=dt.date(2025, 1, number))

    shown = client.get("/")

    assert 'id="news"' not in empty.text
    assert [item.title for item in shown.context["news"]] == ["Item 4", "Item 3", "Item 2"]
    assert 'href="/news/">All news' in shown.text


def test_pages_of_a_meeting_and_of_a_city_show_what_speaks_of_them_alone(client):
    sofia, iclei = OrganisationFactory(slug="sofia"), OrganisationFactory(observer=True, slug="iclei")
    meeting, other = MeetingFactory(slug="round"), MeetingFactory(slug="other")
    NewsItemFactory(title="Of the round", meeting=meeting)
    NewsItemFactory(title="Of the city", organisations=[sofia, iclei])

    def block(address):
        response = client.get(address)
        titles = [item.title for item in response.context["news"]]
        assert ('id="news"' in response.text) is bool(titles)
        return titles

    assert block(meeting.get_absolute_url()) == ["Of the round"]
    assert block(other.get_absolute_url()) == []
    assert block("/cities/sofia/") == block("/observers/iclei/") == ["Of the city"]
    assert block(OrganisationFactory().get_absolute_url()) == []


def test_city_page_shows_the_latest_five_and_leads_to_all(client):
    sofia = OrganisationFactory(name="Sofia", slug="sofia")
    NewsItemFactory.create_batch(7, organisations=[sofia])

    response = client.get("/cities/sofia/")

    assert len(response.context["news"]) == 5
    assert 'href="/news/?city=sofia">All news that speaks of Sofia' in response.text
    assert client.get("/news/?city=sofia").context["number"] == 7


def test_search_finds_news_and_leads_to_all_that_bears_the_words(client):
    sofia = OrganisationFactory(name="Sofia")
    NewsItemFactory.create_batch(
        6, title="Flood in the valley", kind="visit", published_on=dt.date(2025, 5, 12), organisations=[sofia]
    )

    (finding,) = client.get("/search/", {"q": "flood"}).context["findings"]

    assert (finding.heading, finding.total, finding.more_url) == ("News", 6, "/news/?q=flood")
    assert (finding.results[0].kind, finding.results[0].text) == ("Visit", "12 May 2025 · Sofia")


def test_sitemap_tells_when_news_was_published_or_changed(client):
    with time_machine.travel(dt.datetime(2026, 1, 1, 9, tzinfo=dt.UTC), tick=False):
        NewsItemFactory(slug="waited", published_on=dt.date(2026, 1, 9))
    with time_machine.travel(dt.datetime(2026, 2, 1, 9, tzinfo=dt.UTC), tick=False):
        page, index = client.get("/sitemap-news.xml").text, client.get("/sitemap.xml").text

    assert "<loc>http://testserver/news/waited/</loc><lastmod>2026-01-09</lastmod>" in page
    assert "<loc>http://testserver/sitemap-news.xml</loc><lastmod>2026-01-09T00:00:00+03:00</lastmod>" in index


def test_card_of_news_tells_kind_day_and_cities():
    sofia, athens = OrganisationFactory(name="Sofia"), OrganisationFactory(name="Athens")
    NewsItemFactory(
        slug="valley", title="Visit to the valley", kind="visit", published_on=dt.date(2025, 5, 12),
        organisations=[sofia, athens],
    )  # fmt: skip

    assert opengraph.CARDS["news"]("valley") == Card(
        eyebrow="Visit", title="Visit to the valley", facts=("12 May 2025", "Athens, Sofia")
    )


def test_menu_and_feeds_lead_to_the_news_from_every_page(client):
    page = client.get("/about/").text

    assert page.count(f'href="{reverse("meetings:news_list")}"') == 2
    assert 'type="application/atom+xml" title="News of the B40 Balkan Cities Network" href="/news.atom"' in page
