import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from meetings import files
from meetings.files import check_document, document_path
from meetings.models import Document


def office_file() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
    return out.getvalue()


@pytest.mark.parametrize("ending", [".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp"])
def test_office_files_are_taken(ending: str) -> None:
    check_document(SimpleUploadedFile(f"minutes{ending}", office_file()))


def test_pdf_is_taken_and_left_at_its_beginning() -> None:
    file = SimpleUploadedFile("Minutes.PDF", b"%PDF-1.7 ...")

    check_document(file)

    assert file.read() == b"%PDF-1.7 ..."


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("minutes.exe", b"MZ", "save the file as one of these"),
        ("minutes.html", b"<script>", "save the file as one of these"),
        ("minutes", b"%PDF-", "save the file as one of these"),
        ("minutes.pdf", b"<html>", "not what its ending"),
        ("minutes.docx", b"PK but no archive", "not what its ending"),
        ("minutes.docx", b"", "not what its ending"),
    ],
)
def test_other_files_are_refused(name: str, content: bytes, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        check_document(SimpleUploadedFile(name, content))


def test_file_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 5)

    with pytest.raises(ValidationError, match="40 MB"):
        check_document(SimpleUploadedFile("minutes.pdf", b"%PDF-1.7"))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Протокол 9 април.PDF", "protokol-9-april.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("Πρακτικά.docx", "praktika.docx"),
        ("….pdf", "document.pdf"),
    ],
)
def test_document_path_is_readable_and_not_to_be_guessed(name: str, kept: str) -> None:
    first, second = document_path(Document(), name), document_path(Document(), name)

    assert first.rsplit("/", 1)[1] == kept
    assert (first != second, first.startswith("documents/"), ".." in first) == (True, True, False)
