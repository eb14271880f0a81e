"""Changing what is on record of one's organisation: its public page by a proposal, one's own contact details at once."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import BadRequest, ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from b40.my.city import own_organisation
from b40.my.guard import for_delegates
from members.admin.typed import Field, lay_over
from members.forms import LinesField, RecordForm
from members.history import lock
from members.history.values import State, differences, held, stored
from members.models import PICTURES, PROPOSABLE, Mandate, Organisation, ProposedChange, User
from members.pictures import PictureFile
from members.proposing import ProposalStale, column, propose, shown_state, waiting_for, withdraw
from members.rights import mandates_of

SALT = "b40.my.city_edit"


class PageForm(RecordForm[Organisation]):
    """What the public page of an organisation is to say. Never saved: it becomes a proposal."""

    links = LinesField(
        label=gettext_lazy("Further links"), required=False,
        help_text=gettext_lazy("Web addresses, one per line: the tourist office, open data, social media."),
    )  # fmt: skip
    emblem_gone = forms.BooleanField(label=gettext_lazy("Take the coat of arms away"), required=False)
    photo_gone = forms.BooleanField(label=gettext_lazy("Take the photo away"), required=False)

    class Meta:
        model = Organisation
        fields = PROPOSABLE
        widgets = {
            "description": forms.Textarea(attrs={"rows": 5}),
            "emblem": forms.FileInput(attrs={"accept": "image/*"}),
            "photo": forms.FileInput(attrs={"accept": "image/*"}),
        }

    field_order = (
        "description", "website", "links", "contact_office", "contact_email", "contact_phone", "emblem", "emblem_gone",
        "photo", "photo_gone", "photo_credit",
    )  # fmt: skip

    def __init__(self, *args: Any, shown: State | None = None, **kwargs: Any) -> None:
        """Takes beside Django's own what the form begins with, as the history stores it."""
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.shown = shown or {}
        self.pictures: dict[str, PictureFile] = {name: getattr(self.instance, name) for name in PICTURES}
        for name in PICTURES:
            if not self.shown.get(name):
                del self.fields[f"{name}_gone"]

    def clean(self) -> dict[str, Any]:
        """A photo says who took it. Raises ValidationError otherwise."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if isinstance(data.get("photo"), UploadedFile) and not data.get("photo_credit"):
            self.add_error("photo_credit", _("Say who took the photo: it is published with their name."))
        return data

    @property
    def uploads(self) -> dict[str, File[bytes]]:
        """The new pictures."""
        return {name: self.cleaned_data[name] for name in PICTURES if isinstance(self.cleaned_data[name], UploadedFile)}

    @property
    def wanted(self) -> State:
        """What each field is to hold, as the history stores it; a picture that was left alone stays."""
        data = self.cleaned_data
        texts = {name: stored(column(name), data[name]) for name in PROPOSABLE if name not in PICTURES}
        return texts | {name: "" if data.get(f"{name}_gone") else self.shown[name] for name in PICTURES}


@for_delegates
@require_http_methods(["GET", "HEAD", "POST"])
def city_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Propose what the public page of one's organisation is to say, or change the proposal that waits."""
    organisation = own_organisation(request, slug)
    with transaction.atomic():
        if request.method == "POST":
            lock(Organisation, organisation.pk)
        waiting = waiting_for(organisation)
        now = shown_state(organisation, waiting)
        form = PageForm(
            request.POST.copy() if request.method == "POST" else None, request.FILES or None,
            instance=_as_shown(organisation, now), shown=now,
        )  # fmt: skip
        if request.method != "POST":
            return _edit_page(request, organisation, form, waiting)
        seen = _seen(request.POST)
        if seen != now:
            fields = lay_over(form, _former(seen, now), cast(QueryDict, form.data))
            return _edit_page(request, organisation, form, waiting, status=409, theirs=fields)
        if form.is_valid() and _propose(request, organisation, form, seen):
            messages.success(request, _("Thank you: your proposal was sent to the secretariat. Its answer will stand on this page."))  # fmt: skip
            return redirect("my:city", slug)
        return _edit_page(request, organisation, form, waiting, status=422)


def _propose(request: HttpRequest, organisation: Organisation, form: PageForm, seen: State) -> bool:
    try:
        propose(organisation, form.wanted, by=cast(User, request.user), seen=seen, uploads=form.uploads)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def _as_shown(organisation: Organisation, shown: State) -> Organisation:
    """Give the record as the form begins with it: with what waits laid over."""
    copy = Organisation.objects.get(pk=organisation.pk)
    for name, value in shown.items():
        setattr(copy, name, value)
    return copy


