"""News, with its pictures."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models import NewsItem, Photo
from members.admin.base import RecordAdmin, RecordInline, names_of, picture_preview


class NewsPhotoInline(RecordInline[Photo, NewsItem]):
    model = Photo
    fields = ("preview", "image", "alt", "caption", "credit", "order")
    readonly_fields = ("preview",)

    preview = picture_preview("image")


class StandingFilter(admin.SimpleListFilter):
    """Who can see an item today: staff alone, or everybody."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("draft", _("draft")), ("waiting", _("waits for its day")), ("published", _("published"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        today = timezone.localdate()
        kept = {
            "draft": queryset.drafts(),
            "waiting": queryset.waiting(today),
            "published": queryset.published(today),
        }
        return kept.get(self.value() or "", queryset)


@admin.register(NewsItem)
class NewsItemAdmin(RecordAdmin[NewsItem]):
    list_display = ("title", "kind", "published_on", "standing", "spoken_of")
    list_filter = (StandingFilter, "kind")
    list_prefetch_related = ("organisations",)
    date_hierarchy = "published_on"
    search_fields = ("title",)
    search_help_text = _("A word of the title, the summary or the text, in any script.")
    prepopulated_fields: ClassVar = {"slug": ("title",)}
    readonly_fields = ("created_at", "changed_at")
    inlines: ClassVar = [NewsPhotoInline]
    fieldsets: ClassVar = [
        (None, {"fields": ["title", "slug", ("kind", "published_on")]}),
        (_("Texts"), {"fields": ["summary", "text"]}),
        (
            _("What it speaks of"),
            {
                "fields": ["meeting", "organisations"],
                "description": _("The item is shown on their pages too."),
            },
        ),
        (
            _("Where it stands"),
            {
                "fields": ["sources"],
                "description": _("Pages and papers that tell of it. They are public."),
            },
        ),
        (_("Record"), {"fields": [("created_at", "changed_at")]}),
    ]

    def option_label(self, item: NewsItem) -> str:
        """Titles recur; the days do not."""
        return f"{item.title} · {item.published_on or _('draft')}"

    @admin.display(description=_("standing"), ordering="published_on")
    def standing(self, item: NewsItem) -> Any:
        if item.is_draft:
            return _("draft")
        return _("waits for its day") if item.is_waiting else _("published")

    @admin.display(description=_("cities and bodies"))
    def spoken_of(self, item: NewsItem) -> str:
        return names_of(item.organisations.all())
