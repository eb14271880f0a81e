"""What the admin pages of all records share."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, TypeVar

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from members.admin.deletion import Summary, deletion_summary
from members.admin.history import HistoryMixin
from members.admin.stale import StaleMixin
from members.admin_options import RecordFormSet, RelationsMixin
from members.forms import RecordForm
from members.names import search_text
from members.pictures import PictureFile

M = TypeVar("M", bound=models.Model)
P = TypeVar("P", bound=models.Model)

FACT: tuple[Any, Any] = (
    _("How we know"),
    {
        "fields": ["certainty", "basis", "sources"],
        "description": _("Every fact says how sure it is and where it stands. What is written here is public."),
    },
)
WINDOW: tuple[Any, Any] = (
    _("When"),
    {
        "fields": [("earliest", "latest")],
        "description": _(
            "A day that is known bears the same date twice. For “September 2022” give its first and its last day; "
            "for “known by” leave the earliest empty."
        ),
    },
)


class RowsMixin:
    """The rows of a list, with the relations that their labels need."""

    list_select_related: ClassVar[Any] = ()
    list_prefetch_related: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).prefetch_related(*self.list_prefetch_related)  # type: ignore[misc]
        return rows.select_related(*self.list_select_related) if self.list_select_related else rows


class RecordAdmin(StaleMixin, HistoryMixin, RelationsMixin, RowsMixin, admin.ModelAdmin[M]):
    """An admin page of a record: found in any spelling, checked against every rule, not deleted while referred to."""

    form: type[ModelForm[Any]] = RecordForm
    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    # The table as which these records come in and go out, where there is one.
    sheet: ClassVar[str] = ""

    def found(self, rows: Any, text: str) -> Any:
        """Keep the rows that a search means; by the folded `search` column unless the model knows better."""
        return rows.matching(text) if hasattr(rows, "matching") else rows.filter(folded(text))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Search as `found` does, for lists and autocompletion alike."""
        return (self.found(queryset, search_term) if search_term.strip() else queryset), False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show or save a record. What a rule beyond the form's refuses at the last moment is said, and nothing written."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(request.get_full_path())

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Head a list with what it lists."""
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def option_label(self, record: M) -> str:
        """Name a record among the options of a relation."""
        return str(record)

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """Give the record's public page, straight, where it has one."""
        return obj.get_absolute_url() if obj is not None and hasattr(obj, "get_absolute_url") else None

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Summary:
        return deletion_summary(objs, request, self.admin_site)

    def log_change(self, request: HttpRequest, obj: M, message: Any) -> LogEntry:
        """Keep what was changed in the history, and say it to the user."""
        entry = super().log_change(request, obj, message)
        messages.info(request, Truncator(entry.get_change_message()).words(60))
        return entry


class RecordInline(RelationsMixin, RowsMixin, admin.TabularInline[M, P]):
    """Rows that are parts of a record, edited on its page."""

    form: type[ModelForm[Any]] = RecordForm
    formset = RecordFormSet
    extra = 0
    links_to_related = False


class StackedRecordInline(RelationsMixin, RowsMixin, admin.StackedInline[M, P]):
    """Parts of a record with longer texts, edited on its page."""

    form: type[ModelForm[Any]] = RecordForm
    formset = RecordFormSet
    extra = 0


def folded(text: str, field: str = "search") -> Q:
    """Ask that a folded column contains every word of a text; a text without letters asks for nothing that exists."""
    words = search_text(text).split()
    condition = Q(pk__in=[]) if not words else Q()
    for word in words:
        condition &= Q(**{f"{field}__contains": word})
    return condition


def picture_preview(field: str) -> Callable[[Any, Any], SafeString | str]:
    """Make a read-only column that shows the smallest size of a picture."""

    @admin.display(description=_("preview"))
    def preview(self: Any, record: Any) -> SafeString | str:
        file: PictureFile = getattr(record, field)
        if not file:
            return "–"
        return format_html(
            '<img class="picture-preview" src="{}" width="{}" height="{}" alt="">',
            file.small_url,
            file.pixel_width,
            file.pixel_height,
        )

    return preview


def names_of(records: Iterable[Any]) -> str:
    """Join the names of prefetched records for a column."""
    return ", ".join(str(record) for record in records) or "–"
