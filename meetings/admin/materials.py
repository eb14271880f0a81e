"""Documents, photos, decisions and stated totals."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.admin.frozen import FrozenMixin
from meetings.models import Decision, Document, Meeting, NewsItem, Photo, StatedTotal
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
    fields = (("title", "kind"), ("language", "dated"), ("file", "url"), "order")
    show_change_link = True
    classes = ("collapse",)


class PhotoInline(RecordInline[Photo, Meeting]):
    model = Photo
    fields = ("preview", "image", "alt", "caption", "credit", "order")
    readonly_fields = ("preview",)
    classes = ("collapse",)

    preview = picture_preview("image")


@admin.register(Document)
class DocumentAdmin(RecordAdmin[Document]):
    list_display = ("title", "kind", "meeting", "language", "dated", "certainty")
    list_filter = (
        "kind",
        "language",
        "certainty",
        ("meeting", admin.EmptyFieldListFilter),
    )
    list_select_related = ("meeting",)
    date_hierarchy = "dated"
    search_fields = ("title",)
    fieldsets: ClassVar = [
        (
            None,
            {"fields": ["title", "kind", "meeting", ("language", "dated"), "order"]},
        ),
        (
            _("The paper itself"),
            {
                "fields": ["file", "url"],
                "description": _("Upload the file, or give its address elsewhere, or neither when it was not found."),
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
    fields = ("meeting", "text", "order")
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
