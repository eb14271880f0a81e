"""The page on which two records of one organisation become one: what moves, which values stay, what stands in the way."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from b40.merging import MergeRefused, MergeStale, Obstacle, Plan, Seen, merge, plan_merge
from b40.merging.choices import Choice
from b40.merging.likely import likely_same
from members.admin.words import Words
from members.admin_options import OptionSelect
from members.models import MembershipChange, Organisation

PREFIX = "take-"


class MergeMixin:
    """An admin of organisations that can merge two of them."""

    if TYPE_CHECKING:
        admin_site: AdminSite
        opts: Any

    @admin.action(permissions=["change", "delete"], description=gettext_lazy("Merge the two selected organisations"))
    def merge_selected(self, request: HttpRequest, queryset: models.QuerySet[Organisation]) -> HttpResponse | None:
        """Lead to the page that merges two records; the older one stays unless the page is told otherwise."""
        keys = sorted(queryset.values_list("pk", flat=True)[:3])
        if len(keys) == 2:
            return HttpResponseRedirect(_merge_url(*keys))
        messages.error(request, _("Select exactly two organisations to merge them."))
        return None

    def get_urls(self) -> list[Any]:
        """Add the page that merges."""
        view = self.admin_site.admin_view(self.merge_view)
        mine = [path("<path:object_id>/merge/", view, name="members_organisation_merge")]
        return [*mine, *super().get_urls()]  # type: ignore[misc]

    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask for the other record, show what merging would do, and do it once that is confirmed."""
        winner = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if winner is None:
            raise Http404
        if not self._may_merge(request, winner):
            raise PermissionDenied
        form = OtherForm(request.POST or request.GET or None, site=self.admin_site, winner=winner)
        if not form.is_valid():
            return self._ask_for_other(request, winner, form)
        loser = form.cleaned_data["other"]
        return (
            self._merge(request, winner, loser) if request.method == "POST" else self._preview(request, winner, loser)
        )

    # --- Steps ---

    def _may_merge(self, request: HttpRequest, record: Organisation) -> bool:
        """Merging changes one record and deletes the other."""
        change, delete = self.has_change_permission, self.has_delete_permission  # type: ignore[attr-defined]
        return bool(change(request, record) and delete(request, record))

    def _merge(self, request: HttpRequest, winner: Organisation, loser: Organisation) -> HttpResponse:
        chosen = {
            name.removeprefix(PREFIX): value == "theirs"
            for name, value in request.POST.items()
            if name.startswith(PREFIX)
        }
        self._check_may_move(request, plan := plan_merge(winner, loser))
        name = str(loser)
        try:
            merge(winner, loser, by=request.user, chosen=chosen, seen=_seen(request))  # type: ignore[arg-type]
        except MergeStale:
            messages.error(request, _("Somebody changed one of the two meanwhile: look again what would happen."))
            return self._preview(request, winner, loser, chosen=chosen, status=409)
        except MergeRefused as refusal:
            return self._preview(request, winner, loser, chosen=chosen, refused=refusal.obstacles, status=409)
        self.log_change(request, winner, _("“%(name)s” was merged into this record.") % {"name": name})  # type: ignore[attr-defined]
        moved = sum(moving.count for moving in plan.moving)
        messages.success(request, _("Merged. Rows that moved or were joined: %(number)s.") % {"number": moved})
        return HttpResponseRedirect(reverse("admin:members_organisation_change", args=[quote(winner.pk)]))

    def _check_may_move(self, request: HttpRequest, plan: Plan) -> None:
        """Who merges changes every row that moves, and deletes every row that is joined to another."""
        for moving in plan.moving:
            page = self.admin_site.get_model_admin(moving.relation.model)
            lacks_change = moving.count and not page.has_change_permission(request)
            if lacks_change or (moving.pairs and not page.has_delete_permission(request)):
                raise PermissionDenied

    def _ask_for_other(self, request: HttpRequest, winner: Organisation, form: "OtherForm") -> HttpResponse:
        likely = [(one, self.option_label(one), _merge_url(winner.pk, one.pk)) for one in likely_same(winner)]  # type: ignore[attr-defined]
        context = {**self._merge_context(request, winner), "form": form, "likely": likely, "media": form.media}
        return TemplateResponse(request, "admin/merge_other.html", context)

    def _preview(
        self, request: HttpRequest, winner: Organisation, loser: Organisation, *,
        chosen: dict[str, bool] | None = None, refused: list[Obstacle] | None = None, status: int = 200,
    ) -> HttpResponse:  # fmt: skip
        known = Organisation.objects.select_related("country")
        plan = plan_merge(*(get_object_or_404(known, pk=one.pk) for one in (winner, loser)))
        obstacles = plan.obstacles if refused is None else refused
        context = self._merge_context(request, plan.winner) | {
            "plan": plan,
            "loser": plan.loser,
            "loser_label": self.option_label(plan.loser),  # type: ignore[attr-defined]
            "choices": _choices(request, self.admin_site, plan.choices, chosen or {}),
            "obstacles": [(each.text, [*map(_link, each.records)]) for each in obstacles],
            "is_blocked": bool(plan.obstacles),
            "moving": [each for each in plan.moving if each.count],
            "swap_url": _merge_url(loser.pk, winner.pk),
        }
        return TemplateResponse(request, "admin/merge_preview.html", context, status=status)

    def _merge_context(self, request: HttpRequest, winner: Organisation) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "module_name": capfirst(self.opts.verbose_name_plural),
            "title": _("Merge two records of one organisation"),
            "subtitle": None,
            "winner": winner,
            "winner_label": self.option_label(winner),  # type: ignore[attr-defined]
            "change_url": reverse("admin:members_organisation_change", args=[quote(winner.pk)]),
            "merge_url": reverse("admin:members_organisation_merge", args=[quote(winner.pk)]),
        }


