"""What an organisation would have changed on its public page, and what the secretariat answered."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models.organisations import Organisation
from members.pictures import PictureField
from members.rights import organisations_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models.accounts import User

# What of its public page an organisation may ask to change, in the order of the form.
PROPOSABLE = (
    "description", "website", "links", "contact_office", "contact_email", "contact_phone", "emblem", "photo", "photo_credit",
)  # fmt: skip
PICTURES = ("emblem", "photo")


class Verdict(models.TextChoices):
    ACCEPTED = "accepted", _("accepted")
    PARTLY = "partly", _("accepted in part")
    REJECTED = "rejected", _("not accepted")


class ProposedChangeQuerySet(models.QuerySet["ProposedChange"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ProposedChangeQuerySet":
        """Staff see all, delegates those of their organisations, nobody else any."""
        return self if user.is_staff else self.filter(organisation__in=organisations_of(user))

    def waiting(self) -> "ProposedChangeQuerySet":
        """Keep those that were neither answered nor taken back."""
        return self.filter(decided_at__isnull=True, withdrawn_at__isnull=True)

    def decided(self) -> "ProposedChangeQuerySet":
        """Keep those that were answered, the newest answer first."""
        return self.filter(decided_at__isnull=False).order_by("-decided_at", "-pk")


class ProposedChange(models.Model):
    """An organisation asks for a change of its public page. Nothing of it is public before the secretariat accepts it.

    `fields` holds, as the history stores values, what each field held and what it is to hold. Files wait in columns of
    their own, and only as long as the proposal waits; `version` is the record's last change when it was written.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, verbose_name=_("organisation"), related_name="proposed_changes"
    )
    fields = models.JSONField(_("what would change"), default=dict)
    emblem = PictureField(_("coat of arms"), upload_to="proposed", blank=True, db_index=True)
    photo = PictureField(_("photo"), upload_to="proposed", blank=True, db_index=True)
    version = models.PositiveBigIntegerField(_("change of the record that it began from"), default=0)
    edition = models.PositiveIntegerField(_("edition"), default=1)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("proposed by"), related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("taken back by"), related_name="+"
    )  # fmt: skip
    decided_at = models.DateTimeField(_("answered"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("answered by"), related_name="+"
    )  # fmt: skip
    verdict = models.CharField(_("answer"), max_length=8, choices=Verdict, blank=True)
    reason = models.TextField(_("a word to the organisation"), blank=True)
    refused = models.JSONField(_("fields not accepted"), default=dict, blank=True, help_text=_("Each with the reason."))

    objects = ProposedChangeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-proposed_at", "-pk"]
        verbose_name = _("proposed change")
        verbose_name_plural = _("proposed changes")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(decided_at__isnull=True, withdrawn_at__isnull=True),
                name="proposal_one_waits_an_organisation",
                violation_error_message=_("A proposal of this organisation waits already: change that one."),
            ),
            models.CheckConstraint(
                name="proposal_changes_something",
                condition=~Q(fields={}),
                violation_error_message=_("A proposal changes at least one field."),
            ),
            models.CheckConstraint(
                name="proposal_decided_by_somebody",
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, verdict="", reason="")
                | Q(decided_at__isnull=False, decided_by__isnull=False, verdict__in=Verdict.values),
                violation_error_message=_("An answered proposal was accepted, in part or not at all, by somebody and at some time."),
            ),
            models.CheckConstraint(
                name="proposal_taken_back_by_somebody",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                violation_error_message=_("A proposal that was taken back says when and by whom."),
            ),
            models.CheckConstraint(
                name="proposal_answered_or_taken_back",
                condition=Q(decided_at__isnull=True) | Q(withdrawn_at__isnull=True),
                violation_error_message=_("What was taken back cannot be answered any more, nor the other way round."),
            ),
            models.CheckConstraint(
                name="proposal_files_while_it_waits",
                condition=Q(decided_at__isnull=True, withdrawn_at__isnull=True) | Q(emblem="", photo=""),
                violation_error_message=_("Files are kept only as long as the proposal waits."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return _("%(organisation)s, %(day)s") % {
            "organisation": self.organisation,
            "day": timezone.localdate(self.proposed_at).isoformat(),
        }

    def clean(self) -> None:
        """A field that was not accepted is one that was proposed, and has its reason. Raises ValidationError otherwise."""
        super().clean()
        if any(name not in self.fields or not reason for name, reason in self.refused.items()):
            raise ValidationError({"refused": _("Say for each field why it is not accepted.")})

    @property
    def is_waiting(self) -> bool:
        return self.decided_at is None and self.withdrawn_at is None

    @property
    def proposer(self) -> str:
        """Who wrote it, by their name where one is known."""
        return str(self.proposed_by.person or self.proposed_by)

    @property
    def wanted(self) -> dict[str, Any]:
        """What the fields are to hold."""
        return {name: after for name, (_before, after) in self.fields.items()}
