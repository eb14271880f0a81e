"""Moving in through the admin: upload, preview, review, publish; who may, and what happens when two do it."""

import json

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from b40.models import ImportedPost
from meetings.models import Meeting, MeetingStatus, NewsItem
from members.models import User
from tests.b40.admin_rows import address, client_of, secretariat_user
from tests.factories import ImportedPostFactory
from tests.moving.conftest import POSTS
from tests.moving.samples import raw
from workinggroups.models import Topic, TopicStatus

pytestmark = pytest.mark.django_db

LIST = address(ImportedPost, "changelist")
UPLOAD = address(ImportedPost, "add")
MEETING = "<p>The Local Climate Action Working Group met online on 3 May 2025.</p><p>Athens and Sofia attended.</p><p>Local Climate Action: Roof gardens</p>"


@pytest.fixture
def staff(register):
    return client_of(secretariat_user())


@pytest.fixture(autouse=True)
def folder_of_uploads(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def upload(client, *posts):
    """Upload posts; give the answer of the preview that follows."""
    file = SimpleUploadedFile("posts.json", json.dumps(list(posts)).encode(), "application/json")
    return client.post(UPLOAD, {"file": file}, follow=True)


def imported(client, *posts):
    """Upload posts and import them; give what is remembered of the first."""
    preview = upload(client, *posts)
    client.post(preview.request["PATH_INFO"], {"ticket": preview.context["ticket"]})
    return ImportedPost.objects.get(post_id=posts[0]["id"])


def review(client, post):
    return client.get(address(ImportedPost, "change", post.pk))


# --- Upload and preview ----------------------------------------------------------------------------------------------


def test_preview_shows_every_fact_beside_its_sentence_and_writes_nothing(staff):
    answer = upload(staff, raw(MEETING, "Working group meeting"))

    page = answer.content.decode()
    assert ImportedPost.objects.count() == 0
    assert not Meeting.objects.filter(slug="post-1").exists()
    assert "Becomes the draft of a meeting." in page
    assert "<q>Athens and Sofia attended.</q>" in page
    assert "Athens · Sofia" in page


def test_import_makes_the_drafts_and_leads_to_the_review(staff):
    post = imported(staff, raw(MEETING, "Working group meeting"))

    assert post.meeting.status == MeetingStatus.DRAFT
    assert "to be confirmed" in review(staff, post).content.decode().lower()


def test_what_cannot_be_read_is_said_and_the_rest_can_be_imported(staff):
    answer = upload(staff, raw(MEETING, "Meeting"), raw("", "Nothing", 2))

    page = answer.content.decode()
    assert "post 2 (id 2): the post has no content" in page
    assert "Import this post" in page


def test_a_file_that_is_no_export_is_refused_with_the_reason(staff):
    answer = staff.post(UPLOAD, {"file": SimpleUploadedFile("page.json", b"<html>")}, follow=True)

    assert "this is a web page and no JSON" in answer.content.decode()
    assert 'name="ticket"' not in answer.content.decode()


def test_an_upload_belongs_to_who_made_it(staff):
    ticket = upload(staff, raw(MEETING)).context["ticket"]
    other = client_of(secretariat_user("vasil"))

    for send in (other.get, other.post):
        answer = send(f"{LIST}preview/", {"ticket": ticket}, follow=True)
        assert "upload it again" in answer.content.decode()
    assert "upload it again" in staff.get(f"{LIST}preview/?ticket={ticket}x", follow=True).content.decode()
    assert ImportedPost.objects.count() == 0


@pytest.mark.parametrize("page", [LIST, UPLOAD, f"{LIST}preview/", f"{LIST}1/change/"])
def test_nobody_without_the_right_gets_in(register, client, page):
    ImportedPostFactory(pk=1)
    viewer = client_of(User.objects.create_user("viewer", password="a-long-password", is_staff=True))

    assert client.get(page).status_code == 302
    assert viewer.get(page).status_code == 403


def test_who_may_only_look_cannot_decide(register):
    post = imported(client_of(secretariat_user()), raw(MEETING, "Meeting"))
    viewer = User.objects.create_user("viewer", password="a-long-password", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_importedpost"))
    client = client_of(viewer)

    page = review(client, post)

    assert 'name="publish"' not in page.content.decode()
    assert (
        client.post(page.request["PATH_INFO"], {"publish": "", "version": page.context["version"]}).status_code == 403
    )
    assert Meeting.objects.get(slug="post-1").is_draft


# --- Review ----------------------------------------------------------------------------------------------------------


def test_publishing_opens_the_meeting_and_its_topics_and_the_old_address_leads_there(staff, client):
    post = imported(staff, raw(MEETING, "Working group meeting"))
    meeting, page = post.meeting, review(staff, post)
    assert client.get("/v2/post-1/").status_code == client.get(meeting.get_absolute_url()).status_code == 404

    staff.post(page.request["PATH_INFO"], {"publish": "", "version": page.context["version"]})

    post.refresh_from_db()
    meeting.refresh_from_db()
    assert meeting.status == MeetingStatus.HELD
    assert post.confirmed_by.username == "elif"
    assert Topic.objects.get(title="Roof gardens").status == TopicStatus.OPEN
    for old in ("/v2/post-1/", "/v2/post-1", "/v2/?p=1"):
        answer = client.get(old)
        assert (answer.status_code, answer["Location"]) == (301, meeting.get_absolute_url())
    assert "Roof gardens" in client.get(meeting.get_absolute_url()).content.decode()


def test_a_meeting_to_come_is_announced(staff):
    post = imported(
        staff, raw(MEETING.replace("2025", "2099").replace("met", "meeting will be held"), "Working group meeting")
    )
    page = review(staff, post)

    staff.post(page.request["PATH_INFO"], {"publish": "", "version": page.context["version"]})

    assert Meeting.objects.get(slug="post-1").status == MeetingStatus.ANNOUNCED


def test_news_is_published_under_the_day_of_the_post(staff, client):
    post = imported(staff, raw("<p>We stand with the people of the valley.</p>", "Statement of solidarity"))
    page = review(staff, post)

    staff.post(page.request["PATH_INFO"], {"publish": "", "version": page.context["version"]})

    item = NewsItem.objects.get()
    assert item.published_on.isoformat() == "2026-03-01"
    assert client.get("/v2/post-1/")["Location"] == item.get_absolute_url()


def test_confirming_leaves_the_draft_a_draft_and_a_changed_post_does_not_touch_it(staff):
    post = imported(staff, raw(MEETING, "Working group meeting"))
    page = review(staff, post)
    staff.post(page.request["PATH_INFO"], {"confirm": "", "version": page.context["version"]})

    imported(staff, raw(MEETING.replace("Sofia", "Tirana"), "Working group meeting"))

    meeting = Meeting.objects.get(slug="post-1")
    assert meeting.is_draft
    assert {row.organisation.slug for row in meeting.attendances.all()} == {"athens", "sofia"}


def test_a_draft_changed_since_the_page_was_shown_is_not_published(staff):
    post = imported(staff, raw(MEETING, "Working group meeting"))
    page = review(staff, post)
    post.meeting.motto = "Changed meanwhile"
    post.meeting.save()

    answer = staff.post(page.request["PATH_INFO"], {"publish": "", "version": page.context["version"]}, follow=True)

    assert "Somebody changed the draft since this page was shown" in answer.content.decode()
    assert Meeting.objects.get(slug="post-1").is_draft


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "٣"])
def test_a_version_that_is_none_publishes_nothing(staff, version):
    post = imported(staff, raw(MEETING, "Working group meeting"))

    staff.post(address(ImportedPost, "change", post.pk), {"publish": "", "version": version})

    assert Meeting.objects.get(slug="post-1").is_draft


