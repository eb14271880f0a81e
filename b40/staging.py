"""An uploaded file, kept between its preview and its import."""

import secrets
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile

from members.models import User

SALT = "b40.staging"
KEPT_SECONDS = 24 * 60 * 60
GREATEST_UPLOAD = 200 * 1024 * 1024


class Gone(Exception):
    """The file is not there any more, or was somebody else's."""


def keep(file: "UploadedFile[Any]", user: User) -> str:
    """Keep an uploaded file outside what is served. Gives a ticket that only this user can redeem, for a day."""
    folder = _folder()
    _forget_old(folder)
    name = secrets.token_hex(16)
    with (folder / name).open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    return signing.dumps([name, user.pk, str(file.name)[:200]], salt=SALT)


def redeem(ticket: str, user: User) -> tuple[Path, str]:
    """Give the kept file and the name that it was uploaded under. Raises Gone."""
    try:
        name, owner, written = signing.loads(ticket, salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature as error:
        raise Gone from error
    path = _folder() / name
    if owner != user.pk or not path.is_file():
        raise Gone
    return path, written


def forget(path: Path) -> None:
    """Throw a kept file away."""
    path.unlink(missing_ok=True)


def _folder() -> Path:
    folder = Path(settings.VAR_DIR) / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _forget_old(folder: Path) -> None:
    for path in folder.iterdir():
        if path.stat().st_mtime < time.time() - KEPT_SECONDS:
            path.unlink(missing_ok=True)
