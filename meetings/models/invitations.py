"""Who was asked to come to a meeting, and what they answered. Whether they came is another matter: see the ledger."""

import datetime as dt
import zoneinfo
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models.links import Answered, PersonalLink, PersonalLinkQuerySet, answered_constraint, link_constraints
from meetings.models.meetings import Meeting, MeetingStatus, Mode
from meetings.models.sessions import Session
from members.models import Organisation
from members.rights import organisations_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User

# An invitation can be answered as long as the meeting is still to be.
ANSWERABLE = frozenset({MeetingStatus.DRAFT, MeetingStatus.ANNOUNCED})
A_DAY = dt.timedelta(days=1)


class Coming(models.TextChoices):
    YES = "yes", _("coming")
    NO = "no", _("not coming")
    OPEN = "open", _("not yet known")


class TakingPart(models.TextChoices):
    ROOM = "room", _("in the room")
    ONLINE = "online", _("online")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: "User | AnonymousUser") -> "InvitationQuerySet":
        """Staff see all, delegates what `visible_to_delegate` gives; whoever got a link sees their own by it."""
        return self if user.is_staff else self.visible_to_delegate(user)

    def visible_to_delegate(self, user: "User | AnonymousUser") -> "InvitationQuerySet":
        """Keep those of the organisations for which somebody speaks, staff or not, once the organisation knows: the
        meeting is announced, or a letter to one of its people was let go.
        """
        written = Invitee.objects.filter(letter__mailing__released_at__isnull=False).order_by().values("invitation")
        knows = ~Q(meeting__status=MeetingStatus.DRAFT) | Q(pk__in=written)
        return self.filter(knows, organisation__in=organisations_of(user))

    def to_answer(self, day: dt.date) -> "InvitationQuerySet":
        """Keep those that nobody answered yet and that a day leaves time to answer, the first to close first; whether an
        hour does, `is_open` says.
        """
        waits = self.unanswered().filter(meeting__status__in=ANSWERABLE, meeting__last_day__gte=day - A_DAY)
        in_time = waits.filter(Q(answer_by__isnull=True) | Q(answer_by__gte=day - A_DAY))
        return in_time.order_by(Coalesce("answer_by", "meeting__last_day"), "meeting", "organisation__key")

    def unanswered(self) -> "InvitationQuerySet":
        """Keep those that nobody answered yet; “not yet known” is an answer."""
        return self.filter(coming="")


class Invitation(Answered):
    """An organisation is asked to a meeting, and gives one answer, whoever of it answers."""

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, verbose_name=_("meeting"), related_name="invitations"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, verbose_name=_("organisation"), related_name="invitations"
    )
    answer_by = models.DateField(
        _("answer by"), null=True, blank=True, help_text=_("The last day, in the meeting's time zone. Empty: until the meeting is over.")
    )  # fmt: skip
    invited_at = models.DateTimeField(_("invited"), default=timezone.now, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, verbose_name=_("invited by"), related_name="+"
    )  # fmt: skip
    coming = models.CharField(_("answer"), max_length=4, choices=Coming, blank=True)
    mode = models.CharField(_("in the room or online"), max_length=8, choices=TakingPart, blank=True)
    remarks = models.TextField(_("remarks"), blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["meeting", "organisation__key", "pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "organisation"],
                name="invitation_once_a_meeting",
                violation_error_message=_("This organisation is invited already."),
            ),
            models.CheckConstraint(
                name="invitation_coming_known",
                condition=Q(coming__in=["", *Coming.values]),
                violation_error_message=_("The answer is one of coming, not coming, not yet known."),
            ),
            models.CheckConstraint(
                name="invitation_mode_known",
                condition=Q(mode__in=["", *TakingPart.values]),
                violation_error_message=_("Choose in the room or online."),
            ),
            models.CheckConstraint(
                name="invitation_answer_with_its_time",
                condition=Q(coming="", answered_at__isnull=True) | (~Q(coming="") & Q(answered_at__isnull=False)),
                violation_error_message=_("An answer says when it was given."),
            ),
            answered_constraint("invitation_answered_by_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.meeting}"

    @property
    def closes_at(self) -> dt.datetime:
        """Until when it can be answered: the end of the last day to answer, else of the meeting, on its own clocks."""
        zone = zoneinfo.ZoneInfo(self.meeting.timezone)
        last = min(self.answer_by or self.meeting.known_by, self.meeting.known_by)
        return dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone)

    @property
    def is_open(self) -> bool:
        """Whether it can be answered now."""
        return self.meeting.status in ANSWERABLE and timezone.now() < self.closes_at

    @property
    def asks_for_mode(self) -> bool:
        return self.meeting.mode == Mode.HYBRID


class Invitee(PersonalLink):
    """Somebody who was written to for an organisation. `told` keeps when and where their last letter said."""

    invitation = models.ForeignKey(
        Invitation, on_delete=models.CASCADE, verbose_name=_("invitation"), related_name="invitees"
    )
    told = models.JSONField(_("what they were told"), default=dict, editable=False)

    objects = PersonalLinkQuerySet["Invitee"].as_manager()

    class Meta:
        ordering: ClassVar = ["name", "address", "pk"]
        verbose_name = _("person invited")
        verbose_name_plural = _("people invited")
        constraints: ClassVar = link_constraints("invitee", "invitation")


class SessionAnswer(models.Model):
    """Whether they come to one session; without one, what they said of the whole meeting holds."""

    invitation = models.ForeignKey(
        Invitation, on_delete=models.CASCADE, verbose_name=_("invitation"), related_name="session_answers"
    )
    session = models.ForeignKey(Session, on_delete=models.CASCADE, verbose_name=_("session"), related_name="answers")
    coming = models.CharField(_("answer"), max_length=4, choices=Coming)

    class Meta:
        ordering: ClassVar = ["session__order", "session__starts_at", "pk"]
        verbose_name = _("answer about a session")
        verbose_name_plural = _("answers about sessions")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["invitation", "session"],
                name="session_answer_once",
                violation_error_message=_("This session is answered already."),
            ),
            models.CheckConstraint(
                name="session_answer_known",
                condition=Q(coming__in=Coming.values),
                violation_error_message=_("The answer is one of coming, not coming, not yet known."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session}: {self.get_coming_display()}"


class AnnouncedDelegateQuerySet(models.QuerySet["AnnouncedDelegate"]):
    def visible_to(self, user: "User | AnonymousUser") -> "AnnouncedDelegateQuerySet":
        """Staff see all, delegates those of their organisations; their organisation also sees them by its links."""
        if user.is_staff:
            return self
        return self.filter(invitation__in=Invitation.objects.visible_to_delegate(user).order_by())


class AnnouncedDelegate(models.Model):
    """Somebody whom an organisation means to send, or who would stand in. Private."""

    invitation = models.ForeignKey(
        Invitation, on_delete=models.CASCADE, verbose_name=_("invitation"), related_name="delegates"
    )
    name = models.CharField(_("name"), max_length=160)
    function = models.CharField(_("function"), max_length=160, blank=True)
    email = models.EmailField(_("mail address"), blank=True)
    is_alternate = models.BooleanField(_("alternate"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = AnnouncedDelegateQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["is_alternate", "order", "pk"]
        verbose_name = _("delegate announced")
        verbose_name_plural = _("delegates announced")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="announced_delegate_has_a_name",
                condition=~Q(name=""),
                violation_error_message=_("Give the delegate's name."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.function})" if self.function else self.name
