"""Mail that the secretariat sends: prepared as a whole, looked at, released, and then sent one letter a person."""

from email.utils import make_msgid
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models.meetings import Meeting
from members.models import Mandate, Organisation

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class MailingKind(models.TextChoices):
    INVITATION = "invitation", _("invitation")
    REMINDER = "reminder", _("reminder")
    CHANGE = "change", _("change of a meeting")
    CANCELLATION = "cancellation", _("cancellation")
    POLL = "poll", _("date poll")
    MINUTES = "minutes", _("minutes")
    ACCOUNT = "account", _("invitation to an account")
    ACTION = "action", _("action due")
    DIGEST = "digest", _("digest")
    SUBSCRIPTION = "subscription", _("confirmation of subscriptions")
    OTHER = "other", _("other")


# What the system writes and releases by itself, one mailing a period.
BY_ITSELF = (MailingKind.DIGEST, MailingKind.SUBSCRIPTION)


class MailingState(models.TextChoices):
    """What a mailing's dates say of it."""

    PREPARED = "prepared", _("waits for its release")
    LEAVING = "leaving", _("going out")
    PAUSED = "paused", _("paused")
    DONE = "done", _("gone out")


class MailingQuerySet(models.QuerySet["Mailing"]):
    def visible_to(self, user: "User | AnonymousUser") -> "MailingQuerySet":
        """Staff alone."""
        return self if user.is_staff else self.none()

    def with_progress(self) -> "MailingQuerySet":
        """Add `people`, of whom `sent`, `failed` and `left` (not yet written to), and `state`, a MailingState."""
        newest = Letter.objects.filter(mailing=OuterRef("pk")).newest()
        counted = self.annotate(
            people=_number_of(newest),
            sent=_number_of(newest.filter(sent_at__isnull=False)),
            failed=_number_of(newest.filter(failed_at__isnull=False)),
        ).annotate(left=F("people") - F("sent") - F("failed"))
        return counted.annotate(
            state=Case(
                When(released_at__isnull=True, then=Value(MailingState.PREPARED.value)),
                When(paused_at__isnull=False, then=Value(MailingState.PAUSED.value)),
                When(left__gt=0, then=Value(MailingState.LEAVING.value)),
                default=Value(MailingState.DONE.value),
            )
        )


def _number_of(letters: "LetterQuerySet") -> Coalesce:
    """Count the letters of each mailing within a query of mailings."""
    counts = letters.order_by().values("mailing").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counts), Value(0))


