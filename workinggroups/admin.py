"""Working groups, who takes part, and their topics."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.admin.base import FACT, WINDOW, RecordAdmin, RecordInline, folded
from members.admin.presidencies import MandateAdmin
from members.models import Mandate, Organisation, Person
from workinggroups.models import FormerName, GroupSeat, ParticipationChange, Topic, WorkingGroup

admin.site.unregister(Mandate)


class FormerNameInline(RecordInline[FormerName, WorkingGroup]):
    model = FormerName
    fields = ("name", "earliest", "latest", "certainty")
    show_change_link = True


class ParticipationInline(RecordInline[ParticipationChange, WorkingGroup]):
    model = ParticipationChange
    fields = ("organisation", "role", "earliest", "latest", "certainty")
    show_change_link = True
    list_select_related = ("organisation__country",)


class TopicInline(RecordInline[Topic, WorkingGroup]):
    """The group's topics, each leading to its own page; deleted only there."""

    model = Topic
    fields = ("title", "slug", "status", "status_since")
    prepopulated_fields: ClassVar = {"slug": ("title",)}
    show_change_link = True
    can_delete = False
    classes = ("collapse",)


class GroupSeatInline(RecordInline[GroupSeat, Mandate]):
    model = GroupSeat
    fields = ("group",)
    list_select_related = ("group", "mandate__person", "mandate__organisation")


@admin.register(Mandate)
class DelegateAdmin(MandateAdmin):
    """The register's page of a contact or delegate, with the groups in which they sit."""

    inlines: ClassVar = [GroupSeatInline]


@admin.register(GroupSeat)
class GroupSeatAdmin(RecordAdmin[GroupSeat]):
    """Who sits in which group; usually written on the page of the contact."""

    fields = ("mandate", "group")
    list_display = ("mandate", "group")
    list_filter: ClassVar = [("group", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ("mandate__person", "mandate__organisation", "group")
    search_fields = ("mandate__person__name",)

    def found(self, rows: Any, text: str) -> Any:
        people, bodies = Person.objects.matching(text), Organisation.objects.matching(text)
        return rows.filter(Q(mandate__person__in=people) | Q(mandate__organisation__in=bodies))


@admin.register(WorkingGroup)
class WorkingGroupAdmin(RecordAdmin[WorkingGroup]):
    list_display = ("name", "order", "mandate")
    search_fields = ("name",)
    prepopulated_fields: ClassVar = {"slug": ("name",)}
    inlines: ClassVar = [FormerNameInline, ParticipationInline, TopicInline]
    fieldsets: ClassVar = [
        (
            None,
            {
                "fields": ["name", "slug", "mandate", "order"],
                "description": _("When a group is renamed, list the old name below with its last day."),
            },
        ),
        (_("Sources"), {"fields": ["sources"]}),
    ]


@admin.register(Topic)
class TopicAdmin(RecordAdmin[Topic]):
    list_display = ("title", "group", "status", "status_since")
    list_filter: ClassVar = ["status", ("group", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ("group",)
    search_fields = ("title",)
    prepopulated_fields: ClassVar = {"slug": ("title",)}
    fieldsets: ClassVar = [
        (None, {"fields": ["title", "slug", "group", "description"]}),
        (_("Status"), {"fields": [("status", "status_since")], "description": _("A draft is seen by staff alone.")}),
        (_("Sources"), {"fields": ["sources"]}),
    ]

    def option_label(self, topic: Topic) -> str:
        """A topic with its group: two groups may work on one matter."""
        return f"{topic.title} · {topic.group}" if topic.group else topic.title


@admin.register(FormerName)
class FormerNameAdmin(RecordAdmin[FormerName]):
    list_display = ("name", "group", "earliest", "latest", "certainty")
    list_filter: ClassVar = [("group", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ("group",)
    search_fields = ("name",)
    fieldsets: ClassVar = [
        (None, {"fields": ["group", "name"]}),
        (
            _("Last used"),
            {
                "fields": [("earliest", "latest")],
                "description": _("The day on which the group last bore the name lies between these two."),
            },
        ),
        FACT,
    ]

    def found(self, rows: Any, text: str) -> Any:
        return rows.filter(folded(text) | folded(text, "group__search"))


@admin.register(ParticipationChange)
class ParticipationChangeAdmin(RecordAdmin[ParticipationChange]):
    list_display = ("organisation", "group", "role", "when", "certainty")
    list_filter: ClassVar = ["role", ("group", admin.RelatedOnlyFieldListFilter), "certainty"]
    list_select_related = ("organisation", "group")
    date_hierarchy = "latest"
    search_fields = ("organisation__name",)
    fieldsets: ClassVar = [(None, {"fields": ["group", "organisation", "role"]}), WINDOW, FACT]

    @admin.display(description=_("when"), ordering="latest")
    def when(self, change: ParticipationChange) -> str:
        return change.when

    def found(self, rows: Any, text: str) -> Any:
        return rows.filter(Q(organisation__in=Organisation.objects.matching(text)) | folded(text, "group__search"))
