"""Uploads, handed out only to those who may see what they belong to."""

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from meetings.files import KINDS
from meetings.models import ActionReport, Document, DocumentVersion, Photo
from members.models import Organisation, ProposedChange

if TYPE_CHECKING:
    from members.models import User

# Ending → media type: what is kept here, and nothing else. Browsers never guess.
MEDIA_TYPES = {ending: media_type for ending, (media_type, _begins) in KINDS.items()} | {".webp": "image/webp"}
SHOWN_IN_BROWSER = {".pdf", ".webp"}
# A file never changes under its name. A week, since what is withdrawn should also leave the caches one day.
A_WEEK = 7 * 24 * 60 * 60
_NARROWER = re.compile(r"\.\d+\.webp$")  # members.pictures puts the smaller widths behind the picture's own name


@login_not_required
@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer with an uploaded file.

    The name is looked up among documents, photos and the register's pictures, never in a folder: an unknown name, one
    of a draft or one that leads out of the folder is 404. What the public may see is kept by any cache, the rest by
    none.
    """
    ending = PurePosixPath(path).suffix.lower()
    if (
        ending not in MEDIA_TYPES
        or "\0" in path
        or not is_visible(request.user, path)
        or not default_storage.exists(path)
    ):
        raise Http404("no such file")
    etag = quote_etag(path)
    response = get_conditional_response(request, etag=etag) or _file(path, ending)
    response["ETag"] = etag
    if is_visible(AnonymousUser(), path):
        patch_cache_control(response, public=True, max_age=A_WEEK, immutable=True)
    else:
        patch_cache_control(response, private=True, no_store=True)
    return response


def is_visible(user: "User | AnonymousUser", name: str) -> bool:
    """Whether a stored name belongs to something that a visitor may see; the smaller widths of a picture belong to the
    picture.
    """
    folder, _slash, _rest = name.partition("/")
    picture = _NARROWER.sub(".webp", name)
    if folder == "documents":
        kept = Document.objects.visible_to(user).filter(file=name)
        return kept.exists() or DocumentVersion.objects.visible_to(user).filter(file=name).exists()
    if folder == "evidence":
        return ActionReport.objects.visible_to(user).filter(evidence=name).exists()
    if folder == "photos":
        return Photo.objects.visible_to(user).filter(image=picture).exists()
    if folder == "proposed":
        return ProposedChange.objects.visible_to(user).filter(Q(emblem=picture) | Q(photo=picture)).exists()
    return Organisation.objects.visible_to(user).filter(Q(emblem=picture) | Q(photo=picture)).exists()


def _file(name: str, ending: str) -> FileResponse:
    response = FileResponse(
        default_storage.open(name),
        as_attachment=ending not in SHOWN_IN_BROWSER,
        filename=PurePosixPath(name).name,
        content_type=MEDIA_TYPES[ending],
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Encoding"] = (
        "identity"  # all kinds are compressed in themselves: GZipMiddleware leaves them alone
    )
    return response