class Mailing(models.Model):
    """Letters of one occasion. Nobody hears of it until it is released; a pause holds back what has not left yet."""

    kind = models.CharField(_("kind"), max_length=12, choices=MailingKind)
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("meeting"), related_name="mailings"
    )
    title = models.CharField(_("title"), max_length=200)
    period = models.CharField(_("period"), max_length=40, blank=True, editable=False)
    prepared_at = models.DateTimeField(_("prepared"), default=timezone.now, editable=False)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, verbose_name=_("prepared by"), related_name="+"
    )  # fmt: skip
    released_at = models.DateTimeField(_("released"), null=True, blank=True, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, verbose_name=_("released by"), related_name="+"
    )  # fmt: skip
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True, editable=False)
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, verbose_name=_("paused by"), related_name="+"
    )  # fmt: skip

    objects = MailingQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-pk"]
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="mailing_kind_known",
                condition=Q(kind__in=MailingKind.values),
                violation_error_message=_("Choose what the mailing is about."),
            ),
            models.CheckConstraint(
                name="mailing_by_itself_has_a_period",
                condition=Q(kind__in=BY_ITSELF) & ~Q(period="") | ~Q(kind__in=BY_ITSELF) & Q(period=""),
                violation_error_message=_(
                    "What the system writes by itself belongs to a period, and nothing else does."
                ),
            ),
            models.UniqueConstraint(
                fields=["kind", "period"],
                condition=~Q(period=""),
                name="mailing_once_a_period",
                violation_error_message=_("There is a mailing of this kind for this period already."),
            ),
            models.CheckConstraint(
                name="mailing_paused_after_release",
                condition=Q(paused_at__isnull=True) | Q(released_at__isnull=False),
                violation_error_message=_("Only what was released can be paused."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_state_display(self) -> str:
        """Say the state in words; `with_progress` gives it."""
        return str(MailingState(vars(self)["state"]).label)

    @property
    def is_going_out(self) -> bool:
        """Whether its letters may leave: released, and not paused."""
        return self.released_at is not None and self.paused_at is None


def new_message_id() -> str:
    """Give a Message-ID; it stays with its letter, so that whoever gets it twice can tell."""
    return make_msgid(domain=settings.MAIL_DOMAIN)


class LetterState(models.TextChoices):
    """What a letter's dates, and those of its mailing, say of it."""

    WAITING = "waiting", _("waiting")
    HELD = "held", _("held back")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, user: "User | AnonymousUser") -> "LetterQuerySet":
        """Staff alone."""
        return self if user.is_staff else self.none()

    def waiting(self) -> "LetterQuerySet":
        """Keep what was released, is not paused, and has neither been sent nor given up."""
        return self.filter(
            sent_at__isnull=True,
            failed_at__isnull=True,
            mailing__released_at__isnull=False,
            mailing__paused_at__isnull=True,
        )

    def due(self, now: "dt.datetime") -> "LetterQuerySet":
        """Keep those whose next attempt has come: nobody is sending them, and no pause after a trouble runs."""
        return self.filter(next_attempt_at__lte=now)

    def newest(self) -> "LetterQuerySet":
        """Keep one letter a person: of what was sent again, the last."""
        first = Coalesce(OuterRef("repeats"), OuterRef("pk"))
        return self.filter(~Exists(Letter.objects.filter(repeats=first, pk__gt=OuterRef("pk"))))

    def failed(self) -> "LetterQuerySet":
        """Keep what was given up and not sent again since."""
        return self.newest().filter(failed_at__isnull=False)

    def with_state(self) -> "LetterQuerySet":
        """Add `state`, a LetterState."""
        return self.annotate(
            state=Case(
                When(sent_at__isnull=False, then=Value(LetterState.SENT.value)),
                When(failed_at__isnull=False, then=Value(LetterState.FAILED.value)),
                When(
                    mailing__released_at__isnull=False,
                    mailing__paused_at__isnull=True,
                    then=Value(LetterState.WAITING.value),
                ),
                default=Value(LetterState.HELD.value),
            )
        )


class Letter(models.Model):
    """One mail to one person, written in full when it is prepared."""

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE, verbose_name=_("mailing"), related_name="letters")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("organisation"), related_name="letters"
    )  # fmt: skip
    mandate = models.ForeignKey(
        Mandate, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("contact"), related_name="letters"
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    address = models.EmailField(_("mail address"))
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField(_("text"))
    html = models.TextField(_("text with markup"), blank=True)
    calendar = models.TextField(_("calendar entry"), blank=True, editable=False)
    method = models.CharField(_("what the calendar entry asks"), max_length=8, blank=True, editable=False)
    unsubscribe_url = models.URLField(_("address to unsubscribe at"), max_length=300, blank=True, editable=False)
    message_id = models.CharField(max_length=200, unique=True, default=new_message_id, editable=False)
    repeats = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, editable=False, verbose_name=_("sent again"), related_name="repeats_of"
    )  # fmt: skip
    repeated_at = models.DateTimeField(_("asked to send again"), null=True, blank=True, editable=False)
    repeated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, verbose_name=_("sent again by"), related_name="+"
    )  # fmt: skip
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now, editable=False, db_index=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True, editable=False)
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True, editable=False)
    trouble = models.TextField(_("what went wrong"), blank=True, editable=False)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["mailing", "organisation__key", "address", "pk"]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mailing", "address"],
                condition=Q(repeats__isnull=True),
                name="letter_once_a_mailing_and_address",
                violation_error_message=_("This mailing writes to this address already."),
            ),
            models.CheckConstraint(
                name="letter_sent_or_given_up",
                condition=Q(sent_at__isnull=True) | Q(failed_at__isnull=True),
                violation_error_message=_("A letter was either sent or given up."),
            ),
            models.UniqueConstraint(
                fields=["repeats"],
                condition=Q(sent_at__isnull=True, failed_at__isnull=True),
                name="letter_repeated_once_at_a_time",
                violation_error_message=_("This letter is being sent again already."),
            ),
            models.CheckConstraint(
                name="letter_repeated_when_it_repeats",
                condition=Q(repeats__isnull=True, repeated_at__isnull=True)
                | Q(repeats__isnull=False, repeated_at__isnull=False),
                violation_error_message=_("A letter that is sent again says when that was asked for."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.address}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.address = self.address.strip()
        super().save(*args, **kwargs)

    def get_state_display(self) -> str:
        """Say the state in words; `with_state` gives it."""
        return str(LetterState(vars(self)["state"]).label)

    @property
    def is_settled(self) -> bool:
        """Whether nothing more happens to it: sent, or given up."""
        return self.sent_at is not None or self.failed_at is not None

    @property
    def address_now(self) -> str:
        """Where it would go if it were sent again: the contact's address as it stands today, else the old one."""
        return (self.mandate.email if self.mandate else "") or self.address
