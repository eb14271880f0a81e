"""Topics: what the groups, or the network as a whole, talk about."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.models import Source
from members.names import search_text
from members.rights import organisations_of
from members.words import with_every_word
from workinggroups.models.groups import WorkingGroup
from workinggroups.rights import coordinated_by, groups_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class TopicStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    PROPOSED = "proposed", _("proposed")
    DECLINED = "declined", _("declined")
    OPEN = "open", _("open")
    SETTLED = "settled", _("settled")
    DROPPED = "dropped", _("dropped")


# What is on the table, or was: for everybody to see.
PUBLIC_STATUSES = (TopicStatus.OPEN, TopicStatus.SETTLED, TopicStatus.DROPPED)


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, user: "User | AnonymousUser") -> "TopicQuerySet":
        """Staff see every topic, everybody else those that are or were on the table.

        What is proposed to a group is also seen by whoever sits in it; what it declined by the organisation that proposed
        it; and all of a group's topics, its drafts included, by whoever coordinates it.
        """
        if user.is_staff:
            return self
        on_the_table = Q(status__in=PUBLIC_STATUSES)
        if not user.is_authenticated:
            return self.filter(on_the_table)
        own = Q(status=TopicStatus.DECLINED, proposal__organisation__in=organisations_of(user))
        proposed = Q(status=TopicStatus.PROPOSED) & (
            Q(group__in=groups_of(user)) | Q(proposal__organisation__in=organisations_of(user))
        )
        return self.filter(on_the_table | proposed | own | Q(group__in=coordinated_by(user)))

    def proposed(self) -> "TopicQuerySet":
        """Keep those that wait for an answer."""
        return self.filter(status=TopicStatus.PROPOSED)

    def with_support(self) -> "TopicQuerySet":
        """Annotate `support`: how many organisations support it now."""
        from workinggroups.models.proposals import TopicSupport  # support needs topics first

        standing = TopicSupport.objects.standing().filter(topic=OuterRef("pk")).order_by().values("topic")
        return self.annotate(support=Coalesce(Subquery(standing.annotate(n=Count("pk")).values("n")), 0))

    def matching(self, text: str) -> "TopicQuerySet":
        """Keep those whose title or description contains every word, in any script."""
        return with_every_word(self, text)


class Topic(models.Model):
    """A matter on the table of a group, or of the whole network when it names none."""

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(
        _("address"), max_length=120, unique=True, help_text=_("The last part of the page's address.")
    )
    group = models.ForeignKey(
        WorkingGroup, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("working group"), related_name="topics",
        help_text=_("Empty for a topic of the whole network."),
    )  # fmt: skip
    description = models.TextField(_("description"), blank=True)
    status = models.CharField(_("status"), max_length=8, choices=TopicStatus, default=TopicStatus.OPEN)
    status_since = models.DateField(_("status since"), null=True, blank=True)
    status_reason = models.CharField(
        _("reason"),
        max_length=400,
        blank=True,
        help_text=_("Why a proposal was declined: whoever proposed it reads this."),
    )
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True, related_name="+")
    search = models.TextField(editable=False)

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["title", "pk"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["title", "group"],
                condition=~Q(status="declined"),
                name="topic_title_once_a_group",
                violation_error_message=_("This group has a topic of this title already."),
            ),
            models.UniqueConstraint(
                fields=["title"],
                condition=Q(group__isnull=True),
                name="topic_title_once_for_the_network",
                violation_error_message=_("The network has a topic of this title already."),
            ),
            models.CheckConstraint(
                name="topic_status_known",
                condition=Q(status__in=TopicStatus.values),
                violation_error_message=_("The status is one of draft, proposed, declined, open, settled, dropped."),
            ),
            models.CheckConstraint(
                name="topic_proposed_to_a_group",
                condition=Q(group__isnull=False) | ~Q(status__in=[TopicStatus.PROPOSED, TopicStatus.DECLINED]),
                violation_error_message=_("A topic is proposed to a working group: name the group."),
            ),
            models.CheckConstraint(
                name="topic_declined_with_a_reason",
                condition=~Q(status=TopicStatus.DECLINED) | ~Q(status_reason=""),
                violation_error_message=_("Say why it is declined: whoever proposed it reads the reason."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = search_text(self.title, self.description)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("workinggroups:topic_detail", args=[self.slug])

    @property
    def is_public(self) -> bool:
        """Whether everybody sees it."""
        return self.status in PUBLIC_STATUSES
