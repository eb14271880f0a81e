"""What every recorded fact carries: how sure it is, how we know, and where it stands."""

from typing import ClassVar
from urllib.parse import urlsplit

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.dates import format_window, window_label


class Certainty(models.TextChoices):
    CONFIRMED = "confirmed", _("confirmed")
    INFERRED = "inferred", _("inferred")
    DISPUTED = "disputed", _("disputed")
    UNCONFIRMED = "unconfirmed", _("not confirmed")


class Source(models.Model):
    """A public page or paper that a fact was taken from."""

    url = models.URLField(
        _("address"),
        max_length=600,
        unique=True,
        error_messages={"unique": _("This address is already among the sources.")},
    )
    title = models.CharField(
        _("title"),
        max_length=300,
        blank=True,
        help_text=_("As a reader would look for it; empty shows the site's name."),
    )

    class Meta:
        ordering: ClassVar = ["url"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.title or self.host

    @property
    def host(self) -> str:
        """The site's name without "www."."""
        return (urlsplit(self.url).hostname or self.url).removeprefix("www.")


class Fact(models.Model):
    """A record that says how certain it is and where it was found."""

    certainty = models.CharField(_("certainty"), max_length=12, choices=Certainty, default=Certainty.CONFIRMED)
    basis = models.TextField(
        _("how we know"),
        blank=True,
        help_text=_("What the sources say, where they disagree, what was inferred. Public."),
    )
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def is_doubtful(self) -> bool:
        return self.certainty != Certainty.CONFIRMED


class DatedChange(Fact):
    """One line of a log: from some day on, something holds, until the next line of the same log.

    The day may be known only as a window. `latest` is the day from which the change is certain to hold: it alone orders the log and answers "on that day",
    so that periods can neither overlap nor leave a gap, on any database. `earliest` is None for a bare "known by".
    """

    earliest = models.DateField(
        _("earliest day"),
        null=True,
        blank=True,
        help_text=_("The first day on which it may have happened; empty when all we have is “known by”."),
    )
    latest = models.DateField(
        _("latest day"),
        help_text=_("The day by which it had happened. The same as the earliest when the day is known."),
    )

    class Meta:
        abstract = True

    @property
    def window(self) -> str:
        """The window as ISO 8601-2, see `members.dates.parse_window`."""
        return format_window(self.earliest, self.latest)

    @property
    def when(self) -> str:
        """The window in words."""
        return window_label(self.earliest, self.latest)

    @property
    def is_day_known(self) -> bool:
        return self.earliest == self.latest


def window_constraint(name: str) -> models.CheckConstraint:
    """A named check that a window does not end before it begins; NULL as earliest passes."""
    return models.CheckConstraint(
        name=name,
        condition=Q(earliest__isnull=True) | Q(earliest__lte=F("latest")),
        violation_error_message=_(
            "The earliest day lies after the latest one: swap them, or leave the earliest empty."
        ),
    )
