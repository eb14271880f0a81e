import datetime as dt
import io

import pytest
from django.core.cache import caches
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFont

from b40.pages import cards, opengraph
from b40.pages.cards import Card
from meetings.models import MeetingStatus
from tests import factories


@pytest.fixture(autouse=True)
def empty_cache():
    caches["answers"].clear()


def drawn(response):
    return Image.open(io.BytesIO(response.content))


def records():
    city = factories.OrganisationFactory(slug="sofia")
    topic = factories.TopicFactory(slug="heat", group__slug="climate")
    factories.MeetingFactory(slug="round", host_city=city, mode="in_person")
    factories.NewsItemFactory(slug="flood", organisations=[city])
    factories.PresidencyFactory(city=city, started_on=dt.date(2025, 2, 24))
    factories.OrganisationFactory(observer=True, slug="iclei")
    return topic


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "site/b40",
        "meeting/round",
        "news/flood",
        "city/sofia",
        "observer/iclei",
        "presidency/sofia-2025-02-24",
        "group/climate",
        "topic/heat",
    ],
)
def test_each_kind_has_a_picture_of_the_size_that_sites_ask_for(client, path):
    records()

    response = client.get(f"/og/{path}.png")

    assert response["Content-Type"] == "image/png"
    assert drawn(response).size == (1200, 630)
    assert len(response.content) < 60_000


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "meeting/none",
        "news/round",
        "city/iclei",
        "observer/sofia",
        "presidency/sofia-2025-02-25",
        "presidency/sofia",
        "presidency/x-2025-13-40",
        "mayor/sofia",
        "site/other",
    ],
)
def test_what_is_not_there_has_no_picture(client, path):
    records()

    assert client.get(f"/og/{path}.png").status_code == 404


@pytest.mark.django_db
def test_drafts_have_no_picture_whoever_asks(client):
    factories.MeetingFactory(slug="plan", status=MeetingStatus.DRAFT)
    factories.TopicFactory(slug="idea", status="draft")
    client.force_login(factories.UserFactory(staff=True))

    assert [client.get(f"/og/{path}.png").status_code for path in ("meeting/plan", "topic/idea")] == [404, 404]


@pytest.mark.django_db
def test_the_card_of_a_meeting_tells_kind_days_place_and_cities():
    city = factories.OrganisationFactory(name="Sofia")
    factories.OrganisationNameFactory(organisation=city, text="София", language="bg", is_native=True)
    meeting = factories.MeetingFactory(
        title="Summit",
        kind="summit",
        mode="in_person",
        host_city=city,
        start_on=dt.date(2025, 2, 23),
        end_on=dt.date(2025, 2, 25),
    )
    factories.AttendanceFactory.create_batch(2, meeting=meeting)

    assert opengraph.CARDS["meeting"](meeting.slug) == Card(
        eyebrow="Summit",
        title="Summit",
        facts=("23–25 February 2025", "Sofia София"),
        number=2,
        number_label="cities came",
    )


@pytest.mark.django_db
def test_an_unchanged_picture_is_not_sent_or_drawn_again(client, monkeypatch):
    meeting = factories.MeetingFactory()
    path = f"/og/meeting/{meeting.slug}.png"
    first = client.get(path)
    monkeypatch.setattr(opengraph, "draw", lambda card: pytest.fail("drawn again"))

    again = client.get(path, headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert client.get(path).content == first.content
    assert first["Cache-Control"] == "public, max-age=3600"


@pytest.mark.django_db
def test_a_changed_record_gives_another_picture(client):
    meeting = factories.MeetingFactory()
    path = f"/og/meeting/{meeting.slug}.png"
    before = client.get(path)
    meeting.title = "Another title"
    meeting.save()

    after = client.get(path, headers={"if-none-match": before["ETag"]})

    assert after.status_code == 200
    assert after["ETag"] != before["ETag"]


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=200))
@settings(max_examples=60, deadline=None)
def test_a_title_is_broken_between_words_and_stays_inside(title):
    font, lines = cards.layout(title, 1056, 256)

    whole = " ".join(title.split())
    set_text = " ".join(lines)
    assert set_text == whole or (set_text.endswith("…") and whole.startswith(set_text.removesuffix("…").strip()))
    assert set(set_text.removesuffix("…").split()) <= set(whole.split())
    assert isinstance(font, ImageFont.FreeTypeFont)


@pytest.mark.parametrize("word", ["Θεσσαλονίκη", "Скопје", "Đakovo", "Şişli", "Niš", "Ploieşti", "Gjirokastër"])
def test_every_letter_of_the_regions_scripts_is_in_the_typeface(word):
    font = cards._font("Bold", 40)
    missing = font.getmask("\uffff").getbbox(), bytes(font.getmask("\uffff"))

    assert all((font.getmask(letter).getbbox(), bytes(font.getmask(letter))) != missing for letter in word)
