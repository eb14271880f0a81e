"""What organisations would have changed on their pages: shown field by field beside the record, accepted or not."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.admin.invitations import ReadHistoryMixin
from meetings.admin.looking import LookedAtAdmin
from members.models import Change, Organisation, ProposedChange, User, place_of
from members.proposing import Answer, ProposalStale, ProposedLine, decide, digest_of, lines_of
from members.rights import may_decide_proposals

ACCEPT, REFUSE = "accept", "refuse"


class DecideForm(forms.Form):
    """An answer for each field of a proposal, and a word for the whole."""

    word = forms.CharField(
        label=gettext_lazy("A word to the organisation"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy("It reads this beside your answer."),
    )

    def __init__(self, data: Any, *, lines: list[ProposedLine]) -> None:
        super().__init__(data)
        self.lines = lines
        for line in lines:
            self.fields[f"answer-{line.name}"] = forms.ChoiceField(
                label=line.label,
                choices=[(ACCEPT, _("Accept")), (REFUSE, _("Do not accept"))],
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"reason-{line.name}"] = forms.CharField(
                label=_("Reason"),
                required=False,
                max_length=1_000,
                widget=forms.TextInput(attrs={"class": "vTextField"}),
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each line of the proposal with its two fields."""
        return [
            {"line": line, "answer": self[f"answer-{line.name}"], "reason": self[f"reason-{line.name}"]}
            for line in self.lines
        ]

    def answers(self) -> dict[str, Answer]:
        """Give what was answered; after validation only. A field that was left open has no answer."""
        data = self.cleaned_data
        given = {line.name: data[f"answer-{line.name}"] for line in self.lines}
        return {
            name: Answer(said == ACCEPT, data[f"reason-{name}"].strip() if said == REFUSE else "")
            for name, said in given.items()
            if said
        }


@admin.register(ProposedChange)
class ProposedChangeAdmin(LookedAtAdmin, ReadHistoryMixin, admin.ModelAdmin[ProposedChange]):
    """Proposals of organisations; the page of one is where it is answered."""

    list_display = ("organisation", "proposed_at", "proposer", "verdict", "decided_at", "withdrawn_at")
    list_filter: ClassVar = [
        ("decided_at", admin.EmptyFieldListFilter), ("withdrawn_at", admin.EmptyFieldListFilter), "verdict",
    ]  # fmt: skip
    list_select_related = ("organisation", "proposed_by__person")
    search_fields = ("organisation__name",)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Find by the organisation, in any spelling."""
        found = Organisation.objects.matching(search_term) if search_term.strip() else None
        return (queryset if found is None else queryset.filter(organisation__in=found)), False

    @admin.display(description=gettext_lazy("proposed by"))
    def proposer(self, proposal: ProposedChange) -> str:
        return proposal.proposer

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:  # fmt: skip
        """Show a proposal beside the record, and take the answer."""
        proposal = self.get_object(request, unquote(object_id)) if object_id else None
        if proposal is None:
            raise Http404
        if not self.has_view_permission(request, proposal):
            raise PermissionDenied
        return self._decide(request, proposal) if request.method == "POST" else self._page(request, proposal)

    def get_queryset(self, request: HttpRequest) -> Any:
        return (
            super()
            .get_queryset(request)
            .select_related("organisation", "proposed_by__person", "decided_by", "withdrawn_by__person")
        )

    def _decide(self, request: HttpRequest, proposal: ProposedChange) -> HttpResponse:
        if not may_decide_proposals(request.user):
            raise PermissionDenied
        form = DecideForm(request.POST, lines=lines_of(proposal))
        if not form.is_valid():
            return self._page(request, proposal, form, status=422)
        try:
            answered = decide(
                proposal, form.answers(), by=cast(User, request.user), seen=request.POST.get("_seen", ""),
                word=form.cleaned_data["word"].strip(),
            )  # fmt: skip
        except ProposalStale:
            return self._page(request, self.get_queryset(request).get(pk=proposal.pk), request.POST, status=409)
        except ValidationError as error:
            _mark(form, error)
            return self._page(request, proposal, form, status=422)
        messages.success(request, _("Answered: %(verdict)s.") % {"verdict": answered.get_verdict_display()})
        return HttpResponseRedirect(reverse("admin:members_proposedchange_change", args=[proposal.pk]))

    def _page(self, request: HttpRequest, proposal: ProposedChange, sent: Any = None, *, status: int = 200) -> HttpResponse:  # fmt: skip
        """Show a proposal; after a stale answer with what was answered, for the state there is now."""
        lines = lines_of(proposal)
        may_decide = proposal.is_waiting and may_decide_proposals(request.user)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("What %(name)s would have changed") % {"name": proposal.organisation},
            "subtitle": None,
            "proposal": proposal,
            "lines": lines,
            "form": (sent if isinstance(sent, DecideForm) else DecideForm(sent, lines=lines)) if may_decide else None,
            "seen": digest_of(proposal),
            "is_stale": status == 409,
            "meanwhile": _changes_since(proposal) if proposal.is_waiting else [],
        }
        return TemplateResponse(request, "admin/proposal.html", context, status=status)


def _mark(form: DecideForm, error: ValidationError) -> None:
    """Put what was refused beside the answer that it is about."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        place = f"answer-{name}" if f"answer-{name}" in form.fields else None
        form.add_error(place, [message for each in errors for message in each.messages])


def _changes_since(proposal: ProposedChange) -> list[Change]:
    """The changes of the record since the proposal was written that touch one of its fields."""
    later = Change.objects.of_record(place_of(Organisation, proposal.organisation_id)).filter(pk__gt=proposal.version)
    return [change for change in later.order_by("pk") if set(change.fields) & set(proposal.fields)]
