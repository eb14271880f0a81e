"""News in the secretariat's admin: written, illustrated, told apart by standing, and found."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from meetings.models import Meeting, NewsItem, Photo
from members.models import Change
from tests.b40.admin_rows import (
    MAKERS,
    address,
    city,
    client_of,
    confirmed,
    meeting,
    news_item,
    picture,
    secretariat_user,
    source,
    typed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    return client_of(secretariat_user())


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("picture.png", picture().read(), "image/png")


def test_news_is_written_with_its_pictures_and_what_it_speaks_of(staff: Client) -> None:
    page = address(NewsItem, "add")
    sent = typed(
        staff.get(page), title="Visit to the valley", slug="valley", kind="visit", published_on="2025-05-12",
        text="<p>Pumps<script>alert(1)</script></p>", meeting=meeting(1).pk, organisations=[city(1).pk, city(2).pk],
        sources=[source(1).pk],
    )  # fmt: skip
    sent |= {"photos-TOTAL_FORMS": 1, "photos-0-image": upload(), "photos-0-alt": "A bridge", "photos-0-order": 0}

    response = staff.post(page, sent)

    assert response.status_code == 302
    item = NewsItem.objects.get(slug="valley")
    assert (item.text, item.meeting, item.published_on) == ("<p>Pumps</p>", meeting(1), dt.date(2025, 5, 12))
    assert [one.name for one in item.organisations.all()] == ["City 1", "City 2"]
    assert (item.photos.get().alt, item.sources.get()) == ("A bridge", source(1))
    assert {change.record.partition(":")[0] for change in Change.objects.filter(actor="elif")} >= {
        "meetings.newsitem",
        "meetings.photo",
    }


@pytest.mark.parametrize("owners", [("meeting", "news_item"), ()])
def test_photo_of_both_or_of_neither_is_refused_in_words(staff: Client, owners: tuple[str, ...]) -> None:
    page = address(Photo, "add")
    chosen = {"meeting": meeting(1).pk, "news_item": news_item(1).pk}
    given = {owner: chosen[owner] for owner in owners}

    response = staff.post(page, {**typed(staff.get(page), alt="A bridge", **given), "image": upload()})

    assert "A photo belongs to one meeting or to one piece of news: choose one of the two." in response.text
    assert Photo.objects.count() == 0


def test_photo_moves_from_a_meeting_to_news(staff: Client) -> None:
    photo = MAKERS[Photo](1)
    page = address(Photo, "change", photo.pk)

    response = staff.post(page, typed(staff.get(page), meeting="", news_item=news_item(2).pk))

    photo.refresh_from_db()
    assert (response.status_code, photo.meeting, photo.news_item) == (302, None, news_item(2))


@pytest.mark.parametrize(
    ("standing", "found"),
    [("", ["draft", "later", "told"]), ("draft", ["draft"]), ("waiting", ["later"]), ("published", ["told"])],
)
def test_list_tells_drafts_from_what_waits_and_what_is_published(
    staff: Client, standing: str, found: list[str]
) -> None:
    today = timezone.localdate()
    for slug, day in (("draft", None), ("told", today), ("later", today + dt.timedelta(days=1))):
        NewsItem.objects.create(title=slug, slug=slug, published_on=day)

    response = staff.get(address(NewsItem, "changelist"), {"standing": standing} if standing else {})

    assert sorted(item.slug for item in response.context["cl"].result_list) == found
    words = {"draft": "draft", "later": "waits for its day", "told": "published"}
    shown = [f'<td class="field-standing">{words[slug]}</td>' in response.text for slug in found]
    assert all(shown)


def test_photo_is_found_by_the_news_it_belongs_to(staff: Client) -> None:
    photo = Photo.objects.create(news_item=news_item(1), image=picture(), alt="A bridge")
    MAKERS[Photo](2)

    found = staff.get(address(Photo, "changelist"), {"q": "news"}).context["cl"].result_list

    assert list(found) == [photo]


def test_news_is_offered_by_title_and_day_when_typed_for(staff: Client) -> None:
    item, draft = news_item(1), NewsItem.objects.create(title="News in work", slug="in-work")
    query: dict[str, Any] = {"app_label": "meetings", "model_name": "photo", "field_name": "news_item", "term": "news"}

    found = staff.get("/admin/autocomplete/", query).json()["results"]

    assert found == [
        {"id": str(draft.pk), "text": "News in work · draft"},
        {"id": str(item.pk), "text": f"News 1 · {item.published_on}"},
    ]


def test_meeting_that_news_speaks_of_is_not_deleted(staff: Client) -> None:
    item = news_item(1)
    page = address(Meeting, "delete", item.meeting_id)

    asked = staff.get(page).text
    confirmed(staff, page)

    assert "News 1" in asked
    assert NewsItem.objects.filter(meeting=meeting(1)).exists()


def test_job_of_the_content_begins_with_news(staff: Client) -> None:
    jobs = {group["app_label"]: group["models"] for group in staff.get("/admin/").context["app_list"]}

    assert [model["object_name"] for model in jobs["content"]][:3] == ["NewsItem", "ImportedPost", "Document"]
