"""Topics: what the groups, or the network as a whole, talk about."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.models import Source
from members.names import search_text
from members.words import with_every_word
from workinggroups.models.groups import WorkingGroup
from workinggroups.rights import coordinated_by

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class TopicStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    OPEN = "open", _("open")
    SETTLED = "settled", _("settled")
    DROPPED = "dropped", _("dropped")


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, user: "User | AnonymousUser") -> "TopicQuerySet":
        """Staff see every topic, everybody else all but drafts; who coordinates a group, that group's drafts too."""
        if user.is_staff:
            return self
        return self.filter(~Q(status=TopicStatus.DRAFT) | Q(group__in=coordinated_by(user)))

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
                violation_error_message=_("The status is one of draft, open, settled, dropped."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = search_text(self.title, self.description)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("workinggroups:topic_detail", args=[self.slug])
