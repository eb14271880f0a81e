"""Working groups, the names they bore, and who takes part."""

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.models import DatedChange, Fact, Organisation, Source, window_constraint
from members.names import search_text
from members.words import with_every_word

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User


class WorkingGroupQuerySet(models.QuerySet["WorkingGroup"]):
    def visible_to(self, user: "User | AnonymousUser") -> "WorkingGroupQuerySet":
        """Every working group on record may be seen by everybody."""
        return self

    def matching(self, text: str) -> "WorkingGroupQuerySet":
        """Keep those whose present name, mandate or a former name contains every word, in any script."""
        return with_every_word(self, text)


class WorkingGroup(models.Model):
    """One of the network's standing groups of specialists, under its present name."""

    name = models.CharField(
        _("present name"),
        max_length=160,
        unique=True,
        error_messages={"unique": _("There is already a group of this name.")},
    )
    slug = models.SlugField(
        _("address"), max_length=80, unique=True, help_text=_("The last part of the page's address.")
    )
    mandate = models.TextField(_("mandate"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True, related_name="+")
    search = models.TextField(editable=False)

    objects = WorkingGroupQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["order", "name"]
        verbose_name = _("working group")
        verbose_name_plural = _("working groups")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = search_text(self.name, self.mandate)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("workinggroups:detail", args=[self.slug])

    def name_on(self, day: dt.date) -> str:
        """Give the name that the group bore on a day: the first former one still in use then, else the present one."""
        former = [name for name in self.former_names.all() if day <= name.latest]
        return former[0].name if former else self.name


class FormerName(Fact):
    """A name that the group bore until some day, of which at least a window is known."""

    group = models.ForeignKey(
        WorkingGroup, on_delete=models.CASCADE, verbose_name=_("working group"), related_name="former_names"
    )
    name = models.CharField(_("name"), max_length=160)
    earliest = models.DateField(
        _("last used: earliest"), null=True, blank=True, help_text=_("The last day on which the name is found in use.")
    )
    latest = models.DateField(
        _("last used: latest"),
        help_text=_("The last day on which it may have been in use: the day before the next name is found."),
    )
    search = models.CharField(max_length=200, editable=False)

    class Meta:
        ordering: ClassVar = ["latest", "pk"]
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        constraints: ClassVar = [
            window_constraint("former_name_window_ordered"),
            models.UniqueConstraint(
                fields=["group", "latest"],
                name="former_name_one_a_day",
                violation_error_message=_("Another former name of this group ends on the same day."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = search_text(self.name)[:200]
        super().save(*args, **kwargs)


class GroupRole(models.TextChoices):
    MEMBER = "member", _("takes part")
    COORDINATOR = "coordinator", _("coordinates")
    OBSERVER = "observer", _("observes")
    LEFT = "left", _("left")


class ParticipationQuerySet(models.QuerySet["ParticipationChange"]):
    def on(self, day: dt.date) -> "ParticipationQuerySet":
        """Keep, for each organisation and group, the line in force on a day, without those who had left."""
        later = ParticipationChange.objects.filter(
            group=models.OuterRef("group"),
            organisation=models.OuterRef("organisation"),
            latest__lte=day,
            latest__gt=models.OuterRef("latest"),
        )
        return self.filter(~models.Exists(later), latest__lte=day).exclude(role=GroupRole.LEFT)


class ParticipationChange(DatedChange):
    """From that day on the organisation takes part in the group, coordinates it, observes it, or has left it."""

    group = models.ForeignKey(
        WorkingGroup, on_delete=models.CASCADE, verbose_name=_("working group"), related_name="participation_changes"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, verbose_name=_("organisation"), related_name="group_changes"
    )
    role = models.CharField(_("role"), max_length=12, choices=GroupRole, default=GroupRole.MEMBER)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["latest", "pk"]
        verbose_name = _("change of taking part")
        verbose_name_plural = _("taking part")
        constraints: ClassVar = [
            window_constraint("participation_window_ordered"),
            models.UniqueConstraint(
                fields=["group", "organisation", "latest"],
                name="participation_one_change_a_day",
                violation_error_message=_("Another change of this organisation in this group bears the same latest day."),
            ),
            models.CheckConstraint(
                name="participation_role_known",
                condition=Q(role__in=GroupRole.values),
                violation_error_message=_("The role is one of takes part, coordinates, observes, left."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_role_display()}, {self.when}"
