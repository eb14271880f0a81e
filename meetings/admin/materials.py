"""Documents, photos, decisions and stated totals."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from meetings.admin.frozen import FrozenMixin
from meetings.models import Decision, Document, DocumentVersion, Meeting, NewsItem, Photo, StatedTotal
from members.admin.base import (
    FACT,
    RecordAdmin,
    RecordInline,
    StackedRecordInline,
    picture_preview,
)


class DecisionInline(FrozenMixin, RecordInline[Decision, Meeting]):
    model = Decision
    fields = ("text", "order")


class StatedTotalInline(RecordInline[StatedTotal, Meeting]):
    model = StatedTotal
    fields = ("bound", "number", "what", "stated_by", "certainty")
    show_change_link = True


class DocumentInline(StackedRecordInline[Document, Meeting]):
    model = Document
    fields = (("title", "kind"), ("language", "dated"), ("file", "url"), ("audience", "order"))
    show_change_link = True
    classes = ("collapse",)


class PhotoInline(RecordInline[Photo, Meeting]):
    model = Photo
    fields = ("preview", "image", "alt", "caption", "credit", "order")
    readonly_fields = ("preview",)
    classes = ("collapse",)

    preview = picture_preview("image")


class DocumentVersionInline(RecordInline[DocumentVersion, Document]):
    """Every file that the document was; a new one comes by uploading it above."""

    model = DocumentVersion
    fields = ("number", "file", "uploaded_at", "uploaded_by", "note")
    readonly_fields = ("number", "file", "uploaded_at", "uploaded_by")
    list_select_related = ("uploaded_by",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class WishFilter(admin.SimpleListFilter):
    """What organisations handed in, and what of it they wish to be public."""

    title = _("handed in")
    parameter_name = "handed_in"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("all", _("by an organisation")), ("wish", _("wishes to be public"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "wish":
            return queryset.wishing_to_be_public()
        return queryset.filter(handed_in_by__isnull=False) if self.value() == "all" else queryset


@admin.register(Document)
class DocumentAdmin(RecordAdmin[Document]):
    list_display = ("title", "kind", "meeting", "handed_in_by", "audience", "language", "dated", "certainty")
    inlines: ClassVar = [DocumentVersionInline]
    readonly_fields = ("handed_in_by", "handed_in_through", "handed_in_at")
    list_filter = (
        WishFilter,
        "kind",
        "audience",
        "language",
        "certainty",
        ("meeting", admin.EmptyFieldListFilter),
    )
    list_select_related = ("meeting", "handed_in_by")
    date_hierarchy = "dated"
    search_fields = ("title",)
    fieldsets: ClassVar = [
        (
            None,
            {"fields": ["title", "kind", "meeting", "session", ("language", "dated"), "audience", "order"]},
        ),
        (_("Handed in"), {"fields": [("handed_in_by", "handed_in_through", "handed_in_at"), "wished_audience"]}),
        (
            _("The paper itself"),
            {
                "fields": ["file", "url"],
                "description": _(
                    "Upload the file, or give its address elsewhere, or neither when it was not found. "
                    "A new file becomes the next version; the former ones stay."
                ),
            },
        ),
        FACT,
    ]


@admin.register(Photo)
class PhotoAdmin(RecordAdmin[Photo]):
    fields = ("meeting", "news_item", "image", "preview", "alt", "caption", "credit", "order")
    readonly_fields = ("preview",)
    list_display = ("__str__", "preview", "meeting", "news_item", "credit")
    list_filter: ClassVar = [("meeting", admin.EmptyFieldListFilter), ("news_item", admin.EmptyFieldListFilter)]
    list_select_related = ("meeting", "news_item")
    search_fields = ("caption", "alt")

    preview = picture_preview("image")

    def found(self, rows: Any, text: str) -> Any:
        words = text.strip()
        return rows.filter(
            Q(caption__icontains=words)
            | Q(alt__icontains=words)
            | Q(meeting__in=Meeting.objects.matching(text))
            | Q(news_item__in=NewsItem.objects.matching(text).order_by())
        )


@admin.register(Decision)
class DecisionAdmin(FrozenMixin, RecordAdmin[Decision]):
    fields = ("meeting", "item", "text", "order")
    list_display = ("text", "meeting")
    list_select_related = ("meeting",)
    search_fields = ("text",)

    def found(self, rows: Any, text: str) -> Any:
        return rows.filter(Q(text__icontains=text.strip()) | Q(meeting__in=Meeting.objects.matching(text)))


@admin.register(StatedTotal)
class StatedTotalAdmin(RecordAdmin[StatedTotal]):
    list_display = ("phrase", "meeting", "stated_by", "certainty")
    list_filter = ("what", "bound", "certainty")
    list_select_related = ("meeting",)
    search_fields = ("stated_by",)
    fieldsets: ClassVar = [
        (
            None,
            {
                "fields": ["meeting", ("bound", "number", "what"), "stated_by"],
                "description": _("Shown beside the counted number when the two differ."),
            },
        ),
        FACT,
    ]

    def found(self, rows: Any, text: str) -> Any:
        return rows.filter(Q(stated_by__icontains=text.strip()) | Q(meeting__in=Meeting.objects.matching(text)))


@admin.register(DocumentVersion)
class DocumentVersionAdmin(RecordAdmin[DocumentVersion]):
    """One file that a document is or was; where it must not stay, it is deleted here."""

    fields = ("document", "number", "file", "uploaded_at", "uploaded_by", "note")
    readonly_fields = ("document", "number", "file", "uploaded_at", "uploaded_by")
    list_display = ("document", "number", "uploaded_at", "uploaded_by", "note")
    list_select_related = ("document", "uploaded_by")
    search_fields = ("note",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def found(self, rows: Any, text: str) -> Any:
        return rows.filter(Q(note__icontains=text.strip()) | Q(document__in=Document.objects.matching(text)))
