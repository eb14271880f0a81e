"""Invitations, date polls, their answers and copies of minutes, to look at; what is done with them has pages of its own, by meeting."""

from dataclasses import replace
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from meetings.admin.looking import LookedAtAdmin
from meetings.models import (
    AnnouncedDelegate,
    Ballot,
    DatePoll,
    Invitation,
    Invitee,
    MinutesCopy,
    MinutesReader,
    PollOption,
    Preference,
    SessionAnswer,
    Voter,
)
from members.admin.history import Entry, HistoryMixin
from members.models import Change


class ReadHistoryMixin(HistoryMixin):
    """A history to read: an answer is given anew, not brought back, so that it says who gave it and when."""

    def _entries(self, request: HttpRequest, object_id: str, changes: list[Change]) -> list[Entry]:
        return [replace(entry, restore_url="") for entry in super()._entries(request, object_id, changes)]


@admin.register(Invitation)
class InvitationAdmin(LookedAtAdmin, ReadHistoryMixin, admin.ModelAdmin[Invitation]):
    list_display = ("organisation", "meeting", "coming", "answered_at", "answered_by", "answer_by")
    list_filter: ClassVar = ["coming"]
    list_select_related = ("organisation", "meeting")
    search_fields = ("organisation__name", "meeting__title")
    fields = (
        "meeting", "organisation", "answer_by", "invited_at", "invited_by", "coming", "mode", "remarks", "answered_at",
        "answered_by", "entered_by",
    )  # fmt: skip


class PartAdmin(LookedAtAdmin):
    """Rows that are parts of an answer: found by their address, not offered on the index."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False


class LinkAdmin(PartAdmin):
    """Who holds a link; the link itself is shown where it is needed alone."""

    list_display: ClassVar[Any] = ("address", "name", "organisation", "revoked_at")
    search_fields: ClassVar[Any] = ("address", "name")


@admin.register(Invitee)
class InviteeAdmin(LinkAdmin, admin.ModelAdmin[Invitee]):
    list_select_related = ("invitation__organisation",)
    fields = ("invitation", "name", "address", "mandate", "letter", "revoked_at", "revoked_by")

    @admin.display(description=_("organisation"))
    def organisation(self, invitee: Invitee) -> str:
        return str(invitee.invitation.organisation)


@admin.register(SessionAnswer)
class SessionAnswerAdmin(PartAdmin, admin.ModelAdmin[SessionAnswer]):
    list_display = ("organisation", "session", "coming")
    list_select_related = ("invitation__organisation", "session")
    fields = ("invitation", "session", "coming")

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).prefetch_related("session__working_groups")

    @admin.display(description=_("organisation"))
    def organisation(self, answer: SessionAnswer) -> str:
        return str(answer.invitation.organisation)


@admin.register(AnnouncedDelegate)
class AnnouncedDelegateAdmin(LookedAtAdmin, admin.ModelAdmin[AnnouncedDelegate]):
    list_display = ("name", "function", "organisation", "is_alternate")
    list_select_related = ("invitation__organisation",)
    search_fields = ("name", "email")
    fields = ("invitation", "name", "function", "email", "is_alternate", "order")

    @admin.display(description=_("organisation"))
    def organisation(self, delegate: AnnouncedDelegate) -> str:
        return str(delegate.invitation.organisation)


@admin.register(DatePoll)
class DatePollAdmin(LookedAtAdmin, ReadHistoryMixin, admin.ModelAdmin[DatePoll]):
    list_display = ("meeting", "timezone", "closes_on", "closed_at")
    list_select_related = ("meeting",)
    search_fields = ("meeting__title",)
    fields = ("meeting", "question", "timezone", "closes_on", "created_at", "created_by", "closed_at")


@admin.register(PollOption)
class PollOptionAdmin(PartAdmin, admin.ModelAdmin[PollOption]):
    list_display = ("poll", "starts_at", "ends_at", "withdrawn_at", "is_chosen")
    list_select_related = ("poll__meeting",)
    fields = ("poll", "starts_at", "ends_at", "withdrawn_at", "is_chosen")


@admin.register(Ballot)
class BallotAdmin(LookedAtAdmin, ReadHistoryMixin, admin.ModelAdmin[Ballot]):
    list_display = ("organisation", "poll", "answered_at", "answered_by")
    list_select_related = ("organisation", "poll__meeting")
    search_fields = ("organisation__name", "poll__meeting__title")
    fields = ("poll", "organisation", "remark", "answered_at", "answered_by", "entered_by")


@admin.register(Voter)
class VoterAdmin(LinkAdmin, admin.ModelAdmin[Voter]):
    list_select_related = ("ballot__organisation",)
    fields = ("ballot", "name", "address", "mandate", "letter", "revoked_at", "revoked_by")

    @admin.display(description=_("organisation"))
    def organisation(self, voter: Voter) -> str:
        return str(voter.ballot.organisation)


@admin.register(Preference)
class PreferenceAdmin(PartAdmin, admin.ModelAdmin[Preference]):
    list_display = ("organisation", "option", "suits")
    list_select_related = ("ballot__organisation", "option__poll")
    fields = ("ballot", "option", "suits")

    @admin.display(description=_("organisation"))
    def organisation(self, preference: Preference) -> str:
        return str(preference.ballot.organisation)


@admin.register(MinutesCopy)
class MinutesCopyAdmin(PartAdmin, admin.ModelAdmin[MinutesCopy]):
    list_display = ("organisation", "minutes")
    list_select_related = ("organisation", "minutes__meeting")
    fields = ("minutes", "organisation")


@admin.register(MinutesReader)
class MinutesReaderAdmin(LinkAdmin, admin.ModelAdmin[MinutesReader]):
    list_select_related = ("copy__organisation",)
    fields = ("copy", "name", "address", "mandate", "letter", "revoked_at", "revoked_by")

    @admin.display(description=_("organisation"))
    def organisation(self, reader: MinutesReader) -> str:
        return str(reader.copy.organisation)
