"""A document reaches its audience and nobody else, on every channel and in every version."""

import datetime as dt
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from meetings.models import Document, DocumentVersion
from members.history import acting
from tests.factories import DocumentFactory, DocumentVersionFactory, MeetingFactory, UserFactory, pdf_file

pytestmark = pytest.mark.django_db

AUDIENCES = ["public", "members", "group", "secretariat"]
WORD = "Confidential"


@pytest.fixture(params=["visitor", "account", "staff"])
def who(request, client):
    """A client, signed in or not, and whether it is of the staff."""
    if request.param != "visitor":
        client.force_login(UserFactory(is_staff=request.param == "staff"))
    return client, request.param == "staff"


def fetch(client, address, **kwargs):
    """Ask for a file and read it, which closes it."""
    response = client.get(address, **kwargs)
    b"".join(response.streaming_content) if response.streaming else response.content
    return response


def make(audience, meeting):
    return DocumentFactory(
        kept=True, title=f"{WORD} paper", audience=audience, meeting=meeting, dated=dt.date(2026, 1, 1)
    )


@pytest.mark.parametrize("audience", AUDIENCES)
def test_paper_of_a_meeting_is_shown_to_its_audience_on_every_channel(who, audience):
    client, is_staff = who
    document = make(audience, MeetingFactory(slug="round"))
    channels = ["/meetings/round/", "/search/?q=confidential+paper", "/"]

    shown = [f"{WORD} paper" in client.get(address).text for address in channels]

    assert shown == [audience == "public" or is_staff] * len(channels)
    assert ("· for the" in client.get("/meetings/round/").text) == (audience != "public" and is_staff)
    others = ["/meetings/", "/feed.atom", "/news.atom", "/sitemap.xml", "/meetings/round.ics", "/about/"]
    assert [address for address in others if WORD in client.get(address).text] == []
    assert fetch(client, document.file.url).status_code == (200 if shown[0] else 404)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_paper_of_the_network_is_shown_to_its_audience(who, audience):
    client, is_staff = who
    make(audience, None)

    shown = [f"{WORD} paper" in client.get(address).text for address in ("/about/", "/search/?q=confidential", "/")]

    assert shown == [audience == "public" or is_staff] * 3


@pytest.mark.parametrize("audience", AUDIENCES)
def test_files_of_all_versions_follow_the_audience(who, audience):
    client, is_staff = who
    document = make(audience, MeetingFactory())
    former = document.file.url
    document.file = pdf_file("second.pdf")
    document.save()

    answers = [fetch(client, address) for address in (former, document.file.url)]

    expected = 200 if audience == "public" or is_staff else 404
    assert [answer.status_code for answer in answers] == [expected] * 2
    if expected == 200:
        kept = "public" if audience == "public" else "no-store"
        assert all(kept in answer["Cache-Control"] for answer in answers)


def test_file_is_withdrawn_with_its_audience(client):
    document = make("public", MeetingFactory())
    first = fetch(client, document.file.url)
    document.audience = "members"
    document.save()

    withdrawn = fetch(client, document.file.url, headers={"if-none-match": first["ETag"]})

    assert (first.status_code, withdrawn.status_code) == (200, 404)


def test_public_paper_of_a_draft_stays_with_the_draft(client):
    document = make("public", MeetingFactory(status="draft"))

    assert fetch(client, document.file.url).status_code == 404
    assert not DocumentVersion.objects.visible_to(UserFactory()).exists()


def test_document_is_for_everybody_unless_it_says_otherwise():
    assert Document(title="Statute").audience == "public"


# --- Versions --------------------------------------------------------------------------------------------------------


def test_each_upload_is_a_version_under_the_name_of_who_uploaded_it():
    elif_ = UserFactory(username="elif", staff=True)
    document = DocumentFactory(kept=True)
    with acting(user=elif_):
        document.file = pdf_file("second.pdf")
        document.save()

    rows = DocumentVersion.objects.filter(document=document).order_by("number")

    assert [(row.number, row.uploaded_by, row.uploaded_at is None) for row in rows] == [
        (1, None, False),
        (2, elif_, False),
    ]
    assert document.file == rows[1].file
    assert default_storage.exists(rows[0].file.name)


def test_saving_without_a_new_file_makes_no_version():
    document = DocumentFactory(kept=True)
    document.title = "Another title"
    document.save()
    DocumentFactory(url="https://example.org/paper")

    assert DocumentVersion.objects.count() == 1


def test_former_file_stays_when_the_document_moves_elsewhere(client):
    document = DocumentFactory(kept=True)
    former = document.file.url
    document.file, document.url = "", "https://example.org/paper"
    document.save()

    assert fetch(client, former).status_code == 200
    assert (document.current_version, [row.number for row in document.former_versions]) == (None, [1])


def test_deleting_a_former_version_takes_its_file_along(client, django_capture_on_commit_callbacks):
    document = DocumentFactory(kept=True)
    former = document.file.url
    document.file = pdf_file("second.pdf")
    document.save()
    with django_capture_on_commit_callbacks(execute=True):
        document.versions.get(number=1).delete()

    assert fetch(client, former).status_code == 404
    assert fetch(client, document.file.url).status_code == 200


def test_page_names_the_version_and_leads_to_earlier_ones(client):
    document = DocumentFactory(kept=True)
    document.file = pdf_file("second.pdf")
    document.save()
    day = dt.datetime(2026, 5, 3, 12, tzinfo=dt.UTC)
    newest = document.versions.get(number=2)
    newest.uploaded_at, newest.note = day, "corrected"
    newest.save()

    page = client.get(document.meeting.get_absolute_url()).text

    assert "Version 2, 3 May 2026 (corrected); earlier:" in page
    assert document.versions.get(number=1).file.url in page


def test_page_says_nothing_of_versions_when_there_is_one(client):
    document = DocumentFactory(kept=True)

    assert "Version" not in client.get(document.meeting.get_absolute_url()).text


@pytest.mark.parametrize(
    ("name", "make_row"),
    [
        ("document_audience_known", lambda: DocumentFactory(audience="all")),
        ("document_versions_count_from_one", lambda: DocumentVersionFactory(number=0)),
        ("document_version_uploaded_at_some_time", lambda: DocumentVersionFactory(uploaded_by=UserFactory())),
    ],
)
def test_database_refuses(name, make_row):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make_row()


def test_database_refuses_two_versions_of_one_number():
    document = DocumentFactory(kept=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentVersionFactory(document=document, number=1)


def test_files_on_record_become_first_versions():
    document = DocumentFactory(kept=True)
    document.versions.all().delete()
    DocumentFactory()

    editor = SimpleNamespace(connection=connection)
    import_module("meetings.migrations.0011_minutes_first_versions").number_files(apps, editor)

    row = DocumentVersion.objects.get()
    assert (row.document, row.number, row.file.name, row.uploaded_at) == (document, 1, document.file.name, None)
