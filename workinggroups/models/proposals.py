"""Topics that delegates propose to a group, and who supports a topic."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Organisation
from members.rights import organisations_of
from workinggroups.models.topics import PUBLIC_STATUSES, Topic
from workinggroups.rights import coordinated_by, groups_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class TopicProposalQuerySet(models.QuerySet["TopicProposal"]):
    def visible_to(self, user: "User | AnonymousUser") -> "TopicProposalQuerySet":
        """Staff see all; a delegate those to the groups in which they sit, and those of the own organisations.

        Once declined, a proposal is for its organisation, the coordinators and staff alone.
        """
        if user.is_staff:
            return self
        if not user.is_authenticated:
            return self.none()
        mine = Q(organisation__in=organisations_of(user)) | Q(topic__group__in=coordinated_by(user))
        groups = Q(topic__group__in=groups_of(user)) & ~Q(topic__status="declined")
        return self.filter(mine | groups)


class TopicProposal(models.Model):
    """How a topic came to its group: who proposed it, why, and what is wanted. Never public."""

    topic = models.OneToOneField(Topic, on_delete=models.CASCADE, verbose_name=_("topic"), related_name="proposal")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, verbose_name=_("proposed by"), related_name="proposed_topics"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("account"), related_name="+"
    )
    at = models.DateTimeField(_("proposed"), default=timezone.now)
    why = models.TextField(_("why it matters"))
    wanted = models.TextField(_("what is wanted of the group"), blank=True)
    links = models.TextField(_("links"), blank=True, help_text=_("One address a line."))

    objects = TopicProposalQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]
        verbose_name = _("proposal of a topic")
        verbose_name_plural = _("proposals of topics")

    def __str__(self) -> str:
        return f"{self.topic} · {self.organisation}"

    @property
    def addresses(self) -> list[str]:
        """The links, one by one."""
        return [line.strip() for line in self.links.splitlines() if line.strip()]


class TopicSupportQuerySet(models.QuerySet["TopicSupport"]):
    def visible_to(self, user: "User | AnonymousUser") -> "TopicSupportQuerySet":
        """Give who supports the topics that a visitor may see; of those on nobody's table yet, the public sees neither."""
        return self.filter(topic__in=Topic.objects.visible_to(user).order_by())

    def standing(self) -> "TopicSupportQuerySet":
        """Keep those that were not withdrawn."""
        return self.filter(withdrawn_on__isnull=True)

    def public(self) -> "TopicSupportQuerySet":
        """Keep those that everybody may see."""
        return self.standing().filter(topic__status__in=PUBLIC_STATUSES)


class TopicSupport(models.Model):
    """An organisation supports a topic, from some day until it withdraws; one line an organisation."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, verbose_name=_("topic"), related_name="supports")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, verbose_name=_("organisation"), related_name="supported_topics"
    )
    since = models.DateField(_("since"), default=timezone.localdate)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("account"), related_name="+"
    )

    objects = TopicSupportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["since", "pk"]
        verbose_name = _("support of a topic")
        verbose_name_plural = _("support of topics")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["topic", "organisation"],
                name="topic_support_once_an_organisation",
                violation_error_message=_("This organisation has a line already: change that one."),
            ),
            models.CheckConstraint(
                name="topic_support_withdrawn_after_it_began",
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("since")),
                violation_error_message=_("It was withdrawn before it was given: check the two days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.topic}"
