"""Organisations, their names, and what they are to the network."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.admin.addresses import DeadAddressMixin
from members.admin.base import (
    FACT,
    WINDOW,
    RecordAdmin,
    RecordInline,
    folded,
    picture_preview,
)
from members.admin.status import StatusMixin
from members.forms import LinesField, RecordForm
from members.models import (
    Mandate,
    MembershipChange,
    Organisation,
    OrganisationName,
    StatedMemberCount,
    Status,
)


class NameInline(RecordInline[OrganisationName, Organisation]):
    model = OrganisationName
    fields = ("text", "language", "is_native", "order")


class MandateInline(DeadAddressMixin, RecordInline[Mandate, Organisation]):
    model = Mandate
    fields = ("person", "role", "email", "mail_fails", "phone", "starts_on", "ends_on")
    readonly_fields = ("mail_fails",)
    show_change_link = True
    list_select_related = ("person", "organisation")
    classes = ("collapse",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_dead_address()


class MembershipInline(RecordInline[MembershipChange, Organisation]):
    model = MembershipChange
    fields = ("status", "earliest", "latest", "how", "founding", "certainty")
    show_change_link = True
    list_select_related = ("organisation",)


class CountryFilter(admin.RelatedOnlyFieldListFilter):
    """The countries that organisations are in: a dozen, not every one on record."""


class OrganisationForm(RecordForm[Organisation]):
    links = LinesField(label=_("further links"), required=False, help_text=_("Web addresses, one per line."))


@admin.register(Organisation)
class OrganisationAdmin(StatusMixin, RecordAdmin[Organisation]):
    form = OrganisationForm
    sheet = "organisations"
    list_display = ("name", "kind", "country", "status_now", "population")
    list_filter: ClassVar = ["kind", ("country", CountryFilter)]
    list_select_related = ("country",)
    search_fields = ("name",)
    search_help_text = _("Any spelling, language or script: Skopje, Скопје, Shkup, Üsküp.")
    prepopulated_fields: ClassVar = {"slug": ("name",)}
    readonly_fields = ("emblem_preview", "photo_preview")
    inlines: ClassVar = [NameInline, MembershipInline, MandateInline]
    fieldsets: ClassVar = [
        (
            None,
            {"fields": ["kind", "name", "slug", "abbreviation", "country", "website", "links"]},
        ),
        (_("Whom the public writes to"), {"fields": ["contact_office", ("contact_email", "contact_phone")]}),
        (
            _("On the map"),
            {
                "fields": [("latitude", "longitude")],
                "description": _("In decimal degrees, both or neither: 42.6977, 23.3219."),
            },
        ),
        (
            _("Inhabitants"),
            {
                "fields": [("population", "population_year")],
                "description": _("A round figure with the year it is from."),
            },
        ),
        (_("Texts"), {"fields": ["description", "note"]}),
        (
            _("Pictures"),
            {
                "fields": [
                    "emblem",
                    "emblem_preview",
                    "photo",
                    "photo_preview",
                    "photo_credit",
                ],
                "description": _(
                    "Pictures are written anew in three sizes; where and by whom they were taken is left out."
                ),
            },
        ),
        (_("Sources"), {"fields": ["sources"]}),
    ]

    emblem_preview = picture_preview("emblem")
    photo_preview = picture_preview("photo")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_status(timezone.localdate())

    @admin.display(description=_("today"), ordering="status")
    def status_now(self, organisation: Organisation) -> str:
        status = getattr(organisation, "status", None)
        return str(Status(status).label) if status else "–"

    def option_label(self, organisation: Organisation) -> str:
        """Cities of one name are told apart by their country."""
        return f"{organisation.name} · {organisation.country}" if organisation.country else organisation.name


@admin.register(OrganisationName)
class OrganisationNameAdmin(RecordAdmin[OrganisationName]):
    fields = ("organisation", "text", "language", "is_native", "order")
    list_display = ("text", "organisation", "language", "is_native")
    list_display_links = ("text",)
    list_filter = ("is_native",)
    list_select_related = ("organisation",)
    search_fields = ("text",)

    def found(self, rows: Any, text: str) -> Any:
        return rows.filter(folded(text) | Q(organisation__in=Organisation.objects.matching(text)))


@admin.register(MembershipChange)
class MembershipChangeAdmin(RecordAdmin[MembershipChange]):
    list_display = ("organisation", "status", "when", "how", "founding", "certainty")
    list_filter = ("status", "founding", "certainty")
    list_select_related = ("organisation",)
    date_hierarchy = "latest"
    search_fields = ("how",)
    fieldsets: ClassVar = [
        (None, {"fields": ["organisation", "status", "how", "founding"]}),
        WINDOW,
        FACT,
    ]

    @admin.display(description=_("when"), ordering="latest")
    def when(self, change: MembershipChange) -> str:
        return change.when

    def found(self, rows: Any, text: str) -> Any:
        return rows.filter(organisation__in=Organisation.objects.matching(text))


@admin.register(StatedMemberCount)
class StatedMemberCountAdmin(RecordAdmin[StatedMemberCount]):
    list_display = ("on", "members", "certainty", "basis")
    list_filter = ("certainty",)
    date_hierarchy = "on"
    search_fields = ("basis",)
    fieldsets: ClassVar = [(None, {"fields": ["on", "members"]}), FACT]

    def found(self, rows: Any, text: str) -> Any:
        return rows.filter(basis__icontains=text.strip())
