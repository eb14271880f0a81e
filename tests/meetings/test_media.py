"""Uploads reach those who may see what they belong to, and nobody else."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests.factories import (
    DocumentFactory,
    MeetingFactory,
    OrganisationFactory,
    PhotoFactory,
    UserFactory,
    picture_file,
)

pytestmark = pytest.mark.django_db


def fetch(client, address, **headers):
    """Ask for a file and read it, which closes it; give the answer and what was read."""
    response = client.get(address, headers=headers)
    return response, b"".join(response.streaming_content) if response.streaming else response.content


def statuses(client, addresses):
    return [fetch(client, address)[0].status_code for address in addresses]


def test_pdf_is_shown_in_the_browser_and_kept_by_caches(client):
    document = DocumentFactory(kept=True)

    response, content = fetch(client, document.file.url)

    assert document.file.url.startswith("/media/documents/")
    assert content == b"%PDF-1.7\n%%EOF\n"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="agenda.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, max-age=604800, immutable"


@pytest.mark.parametrize(
    ("ending", "media_type"),
    [
        (".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (".ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ],
)
def test_office_file_is_saved_and_not_opened(client, ending, media_type):
    document = DocumentFactory(file=ContentFile(b"PK", f"Записник{ending}"))

    response, _content = fetch(client, document.file.url)

    assert response["Content-Type"] == media_type
    assert response["Content-Disposition"] == f'attachment; filename="zapisnik{ending}"'


def test_every_width_of_a_picture_is_served(client):
    photo = PhotoFactory(image=picture_file(1200, 800))
    addresses = [entry.split()[0] for entry in photo.image.srcset.split(", ")]

    responses = [fetch(client, address)[0] for address in addresses]

    assert len(addresses) == 3
    assert [(response.status_code, response["Content-Type"]) for response in responses] == [(200, "image/webp")] * 3


def test_pictures_of_the_register_are_served(client):
    city = OrganisationFactory(emblem=picture_file(), photo=picture_file())

    assert statuses(client, [city.emblem.url, city.photo.url]) == [200, 200]


def draft_uploads():
    meeting = MeetingFactory(status="draft")
    photo = PhotoFactory(meeting=meeting)
    return [DocumentFactory(meeting=meeting, kept=True).file.url, photo.image.url, photo.image.small_url]


def test_upload_of_a_draft_is_not_found_by_the_public(client):
    assert statuses(client, draft_uploads()) == [404, 404, 404]


def test_upload_of_a_draft_is_shown_to_staff_and_kept_by_no_cache(client):
    client.force_login(UserFactory(staff=True))

    responses = [fetch(client, address)[0] for address in draft_uploads()]

    assert [(response.status_code, response["Cache-Control"]) for response in responses] == [
        (200, "private, no-store")
    ] * 3


def test_account_that_is_not_of_the_staff_sees_no_more_than_the_public(client):
    client.force_login(UserFactory())

    assert statuses(client, draft_uploads()) == [404, 404, 404]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "unknown.pdf",
        "documents/unknown.pdf",
        "../b40.sqlite3",
        "documents/../../secret_key",
        "documents/%2e%2e/%2e%2e/test.sqlite3",
        "/etc/passwd",
        "%2Fetc%2Fpasswd.pdf",
        "photos/.webp",
        "photos/%00.webp",
    ],
)
def test_name_that_is_no_upload_is_not_found(client, path):
    OrganisationFactory()  # has neither emblem nor photo: an empty name must not match
    DocumentFactory()

    assert client.get(f"/media/{path}").status_code == 404


def test_file_that_belongs_to_no_record_is_not_found(client):
    name = default_storage.save("documents/stray.pdf", ContentFile(b"%PDF-"))

    assert client.get(f"/media/{name}").status_code == 404


def test_record_whose_file_is_gone_is_not_found(client):
    document = DocumentFactory(kept=True)
    default_storage.delete(document.file.name)

    assert client.get(document.file.url).status_code == 404


def test_browser_that_has_the_file_is_told_so_unless_it_became_a_draft(client):
    document = DocumentFactory(kept=True)
    first, _content = fetch(client, document.file.url)
    again = client.get(document.file.url, headers={"if-none-match": first["ETag"]})
    document.meeting.status = "draft"
    document.meeting.save()

    withdrawn = client.get(document.file.url, headers={"if-none-match": first["ETag"]})

    assert (again.status_code, withdrawn.status_code) == (304, 404)
