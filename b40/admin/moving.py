"""Moving in: upload with preview, and the page on which a person compares a draft with its post."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from b40.loading.problems import Problem
from b40.models import ImportedPost
from b40.moving.confirming import Overtaken, confirm, decide, publish, version_shown
from b40.moving.drafting import Decided, missing_for_draft
from b40.moving.finding import Finding
from b40.moving.importing import Done, Outcome, differences_from, finding_of, import_post
from b40.moving.reading import UnreadableFile, read_posts
from b40.moving.recognition import Known
from b40.staging import GREATEST_UPLOAD, Gone, forget, keep, redeem
from meetings.models import Mode
from members.history import acting
from members.models import User

SHOWN = 25


class UploadForm(forms.Form):
    """A file of posts."""

    file = forms.FileField(
        label=_("File of posts"),
        help_text=_(
            "What the former site answers at /wp-json/wp/v2/posts (or …/posts/123), saved as a file. Nothing is written before you have seen what was read."
        ),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean_file(self) -> Any:
        """Refuse what is too large to be looked through while somebody waits."""
        file = self.cleaned_data["file"]
        if file.size > GREATEST_UPLOAD:
            raise ValidationError(
                _("The file has more than 200 MB: import it with “manage.py import_post” on the server.")
            )
        return file


class DecideForm(forms.Form):
    """What the post leaves open."""

    start_on = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    end_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty for a meeting of one day."),
    )
    mode = forms.ChoiceField(label=_("How they met"), choices=[("", "—"), *Mode.choices])

    def decided(self) -> Decided:
        return Decided(self.cleaned_data["start_on"], self.cleaned_data["end_on"], self.cleaned_data["mode"])


class StateFilter(admin.SimpleListFilter):
    """Which posts still ask for a person."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("waits", _("waits for its date")),
            ("draft", _("to be confirmed")),
            ("confirmed", _("confirmed")),
            ("discarded", _("draft deleted")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        nothing = {"meeting": None, "news_item": None}
        if self.value() == "waits":
            return queryset.filter(**nothing, made_at=None)
        if self.value() == "discarded":
            return queryset.filter(**nothing, made_at__isnull=False)
        if self.value() == "confirmed":
            return queryset.filter(confirmed_at__isnull=False)
        if self.value() == "draft":
            return queryset.filter(confirmed_at=None, made_at__isnull=False).exclude(**nothing)
        return queryset


@dataclass
class Look:
    """What a file holds, as far as the preview shows it."""

    outcomes: list[Outcome] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    counts: Counter[Done] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def more(self) -> int:
        return self.total - len(self.outcomes)


@admin.register(ImportedPost)
class ImportedPostAdmin(admin.ModelAdmin[ImportedPost]):
    """Posts of the former site: found again here, compared and confirmed."""

    list_display = ("title", "kind", "state", "posted_on", "became")
    list_filter = (StateFilter,)
    list_select_related = ("meeting", "news_item")
    list_per_page = 50
    search_fields: ClassVar = ["title", "link"]
    show_full_result_count = False
    actions = None

    # --- The list ----------------------------------------------------------------------------------------------------

    @admin.display(description=_("kind"))
    def kind(self, post: ImportedPost) -> str:
        return str(post.found.get("kind", "")).replace("_", " ")

    @admin.display(description=_("state"))
    def state(self, post: ImportedPost) -> str:
        return state_of(post)

    @admin.display(description=_("became"))
    def became(self, post: ImportedPost) -> str:
        target = post.target
        return format_html('<a href="{}">{}</a>', edit_url(target), target) if target else "–"

    def get_urls(self) -> list[Any]:
        """Add the preview of an uploaded file."""
        return [
            path("preview/", self.admin_site.admin_view(self.preview_view), name="b40_importedpost_preview"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Head the list with what it lists."""
        return super().changelist_view(request, {"title": _("Imported posts"), **(extra_context or {})})

    # --- Upload and preview ------------------------------------------------------------------------------------------

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Take a file, and show what is read in it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            ticket = keep(form.cleaned_data["file"], cast(User, request.user))
            return HttpResponseRedirect(f"{reverse('admin:b40_importedpost_preview')}?ticket={ticket}")
        context = self._context(request, gettext("Import posts of the former site"), form=form)
        return TemplateResponse(request, "admin/moving_upload.html", context)

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """Show what each post of an uploaded file would become; on POST import them."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        ticket = request.POST.get("ticket") or request.GET.get("ticket") or ""
        try:
            kept, name = redeem(ticket, cast(User, request.user))
        except Gone:
            messages.error(request, gettext("The uploaded file is not here any more: upload it again."))
            return HttpResponseRedirect(reverse("admin:b40_importedpost_add"))
        if request.method == "POST":
            with acting(reason=f"import of {name}", own_batch=True):
                look = look_at(kept, dry_run=False)
            forget(kept)
            return self._imported(request, look)
        look = look_at(kept, dry_run=True)
        context = self._context(
            request,
            gettext("What is read in %(name)s") % {"name": name},
            look=look,
            ticket=ticket,
            looks=[(each, review_rows(each.finding)) for each in look.outcomes],
        )
        return TemplateResponse(request, "admin/moving_preview.html", context)

    def _imported(self, request: HttpRequest, look: Look) -> HttpResponse:
        for problem in look.problems[:20]:
            messages.error(request, str(problem))
        said = ngettext("%(number)d post is in.", "%(number)d posts are in.", look.total) % {"number": look.total}
        messages.success(
            request, f"{said} {gettext('Nothing is public yet: compare each draft with its post and confirm it.')}"
        )
        if look.total == 1:
            return HttpResponseRedirect(reverse("admin:b40_importedpost_change", args=[look.outcomes[0].imported.pk]))
        return HttpResponseRedirect(reverse("admin:b40_importedpost_changelist"))

    # --- One post ----------------------------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show every fact beside its sentence; take the decision."""
        post = self.get_object(request, object_id)
        if post is None:
            raise Http404
        if not self.has_view_or_change_permission(request, post):
            raise PermissionDenied
        form = DecideForm(request.POST if "decide" in request.POST else None, initial={"mode": post.found.get("mode")})
        if request.method == "POST":
            if not self.has_change_permission(request, post):
                raise PermissionDenied
            answer = self._decided(request, post, form)
            if answer:
                return answer
        return self._review(request, post, form)

    def _decided(self, request: HttpRequest, post: ImportedPost, form: DecideForm) -> HttpResponse | None:
        """Do what the button says. None shows the page again, with what is wrong."""
        written = request.POST.get("version", "")
        version = int(written) if written.isascii() and written.isdigit() and len(written) < 18 else -1
        here = reverse("admin:b40_importedpost_change", args=[post.pk])
        try:
            if "decide" in request.POST:
                if not form.is_valid():
                    return None
                decide(post, form.decided())
                messages.success(request, gettext("The draft is made. Compare it with the post, then confirm it."))
            elif "publish" in request.POST:
                target = publish(post, by=cast(User, request.user), version=version)
                messages.success(
                    request, gettext("Published: the public sees it now, and the post's old address leads to it.")
                )
                return HttpResponseRedirect(edit_url(target) if not hasattr(target, "get_absolute_url") else here)
            elif "confirm" in request.POST:
                confirm(post, by=cast(User, request.user), version=version)
                messages.success(request, gettext("Confirmed. It is still a draft until it is published."))
        except Overtaken:
            messages.error(
                request,
                gettext(
                    "Somebody changed the draft since this page was shown. Nothing was done: look again, then decide."
                ),
            )
        except ValidationError as error:
            if "decide" in request.POST:
                form.add_error(None, error.messages)
                return None
            messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(here)

    def _review(self, request: HttpRequest, post: ImportedPost, form: DecideForm) -> HttpResponse:
        version = version_shown(post)
        finding = finding_of(post)
        target = post.target
        on_record = target is not None and post.made_at is None
        context = self._context(
            request,
            post.title,
            post=post,
            finding=finding,
            rows=review_rows(finding),
            missing=missing_for_draft(finding) if target is None and not post.made_at else [],
            form=form,
            target=target,
            target_edit=edit_url(target) if target else "",
            state=state_of(post),
            on_record=on_record,
            differences=differences_from(post.meeting, finding) if on_record and post.meeting else [],
            version=version,
            may_change=self.has_change_permission(request, post),
        )
        return TemplateResponse(request, "admin/moving_review.html", context)

    def _context(self, request: HttpRequest, title: str, **more: Any) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "module_name": self.opts.verbose_name_plural,
            **more,
        }


# --- What the pages show ---------------------------------------------------------------------------------------------

_FACTS = {
    "kind": _("kind"), "days": _("days"), "mode": _("mode"), "place": _("place"), "presidency": _("presidency"), "total": _("stated total"),
    "city": _("took part"), "body": _("took part, no city"), "excused": _("excused"), "group": _("working group"), "topic": _("topic"),
    "person": _("person with office"),
}  # fmt: skip


def review_rows(finding: Finding) -> list[dict[str, Any]]:
    """Group the facts by the sentence that tells them: what is read once is compared once."""
    rows: dict[str, dict[str, list[str]]] = {}
    for fact in finding.facts:
        name = str(_FACTS.get(fact.name, fact.name))
        label = str(fact.label).replace("_", " ") if fact.name in {"kind", "mode"} else str(fact.label)
        rows.setdefault(fact.sentence, {}).setdefault(name, []).append(label)
    return [{"sentence": sentence, "facts": list(facts.items())} for sentence, facts in rows.items()]


def look_at(file: Any, *, dry_run: bool) -> Look:
    """Import a file, or see what that would do. Keeps what the page shows, whatever the number of posts."""
    look = Look()
    known = Known.read()
    try:
        for found in read_posts(file):
            outcome = found if isinstance(found, Problem) else import_post(found, known, dry_run=dry_run)
            if isinstance(outcome, Problem):
                look.problems.append(outcome)
                continue
            look.counts[outcome.done] += 1
            if len(look.outcomes) < SHOWN:
                look.outcomes.append(outcome)
    except UnreadableFile as error:
        look.problems.append(Problem("", str(error)))
    return look


def state_of(post: ImportedPost) -> str:
    """Say in a word what a post waits for."""
    target = post.target
    if target is None:
        return gettext("draft deleted") if post.made_at else gettext("waits for its date")
    if post.made_at is None:
        return gettext("meeting on record")
    if not target.is_draft:
        return gettext("published")
    return gettext("confirmed") if post.confirmed_at else gettext("to be confirmed")


def edit_url(target: Any) -> str:
    """Give the form page of a meeting or a piece of news."""
    return reverse(f"admin:{target._meta.app_label}_{target._meta.model_name}_change", args=[target.pk])
