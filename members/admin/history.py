"""The history page of a record and of its parts, the list of deleted records, and bringing earlier states back."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.apps import apps
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from members.admin.words import Words, kind_of
from members.history import RestoreRefused, is_recorded, lock, restore, state_after, version_of
from members.history.states import current_state
from members.models import Action, Change, place_of
from members.paging import paginate

PER_PAGE = 25


@dataclass(frozen=True)
class Entry:
    """A change as the page shows it."""

    change: Change
    kind: str
    is_part: bool
    lines: list[dict[str, str]]
    restore_url: str = ""


class HistoryMixin:
    """An admin whose records have a history page; states are brought back under the rights of the record's own admin."""

    if TYPE_CHECKING:
        model: Any
        opts: Any
        admin_site: AdminSite

    def get_urls(self) -> list[Any]:
        """Add the list of what was deleted, and the page on which an earlier state is brought back."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        wrap = self.admin_site.admin_view
        mine = [
            path("deleted/", wrap(self.deleted_view), name=f"{name}_deleted"),
            path("<path:object_id>/history/<int:change>/", wrap(self.restore_view), name=f"{name}_restore"),
        ]
        return [*mine, *super().get_urls()]  # type: ignore[misc]

    def save_restored(self, request: HttpRequest, record: models.Model, changed: list[str]) -> None:
        """Save a record that got earlier values; an admin whose saves do more says so here."""
        record.save()

    # --- Pages ---

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Show every change of a record and of its parts, newest first; also of a record that was deleted."""
        place = place_of(self.model, unquote(object_id))
        record = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if not self.has_view_or_change_permission(request, record):  # type: ignore[attr-defined]
            raise PermissionDenied
        page = paginate(request, Change.objects.within(place).order_by("-pk"), PER_PAGE)
        if record is None and not page.paginator.count:
            raise Http404
        title = str(record) if record else page.object_list[0].label
        context = self._context(request, _("History: %(name)s") % {"name": title}, page)
        context |= {"record": record, "entries": self._entries(request, object_id, list(page))}
        return TemplateResponse(request, "admin/record_history.html", context)

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        """List the records of this kind that were deleted and did not come back."""
        if not self.has_view_or_change_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        later = Change.objects.filter(record=OuterRef("record"), pk__gt=OuterRef("pk"))
        deleted = Change.objects.filter(model=self.opts.label_lower, action=Action.DELETED)
        page = paginate(request, deleted.exclude(Exists(later)).order_by("-pk"), PER_PAGE)
        name = self.opts.verbose_name_plural
        context = self._context(request, _("Deleted: %(name)s") % {"name": name}, page)
        context["rows"] = [
            (change, self._url("history", change.key), self._restore_url(change.key, change)) for change in page
        ]
        return TemplateResponse(request, "admin/deleted_records.html", context)

    def restore_view(self, request: HttpRequest, object_id: str, change: int) -> HttpResponse:
        """Show what would change; once that is confirmed, bring the earlier state back."""
        place = place_of(self.model, unquote(object_id))
        found = get_object_or_404(Change.objects.within(place), pk=change)
        with transaction.atomic():
            if request.method == "POST":
                lock(self.model, unquote(object_id))
            version = str(version_of(self.model, unquote(object_id)))
            self._check_may_restore(request, found)
            if request.method != "POST":
                return self._ask(request, object_id, found, version)
            if request.POST.get("_version") != version:
                messages.error(request, _("Somebody changed this record meanwhile: look again what would change."))
                return self._ask(request, object_id, found, version, status=409)
            return self._restore(request, object_id, found)

    # --- Steps ---

    def _restore(self, request: HttpRequest, object_id: str, change: Change) -> HttpResponse:
        admin = _admin_of(self.admin_site, change)

        def save(record: models.Model, changed: list[str]) -> None:
            saver = self.admin_site.get_model_admin(type(record))
            cast(Any, saver).save_restored(request, record, changed)

        try:
            done = restore(change, save=save)
        except RestoreRefused as refusal:
            for reason in refusal.reasons:
                messages.error(request, reason)
            return self._ask(request, object_id, change, str(version_of(self.model, unquote(object_id))))
        admin.log_change(request, done.record, _("Earlier state brought back."))
        for left_out in done.left_out:
            messages.warning(request, left_out)
        messages.success(request, _("The earlier state is back, as a new change."))
        return HttpResponseRedirect(self._url("history", unquote(object_id)))

    def _ask(
        self, request: HttpRequest, object_id: str, change: Change, version: str, status: int = 200
    ) -> HttpResponse:
        model = apps.get_model(change.model)
        then, now = state_after(change), current_state(model, change.key) or {}
        fields = {name: [now.get(name), value] for name, value in then.items() if now.get(name) != value}
        lines = Words([(model, fields)], request, self.admin_site).lines(model, fields)
        along = (
            Change.objects.filter(batch=change.batch, action=Action.DELETED).exclude(pk=change.pk).within(change.record)
        )
        context = self._context(request, _("Bring back an earlier state"), None)
        context |= {"change": change, "kind": kind_of(change), "lines": lines, "record_version": version}
        context |= {"is_gone": not now, "parts": along.count() if not now else 0}
        context["history_url"] = self._url("history", unquote(object_id))
        return TemplateResponse(request, "admin/restore_confirmation.html", context, status=status)

    def _check_may_restore(self, request: HttpRequest, change: Change) -> None:
        admin = _admin_of(self.admin_site, change)
        record = admin.get_object(request, change.key)
        may = admin.has_change_permission(request, record) if record else admin.has_add_permission(request)
        if not may:
            raise PermissionDenied

    def _entries(self, request: HttpRequest, object_id: str, changes: list[Change]) -> list[Entry]:
        latest = _latest(changes)
        pairs = [(apps.get_model(change.model), change.fields) for change in changes]
        words = Words(pairs, request, self.admin_site)
        own = place_of(self.model, unquote(object_id))
        return [
            Entry(
                change=change,
                kind=kind_of(change),
                is_part=change.record != own,
                lines=[line for line in words.lines(model, fields) if line["before"] != line["after"]],
                restore_url=self._restore_url(unquote(object_id), change) if _may_go_back(change, latest) else "",
            )
            for change, (model, fields) in zip(changes, pairs, strict=True)
        ]

    def _context(self, request: HttpRequest, title: str, page: Any) -> dict[str, Any]:
        names = {"opts": self.opts, "module_name": capfirst(self.opts.verbose_name_plural), "page": page}
        return {**self.admin_site.each_context(request), **names, "title": title, "subtitle": None}

    def _url(self, page: str, *args: Any) -> str:
        return reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=[quote(each) for each in args]
        )

    def _restore_url(self, key: Any, change: Change) -> str:
        return self._url("restore", key, change.pk)


def _latest(changes: list[Change]) -> dict[str, int]:
    """Give the number of the last change of each record that comes up."""
    records = Change.objects.filter(record__in={change.record for change in changes}).order_by()
    return dict(records.values_list("record").annotate(last=Max("pk")))


def _may_go_back(change: Change, latest: dict[str, int]) -> bool:
    """An earlier state of a record that is there, or the last one of a record that is not; never the present one."""
    is_last = latest[change.record] == change.pk
    return is_last == (change.action == Action.DELETED) and is_recorded(apps.get_model(change.model))


def _admin_of(site: AdminSite, change: Change) -> Any:
    return site.get_model_admin(apps.get_model(change.model))