def _seen(data: QueryDict) -> State:
    """Read what the form was shown with. Raises BadRequest when that was not written by this site."""
    try:
        return cast(State, signing.loads(data.get("shown", ""), salt=SALT))
    except signing.BadSignature as error:
        raise BadRequest from error


def _former(seen: State, now: State) -> State:
    """Give what was shown of the fields that hold something else by now."""
    return {name: seen.get(name) for name in differences(seen, now)}


def _edit_page(
    request: HttpRequest, organisation: Organisation, form: PageForm, waiting: ProposedChange | None, *,
    status: int = 200, theirs: list[Field] | None = None,
) -> HttpResponse:  # fmt: skip
    context = {
        "organisation": organisation,
        "form": form,
        "waiting": waiting,
        "shown": signing.dumps(form.shown, salt=SALT, compress=True),
        "rows": [_row(form, name) for name in form.fields if not name.endswith("_gone")],
        "theirs": [_told(form, field) for field in theirs or []],
        "is_stale": status == 409,
    }
    return TemplateResponse(request, "my/city_edit.html", context, status=status)


def _row(form: PageForm, name: str) -> dict[str, Any]:
    """A field with, for a picture, what is shown now and the box that takes it away."""
    gone = f"{name}_gone"
    return {
        "field": form[name],
        "picture": form.pictures.get(name) or None,
        "gone": form[gone] if gone in form.fields else None,
    }


def _told(form: Any, field: Field) -> dict[str, str]:
    """Say what a field was, is by now, and was typed to be; nothing for one that was left alone."""
    mine = _said(field.name, field.mine) if field.is_typed else ""
    now, was = _said(field.name, field.theirs), _said(field.name, field.base)
    return {"label": str(form[field.name].label), "was": was, "now": now, "mine": mine}


def _said(name: str, value: Any) -> str:
    if name in PICTURES:
        return _("a picture") if value else _("no picture")
    return "\n".join(value) if isinstance(value, list) else str(value or "–")


@for_delegates
@require_POST
def city_withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the proposal that waits back, if it is the one that was shown."""
    organisation = own_organisation(request, slug)
    waiting = ProposedChange.objects.visible_to(request.user).waiting().filter(organisation=organisation)
    proposal = get_object_or_404(waiting, pk=_number(request.POST.get("proposal", "")))
    try:
        withdraw(proposal, by=cast(User, request.user), edition=_number(request.POST.get("edition", "")))
    except ProposalStale:
        messages.error(request, _("The proposal changed while you looked at it: look again. Nothing was taken back."))
    else:
        messages.success(request, _("The proposal is taken back. Your page stays as it is."))
    return redirect("my:city", slug)


def _number(sent: str) -> int:
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


# --- One's own contact details ---------------------------------------------------------------------------------------


class ContactForm(RecordForm[Mandate]):
    """How one is reached in one role. For the secretariat and one's colleagues; never public."""

    class Meta:
        model = Mandate
        fields = ("position", "email", "phone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


@for_delegates
@require_http_methods(["GET", "HEAD", "POST"])
def city_contact(request: HttpRequest, slug: str, mandate: int) -> HttpResponse:
    """Change one's own position, mail address and telephone in one role; at once, and on record in the history."""
    organisation = own_organisation(request, slug)
    own = mandates_of(request.user).filter(organisation=organisation).select_related("person", "organisation")
    with transaction.atomic():
        if request.method == "POST":
            lock(Mandate, mandate)
        found = get_object_or_404(own, pk=mandate)
        now = {name: held(found)[name] for name in ContactForm.Meta.fields}
        form = ContactForm(request.POST.copy() if request.method == "POST" else None, instance=found)
        status, theirs = 200, []
        if request.method == "POST":
            seen = _seen(request.POST)
            if seen != now:
                status, theirs = 409, lay_over(form, _former(seen, now), cast(QueryDict, form.data))
            elif form.is_valid():
                form.save()
                messages.success(request, _("Your contact details are saved."))
                return redirect("my:city", slug)
            else:
                status = 422
        context = {
            "organisation": organisation, "mandate": found, "form": form, "is_stale": status == 409,
            "shown": signing.dumps(now, salt=SALT), "theirs": [_told(form, field) for field in theirs],
        }  # fmt: skip
        return TemplateResponse(request, "my/city_contact.html", context, status=status)