class OtherForm(forms.Form):
    """Which record is the other one."""

    other = forms.ModelChoiceField(
        queryset=Organisation.objects.none(),
        label=gettext_lazy("Other record"),
        error_messages={"invalid_choice": gettext_lazy("Choose a record that is there, and another than the one that stays.")},
    )  # fmt: skip

    def __init__(self, data: Any, *, site: AdminSite, winner: Organisation) -> None:
        super().__init__(data)
        field: Any = self.fields["other"]
        field.queryset = Organisation.objects.exclude(pk=winner.pk).select_related("country")
        # Any relation to an organisation tells the widget where its options come from.
        field.widget = OptionSelect(MembershipChange._meta.get_field("organisation"), site)
        field.widget.choices = field.choices
        field.widget.is_required = True


def _seen(request: HttpRequest) -> Seen:
    return Seen(
        winner_version=_number(request.POST.get("_version", "")),
        loser_version=_number(request.POST.get("_other_version", "")),
        fingerprint=request.POST.get("_fingerprint", ""),
    )


def _number(sent: str) -> int:
    """Read a version; what is none is no record's."""
    return int(sent) if sent.isascii() and sent.isdigit() else -1


def _choices(
    request: HttpRequest, site: AdminSite, choices: list[Choice], chosen: dict[str, bool]
) -> list[dict[str, Any]]:
    sides = {
        field.name: [*values]
        for each in choices
        for field, *values in zip(each.fields, each.mine, each.theirs, strict=True)
    }
    words = Words([(Organisation, sides)], request, site)
    return [
        {
            "name": f"{PREFIX}{each.name}",
            "label": each.label,
            "mine": _say(words, each, each.mine),
            "theirs": _say(words, each, each.theirs),
            "is_theirs": chosen.get(each.name, each.takes_theirs and not each.must_be_chosen),
            "is_mine": not chosen.get(each.name, each.takes_theirs or each.must_be_chosen),
        }
        for each in choices
    ]  # fmt: skip


def _say(words: Words, choice: Choice, values: tuple[Any, ...]) -> str:
    said = [words.say(Organisation, field.name, value) for field, value in zip(choice.fields, values, strict=True)]
    return ", ".join(said) if any(value not in (None, "") for value in values) else said[0]


def _link(record: models.Model) -> tuple[str, str]:
    opts = record._meta
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[quote(record.pk)])
    return f"{capfirst(opts.verbose_name)}: {record}", address


def _merge_url(winner: Any, loser: Any) -> str:
    return f"{reverse('admin:members_organisation_merge', args=[quote(winner)])}?other={loser}"
