"""Tables in and out: upload with preview, import, export, and taking an import back."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from b40.models import SheetImport
from b40.sheets.applying import NotClean, Overtaken, apply, take_back
from b40.sheets.exporting import csv_of, xlsx_of
from b40.sheets.plan import plan_of
from b40.sheets.reading import GREATEST_FILE, UnreadableTable, read_table
from b40.sheets.tables import EMPTIED, TABLES, SheetTable
from b40.staging import Gone, forget, keep, redeem
from members.history import RestoreRefused
from members.models import User

SHOWN = 300
KEPT_IMPORTS = 30
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class TableForm(forms.Form):
    """A file with a table."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV in UTF-8, or XLSX. Nothing is written before you have seen what would happen."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )

    def clean_file(self) -> Any:
        """Refuse what is too large."""
        file = self.cleaned_data["file"]
        if file.size > GREATEST_FILE:
            raise ValidationError(_("The file has more than 10 MB: part it in several."))
        return file


def urls(site: AdminSite) -> list[URLPattern]:
    """Give the addresses of these pages, for the secretariat's site."""

    def page(view: Any) -> Any:
        return site.admin_view(lambda request, **named: view(request, site, **named))

    return [
        path("sheets/", page(overview), name="sheets"),
        path("sheets/<str:name>/", page(upload), name="sheet"),
        path("sheets/<str:name>/preview/", page(preview), name="sheet_preview"),
        path("sheets/<str:name>/export.<str:kind>", page(export), name="sheet_export"),
        path("sheets/imports/<int:pk>/take-back/", page(undo_import), name="sheet_take_back"),
    ]


# --- Pages -----------------------------------------------------------------------------------------------------------


@require_safe
def overview(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """List the tables and the imports there were."""
    tables = [table for table in TABLES.values() if _may(request, table, "view")]
    if not tables:
        raise PermissionDenied
    context = {
        "tables": [(table, _may_import(request, table)) for table in tables],
        "imports": [
            (each, each.undone_at is None and _may_import(request, TABLES[each.table]))
            for each in SheetImport.objects.select_related("imported_by").filter(
                table__in=[table.name for table in tables]
            )[:KEPT_IMPORTS]
        ],
    }
    return _page(request, site, "admin/sheets.html", _("Tables in and out"), **context)


def upload(request: HttpRequest, site: AdminSite, name: str) -> HttpResponse:
    """Take a file, and go on to its preview."""
    table = _table(request, name)
    form = TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        ticket = keep(form.cleaned_data["file"], cast(User, request.user))
        return HttpResponseRedirect(f"{reverse('admin:sheet_preview', args=[name])}?ticket={ticket}")
    title = _("Import a table: %(name)s") % {"name": table.title}
    return _page(request, site, "admin/sheet_upload.html", title, table=table, form=form, emptied=EMPTIED)


def preview(request: HttpRequest, site: AdminSite, name: str) -> HttpResponse:
    """Show what every row and cell would do; on POST do it."""
    table = _table(request, name)
    ticket = request.POST.get("ticket") or request.GET.get("ticket") or ""
    try:
        kept, file_name = redeem(ticket, cast(User, request.user))
        read = read_table(kept.read_bytes())
        if request.method == "POST":
            plan, _remembered = apply(
                table, read, digest=request.POST.get("digest", ""), file_name=file_name, by=cast(User, request.user)
            )
            forget(kept)
            messages.success(request, _done(plan.counts))
            return HttpResponseRedirect(reverse("admin:sheets"))
        plan = plan_of(table, read)
    except Gone:
        messages.error(request, _("The uploaded file is not here any more: upload it again."))
    except UnreadableTable as error:
        messages.error(request, str(error))
    except Overtaken:
        messages.error(
            request, _("The record changed since the preview. Nothing was written: look at what would happen now.")
        )
        return HttpResponseRedirect(f"{reverse('admin:sheet_preview', args=[name])}?ticket={ticket}")
    except NotClean:
        messages.error(
            request, _("Some rows have problems. Nothing was written: mend them in the file and upload it again.")
        )
    else:
        rows = plan.to_show
        title = _("What %(file)s would do") % {"file": file_name}
        context = {
            "table": table,
            "plan": plan,
            "rows": rows[:SHOWN],
            "more": max(len(rows) - SHOWN, 0),
            "ticket": ticket,
        }
        return _page(request, site, "admin/sheet_preview.html", title, **context)
    return HttpResponseRedirect(reverse("admin:sheet", args=[name]))


@require_safe
def export(request: HttpRequest, site: AdminSite, name: str, kind: str) -> HttpResponseBase:
    """Answer with the records of a list, filtered as the list is, as CSV or XLSX."""
    known = TABLES.get(name)
    if known is None or kind not in {"csv", "xlsx"}:
        raise Http404
    if not _may(request, known, "view"):
        raise PermissionDenied
    table = known()
    listed = site.get_model_admin(table.model).get_changelist_instance(request).get_queryset(request)
    records = table.records().filter(pk__in=listed.order_by().values("pk")).iterator(chunk_size=500)
    if kind == "csv":
        response: HttpResponseBase = StreamingHttpResponse(
            csv_of(table, records), content_type="text/csv; charset=utf-8"
        )
    else:
        response = HttpResponse(xlsx_of(table, records), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def undo_import(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponse:
    """Take an import back."""
    remembered = get_object_or_404(SheetImport, pk=pk)
    _table(request, remembered.table)
    try:
        number = take_back(remembered)
        said = ngettext("%(number)d record is as it was before.", "%(number)d records are as they were before.", number)
        messages.success(request, said % {"number": number})
    except RestoreRefused as refusal:
        messages.error(request, " ".join([_("Nothing was taken back."), *refusal.reasons]))
    return HttpResponseRedirect(reverse("admin:sheets"))


# --- Parts -----------------------------------------------------------------------------------------------------------


def _done(counts: dict[str, int]) -> str:
    told = {"new": counts["new"], "changed": counts["changed"], "unchanged": counts["unchanged"]}
    return _("Imported: %(new)d added, %(changed)d changed, %(unchanged)d as they were.") % told


def _table(request: HttpRequest, name: str) -> SheetTable:
    """Give the table of a name to those who may import it: 404 for none, 403 for the others."""
    table = TABLES.get(name)
    if table is None:
        raise Http404
    if not _may_import(request, table):
        raise PermissionDenied
    return table()


def _may(request: HttpRequest, table: type[SheetTable], action: str) -> bool:
    options = table.model._meta
    return request.user.has_perm(f"{options.app_label}.{action}_{options.model_name}")


def _may_import(request: HttpRequest, table: type[SheetTable]) -> bool:
    return _may(request, table, "add") and _may(request, table, "change")


def _page(request: HttpRequest, site: AdminSite, template: str, title: str, **context: Any) -> HttpResponse:
    return TemplateResponse(request, template, {**site.each_context(request), "title": capfirst(title), **context})
