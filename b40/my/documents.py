"""Documents from the delegate's side: all that one may read, and handing papers in."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from b40.my.forms import PaperFilter, PaperForm, VersionForm
from b40.my.guard import for_delegates
from meetings.handing_in import Paper, hand_in, is_own, may_replace, may_withdraw, replace_file, withdraw
from meetings.models import Document
from meetings.papers import paper_row
from meetings.permissions import open_for_papers
from members.models import User
from members.paging import paginate
from members.rights import organisations_of

PER_PAGE = 25


@for_delegates
@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    """Show the documents that one may read, newest first, narrowed by meeting, group, kind and language."""
    readable = Document.objects.visible_to(request.user)
    form = PaperFilter(request.GET, documents=readable)
    found = form.narrow(readable).newest_first().select_related("meeting", "session", "handed_in_by")
    page = paginate(request, found.prefetch_related("versions", "session__working_groups"), PER_PAGE)
    own = set(organisations_of(request.user).values_list("pk", flat=True))
    context = {
        "form": form,
        "page": page,
        "rows": [{**paper_row(each), "is_own": each.handed_in_by_id in own} for each in page.object_list],
        "may_hand_in": open_for_papers(request.user).exists(),
    }
    return TemplateResponse(request, "my/documents.html", context)


@for_delegates
@require_http_methods(["GET", "HEAD", "POST"])
def paper_new(request: HttpRequest) -> HttpResponse:
    """Hand a paper in for a meeting or a session."""
    user = cast(User, request.user)
    if request.method != "POST":
        initial = {"place": request.GET.get("place"), "language": "en"}
        return TemplateResponse(request, "my/hand_in.html", {"form": PaperForm(user, initial=initial)})
    form = PaperForm(user, request.POST, request.FILES)
    document = _hand_in(user, form) if form.is_valid() else None
    if document is None:
        return TemplateResponse(request, "my/hand_in.html", {"form": form}, status=422)
    messages.success(request, _("Thank you: “%(title)s” is handed in.") % {"title": document.title})
    return redirect("my:document", pk=document.pk)


def _hand_in(user: User, form: PaperForm) -> Document | None:
    """Hand in what was typed; None when it is refused, with the reasons in the form."""
    data = form.cleaned_data
    meeting, session = form.places[data["place"]]
    paper = Paper(data["title"], data["kind"], data["language"], data["file"], data["audience"], data["note"])
    try:
        return hand_in(meeting, session, data["organisation"], paper, by=user)
    except ValidationError as error:
        _say(form, error)
        return None


def _say(form: Any, error: ValidationError) -> None:
    """Say what is wrong at the field; a title that is taken is a rule of the whole, and said at the title."""
    for name, said in error.message_dict.items():
        form.add_error(name if name in form.fields else "title" if "title" in form.fields else None, said)


@for_delegates
@require_safe
def document_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a document with its versions; to those who handed it in also how to replace or withdraw it."""
    document = _document(request, pk)
    return _page(request, document, VersionForm() if may_replace(cast(User, request.user), document) else None)


@for_delegates
@require_POST
def document_version(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a new version of one's own paper."""
    user, document = cast(User, request.user), _document(request, pk)
    form = VersionForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, document, form, status=422)
    try:
        replace_file(document, form.cleaned_data["file"], form.cleaned_data["note"], by=user)
    except ValidationError as error:
        _say(form, error)
        return _page(request, document, form, status=422)
    messages.success(request, _("The new version is handed in; the former one stays beside it."))
    return redirect("my:document", pk=document.pk)


@for_delegates
@require_http_methods(["GET", "HEAD", "POST"])
def document_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether a paper is to be taken back, and take it back."""
    user, document = cast(User, request.user), _document(request, pk)
    if request.method != "POST":
        return TemplateResponse(
            request, "my/withdraw.html", {"document": document, "may_withdraw": may_withdraw(user, document)}
        )
    try:
        withdraw(document, by=user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("my:document", pk=document.pk)
    messages.success(request, _("“%(title)s” is taken back.") % {"title": document.title})
    return redirect(reverse("my:documents"))


def _page(request: HttpRequest, document: Document, form: VersionForm | None, *, status: int = 200) -> HttpResponse:
    user = cast(User, request.user)
    context = {
        "document": document,
        "row": paper_row(document),
        "versions": document.versions.all(),
        "form": form,
        "is_own": is_own(user, document),
        "may_withdraw": may_withdraw(user, document),
    }
    return TemplateResponse(request, "my/document.html", context, status=status)


def _document(request: HttpRequest, pk: int) -> Document:
    documents = Document.objects.visible_to(request.user).select_related("meeting", "session", "handed_in_by")
    return get_object_or_404(documents.prefetch_related("versions", "session__working_groups"), pk=pk)
