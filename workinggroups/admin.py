"""Working groups, who takes part, and their topics."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from members.admin.base import FACT, WINDOW, RecordAdmin, RecordInline, StackedRecordInline, folded
from members.admin.presidencies import MandateAdmin
from members.models import Mandate, Organisation, Person
from workinggroups.models import (
    FormerName,
    GroupSeat,
    ParticipationChange,
    Topic,
    TopicProposal,
    TopicSupport,
    WorkingGroup,
)

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


class TopicProposalInline(StackedRecordInline[TopicProposal, Topic]):
    """What a delegate wrote when they proposed the topic; read here, and answered by the topic's status."""

    model = TopicProposal
    fields = ("organisation", "by", "at", "why", "wanted", "links")
    readonly_fields = fields
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class TopicSupportInline(RecordInline[TopicSupport, Topic]):
    """The organisations that support the topic; their delegates write it."""

    model = TopicSupport
    fields = ("organisation", "since", "withdrawn_on", "by")
    readonly_fields = fields
    can_delete = False
    list_select_related = ("organisation", "by")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Topic)
class TopicAdmin(RecordAdmin[Topic]):
    inlines: ClassVar = [TopicProposalInline, TopicSupportInline]
    list_display = ("title", "group", "status", "status_since")
    list_filter: ClassVar = ["status", ("group", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ("group",)
    search_fields = ("title",)
    prepopulated_fields: ClassVar = {"slug": ("title",)}
    fieldsets: ClassVar = [
        (None, {"fields": ["title", "slug", "group", "description"]}),
        (
            _("Status"),
            {
                "fields": [("status", "status_since"), "status_reason"],
                "description": _(
                    "A draft is seen by staff and the group's coordinators; what is proposed, by its delegates too. "
                    "Open puts it on the table for everybody; to decline a proposal, give the reason."
                ),
            },
        ),
        (_("Sources"), {"fields": ["sources"]}),
    ]

    def option_label(self, topic: Topic) -> str:
        """A topic with its group: two groups may work on one matter."""
        return f"{topic.title} · {topic.group}" if topic.group else topic.title


@admin.register(TopicSupport)
class TopicSupportAdmin(RecordAdmin[TopicSupport]):
    """Who supports what; their delegates write it."""

    list_display = ("organisation", "topic", "since", "withdrawn_on")
    list_filter: ClassVar = [("withdrawn_on", admin.EmptyFieldListFilter)]
    list_select_related = ("organisation", "topic")
    date_hierarchy = "since"
    search_fields = ("topic__title",)
    fields = ("topic", "organisation", "since", "withdrawn_on", "by")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def found(self, rows: Any, text: str) -> Any:
        return rows.filter(folded(text, "topic__search") | Q(organisation__in=Organisation.objects.matching(text)))


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


@admin.register(TopicProposal)
class TopicProposalAdmin(RecordAdmin[TopicProposal]):
    """Proposals as they came; the answer to each is given on its topic's page."""

    list_display = ("topic", "answer", "organisation", "at")
    list_filter: ClassVar = ["topic__status", ("topic__group", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ("topic__group", "organisation")
    date_hierarchy = "at"
    search_fields = ("topic__title",)
    fields = ("topic", "organisation", "by", "at", "why", "wanted", "links")
    readonly_fields = fields

    @admin.display(description=_("status"), ordering="topic__status")
    def answer(self, proposal: TopicProposal) -> str:
        return str(proposal.topic.get_status_display())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def found(self, rows: Any, text: str) -> Any:
        return rows.filter(folded(text, "topic__search") | Q(organisation__in=Organisation.objects.matching(text)))
