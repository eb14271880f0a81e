"""Presidencies, people in office, and seats on the Executive Board."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from members.admin.addresses import DeadAddressMixin
from members.admin.base import FACT, WINDOW, RecordAdmin, RecordInline, folded
from members.forms import LinesField, RecordForm
from members.models import (
    BoardSeatChange,
    Mandate,
    Office,
    OfficeChange,
    Organisation,
    Person,
    Presidency,
)


class PresidencyForm(RecordForm[Presidency]):
    priorities = LinesField(label=_("priorities"), required=False, help_text=_("One per line."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.parts_follow = True  # the page holds every President of the term, and checks each


class PresidentForm(RecordForm[OfficeChange]):
    """An office-holder of a presidency: its President, so nobody needs to choose the office."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.office = Office.PRESIDENT


class PresidentInline(RecordInline[OfficeChange, Presidency]):
    model = OfficeChange
    form = PresidentForm
    fields = ("person", "title", "earliest", "latest", "certainty")
    show_change_link = True
    links_to_related = True
    list_select_related = ("person", "presidency__city")
    verbose_name = _("President")
    verbose_name_plural = _("Presidents of the term")


@admin.register(Presidency)
class PresidencyAdmin(RecordAdmin[Presidency]):
    form = PresidencyForm
    list_display = ("city", "started_on", "ended_on", "motto", "certainty")
    list_filter = ("certainty",)
    list_select_related = ("city",)
    date_hierarchy = "started_on"
    search_fields = ("motto",)
    fieldsets: ClassVar = [
        (
            None,
            {
                "fields": ["city", "started_on"],
                "description": _(
                    "Only the handover is recorded: a term ends with the next, so terms leave no gap and never overlap."
                ),
            },
        ),
        (_("The term"), {"fields": ["motto", "priorities", "chosen"]}),
        (_("A second term in a row"), {"fields": ["override_reason"]}),
        FACT,
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_end()

    def get_inlines(self, request: HttpRequest, obj: Presidency | None = None) -> list[Any]:
        """Presidents take office within the term, so the term comes first."""
        return [PresidentInline] if obj else []

    @admin.display(description=_("ended on"), ordering="ended_on")
    def ended_on(self, presidency: Presidency) -> Any:
        return getattr(presidency, "ended_on", None)


@admin.register(Person)
class PersonAdmin(RecordAdmin[Person]):
    fields = ("name",)
    list_display = ("name",)
    search_fields = ("name",)


@admin.register(Mandate)
class MandateAdmin(DeadAddressMixin, RecordAdmin[Mandate]):
    """Whom to write to. Never public."""

    sheet = "contacts"
    list_display = ("person", "organisation", "role", "position", "address", "ends_on")
    list_filter = ("role", ("ends_on", admin.EmptyFieldListFilter))
    list_select_related = ("person", "organisation")
    search_fields = ("email",)
    fields = (
        "organisation",
        "person",
        ("role", "position"),
        ("email", "phone"),
        "mail_fails",
        ("starts_on", "ends_on"),
        "note",
    )
    readonly_fields = ("mail_fails",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_dead_address()

    def get_fields(self, request: HttpRequest, obj: Mandate | None = None) -> Any:
        """Leave the line about the mail address out where there is nothing to say."""
        fields = super().get_fields(request, obj)
        return fields if getattr(obj, "dead_address", None) else [name for name in fields if name != "mail_fails"]

    def found(self, rows: Any, text: str) -> Any:
        people, bodies = Person.objects.matching(text), Organisation.objects.matching(text)
        return rows.filter(Q(person__in=people) | Q(organisation__in=bodies) | Q(email__icontains=text.strip()))


@admin.register(OfficeChange)
class OfficeChangeAdmin(RecordAdmin[OfficeChange]):
    list_display = ("office", "person", "title", "presidency", "when", "certainty")
    list_filter = ("office", "certainty")
    list_select_related = ("person", "presidency__city")
    date_hierarchy = "latest"
    search_fields = ("title",)
    fieldsets: ClassVar = [
        (
            None,
            {
                "fields": ["office", "presidency", "person", "title"],
                "description": _(
                    "A President belongs to a presidency, the Permanent Secretary to none. No person: it fell vacant."
                ),
            },
        ),
        WINDOW,
        FACT,
    ]

    @admin.display(description=_("when"), ordering="latest")
    def when(self, change: OfficeChange) -> str:
        return change.when

    def found(self, rows: Any, text: str) -> Any:
        terms = Q(presidency__city__in=Organisation.objects.matching(text))
        return rows.filter(folded(text, "person__search") | terms)


@admin.register(BoardSeatChange)
class BoardSeatChangeAdmin(RecordAdmin[BoardSeatChange]):
    list_display = ("city", "event", "when", "how", "certainty")
    list_filter = ("event", "certainty")
    list_select_related = ("city",)
    date_hierarchy = "latest"
    search_fields = ("how",)
    fieldsets: ClassVar = [(None, {"fields": ["city", "event", "how"]}), WINDOW, FACT]

    @admin.display(description=_("when"), ordering="latest")
    def when(self, change: BoardSeatChange) -> str:
        return change.when

    def found(self, rows: Any, text: str) -> Any:
        return rows.filter(city__in=Organisation.objects.matching(text))