def test_what_the_post_leaves_open_is_asked_and_the_draft_made_with_the_answer(staff):
    post = imported(staff, json.loads((POSTS / "no-year.json").read_text(encoding="utf-8")))
    page = address(ImportedPost, "change", post.pk)
    assert "What the post leaves open" in staff.get(page).content.decode()

    wrong = staff.post(page, {"decide": "", "start_on": "2025-05-22", "end_on": "2025-05-21", "mode": "in_person"})
    assert "The last day lies before the first." in wrong.content.decode()
    assert not Meeting.objects.filter(slug="lecc-varna").exists()
    staff.post(page, {"decide": "", "start_on": "2025-05-21", "end_on": "2025-05-22", "mode": "in_person"})

    meeting = Meeting.objects.get(slug="lecc-varna")
    assert (meeting.start_on.isoformat(), meeting.end_on.isoformat(), meeting.host_city.slug) == (
        "2025-05-21",
        "2025-05-22",
        "varna",
    )


def test_a_meeting_on_record_is_compared_and_not_changed(staff):
    ceremony = json.loads((POSTS / "ceremony.json").read_text(encoding="utf-8"))
    ceremony["content"]["rendered"] += "<p>Burgas and Varna attended.</p>"
    post = imported(staff, ceremony)

    page = review(staff, post).content.decode()

    assert "The meeting on record" in page
    assert "burgas" in page
    assert 'name="publish"' not in page


@pytest.mark.parametrize(("state", "count"), [("waits", 1), ("draft", 1), ("confirmed", 0), ("discarded", 1), ("", 3)])
def test_the_list_is_filtered_by_what_a_post_waits_for(staff, state, count):
    imported(staff, raw(MEETING, "Working group meeting"), raw("<p>Hello</p>", "Statement", 2))
    NewsItem.objects.get().delete()
    ImportedPostFactory(post_id=77)

    answer = staff.get(f"{LIST}?state={state}" if state else LIST)

    assert answer.context["cl"].result_count == count


def test_the_list_asks_as_many_queries_for_three_as_for_thirty(staff):
    counts = []
    for number in (3, 30):
        ImportedPostFactory.create_batch(number)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert staff.get(LIST).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]
