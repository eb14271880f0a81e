"""Who presides, from handover to handover; who held the office; who sits on the Executive Board."""

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.models.facts import DatedChange, Fact, window_constraint
from members.models.organisations import Organisation
from members.names import search_text
from members.words import with_every_word

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models.accounts import User


class PresidencyQuerySet(models.QuerySet["Presidency"]):
    def visible_to(self, user: "User | AnonymousUser") -> "PresidencyQuerySet":
        """Every presidency on record may be seen by everybody."""
        return self

    def with_end(self) -> "PresidencyQuerySet":
        """Annotate `ended_on`: the day of the next handover, None for the last term on record."""
        following = Presidency.objects.filter(started_on__gt=OuterRef("started_on")).order_by("started_on")
        return self.annotate(ended_on=Subquery(following.values("started_on")[:1]))

    def with_ordinal(self) -> "PresidencyQuerySet":
        """Annotate `ordinal`: 1 for the first term."""
        earlier = Presidency.objects.filter(started_on__lte=OuterRef("started_on")).order_by()
        counted = (
            earlier.annotate(one=models.Value(1)).values("one").annotate(number=models.Count("pk")).values("number")
        )
        return self.annotate(ordinal=Subquery(counted))

    def on(self, day: dt.date) -> "Presidency | None":
        """The presidency in office on a day: the last that took over by then. On the day of a handover, the incoming one."""
        return self.filter(started_on__lte=day).order_by("-started_on").first()

    def matching(self, text: str) -> "PresidencyQuerySet":
        """Keep those whose city, in any spelling, or one of whose presidents is meant by the text."""
        presidents = OfficeChange.objects.filter(presidency=OuterRef("pk"), person__in=Person.objects.matching(text))
        cities = Organisation.objects.matching(text).filter(pk=OuterRef("city"))
        return self.filter(models.Exists(cities) | models.Exists(presidents))


class Presidency(Fact):
    """A city's term, from the handover on which it takes over to the next one.

    Only the beginning is recorded; the end is the next beginning, so terms leave no gap and cannot overlap. Statute: rotates yearly, held by a city,
    no two consecutive terms of one city.
    """

    city = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        verbose_name=_("presiding city"),
        related_name="presidencies",
        limit_choices_to={"kind": "city"},
    )
    started_on = models.DateField(
        _("took over on"),
        unique=True,
        error_messages={"unique": _("Another presidency took over on that day; a handover has one incoming city.")},
    )
    motto = models.CharField(_("motto"), max_length=200, blank=True)
    priorities = models.JSONField(_("priorities"), default=list, blank=True, help_text=_("A list of short texts."))
    chosen = models.CharField(_("how it was chosen"), max_length=300, blank=True)
    override_reason = models.CharField(
        _("reason for a second term in a row"),
        max_length=300,
        blank=True,
        help_text=_(
            "The statute rules out two consecutive terms of one city. If the General Assembly decided otherwise, say when and why."
        ),
    )

    # True while somebody saves the presidents along, and checks each against the new day.
    parts_follow = False

    objects = PresidencyQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["started_on"]
        verbose_name = _("presidency")
        verbose_name_plural = _("presidencies")

    def __str__(self) -> str:
        return str(_("%(city)s presidency, %(year)s") % {"city": self.city, "year": self.started_on.year})

    def get_absolute_url(self) -> str:
        return reverse("members:presidency_detail", args=[self.slug])

    @property
    def slug(self) -> str:
        """City and the day of the handover: a city may preside again."""
        return f"{self.city.slug}-{self.started_on.isoformat()}"

    def clean(self) -> None:
        """Check the statute's rules on terms. Raises ValidationError saying which rule and which neighbour."""
        super().clean()
        if self.city_id and not self.city.is_city:
            raise ValidationError(
                {"city": _("The presidency is held by a city; %(name)s is none.") % {"name": self.city}}
            )
        if self.city_id and self.started_on and not self.override_reason:
            self._check_consecutive()
        if self.started_on:
            self._check_presidents()

    @property
    def next_handover(self) -> dt.date | None:
        """The day on which the term ends; None for the last one on record."""
        later = Presidency.objects.exclude(pk=self.pk).filter(started_on__gt=self.started_on)
        return later.order_by("started_on").values_list("started_on", flat=True).first()

    def _check_presidents(self) -> None:
        """A handover that moves may leave no President outside the own term, nor outside the one that it ends."""
        own = OfficeChange.objects.filter(presidency=self.pk or 0)
        until = self.next_handover
        outside = own.filter(Q(latest__lt=self.started_on) | (Q(latest__gte=until) if until else Q(pk__in=[])))
        earlier = Presidency.objects.exclude(pk=self.pk).filter(started_on__lt=self.started_on).order_by("-started_on")
        ended = OfficeChange.objects.filter(presidency__in=earlier.values("pk")[:1], latest__gte=self.started_on)
        change = ended.select_related("person").first()
        if not self.parts_follow:
            change = change or outside.select_related("person").first()
        if change:
            raise ValidationError(
                {
                    "started_on": _("“%(change)s” would then lie outside its term: correct that line first.")
                    % {"change": change}
                }
            )

    def _check_consecutive(self) -> None:
        others = Presidency.objects.exclude(pk=self.pk).select_related("city")
        before = others.filter(started_on__lt=self.started_on).order_by("-started_on").first()
        after = others.filter(started_on__gt=self.started_on).order_by("started_on").first()
        for neighbour in (before, after):
            if neighbour and neighbour.city_id == self.city_id:
                raise ValidationError(
                    {
                        "override_reason": _(
                            "%(city)s also holds the term that began on %(day)s, and the statute rules out two consecutive terms. "
                            "Correct the city or the day, or record here why the rule was set aside."
                        )
                        % {"city": self.city, "day": neighbour.started_on.isoformat()}
                    }
                )


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: "User | AnonymousUser") -> "PersonQuerySet":
        """Who holds or held a public office may be seen by everybody; those who work for a city, by staff alone."""
        return self if user.is_staff else self.filter(models.Exists(OfficeChange.objects.filter(person=OuterRef("pk"))))

    def matching(self, text: str) -> "PersonQuerySet":
        """Keep those whose name contains every word, in any script."""
        return with_every_word(self, text)


class Person(models.Model):
    """Somebody who holds or held a public office in the network, or acts for an organisation (`Mandate`)."""

    name = models.CharField(_("name"), max_length=160)
    search = models.CharField(max_length=200, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = search_text(self.name)[:200]
        super().save(*args, **kwargs)


class Office(models.TextChoices):
    PRESIDENT = "president", _("President")
    PERMANENT_SECRETARY = "permanent_secretary", _("Permanent Secretary")


class OfficeChange(DatedChange):
    """From that day on the person holds the office, until the next line for the same office (and, for presidents, the same term).

    A line without person says that the office fell vacant.
    """

    office = models.CharField(_("office"), max_length=20, choices=Office)
    presidency = models.ForeignKey(
        Presidency,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("presidency"),
        related_name="office_changes",
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("person"), related_name="office_changes"
    )
    title = models.CharField(
        _("title"),
        max_length=120,
        blank=True,
        help_text=_("As in “Founding President”; empty for the office's own name."),
    )

    class Meta:
        ordering: ClassVar = ["latest", "pk"]
        verbose_name = _("change of office")
        verbose_name_plural = _("changes of office")
        constraints: ClassVar = [
            window_constraint("office_window_ordered"),
            models.CheckConstraint(
                name="office_president_of_a_presidency",
                condition=Q(office="president", presidency__isnull=False) | Q(office="permanent_secretary", presidency__isnull=True),
                violation_error_message=_("A President belongs to a presidency, the Permanent Secretary to none."),
            ),
            models.UniqueConstraint(
                fields=["presidency", "latest"],
                name="office_one_president_a_day",
                violation_error_message=_("Another change of President in this term bears the same day."),
            ),
            models.UniqueConstraint(
                fields=["office", "latest"],
                condition=Q(presidency__isnull=True),
                name="office_one_secretary_a_day",
                violation_error_message=_("Another change of this office bears the same day."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title or self.get_office_display()}: {self.person or _('vacant')}, {self.when}"

    def clean(self) -> None:
        """A President takes office within the term. Raises ValidationError with the term's days."""
        super().clean()
        term = self.presidency if self.presidency_id else None
        if term is None or not self.latest or not term.started_on:
            return
        until = term.next_handover
        if self.latest < term.started_on or (until and self.latest >= until):
            message = _("This day lies outside the term, which began on %(start)s.")
            raise ValidationError({"latest": message % {"start": term.started_on.isoformat()}})


class BoardSeatChange(DatedChange):
    """From that day on the city sits, or no longer sits, on the Executive Board."""

    class Event(models.TextChoices):
        SEATED = "seated", _("took a seat")
        LEFT = "left", _("left")

    city = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        verbose_name=_("city"),
        related_name="board_seat_changes",
        limit_choices_to={"kind": "city"},
    )
    event = models.CharField(_("event"), max_length=6, choices=Event, default=Event.SEATED)
    how = models.CharField(_("how"), max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["latest", "pk"]
        verbose_name = _("change of a board seat")
        verbose_name_plural = _("changes of board seats")
        constraints: ClassVar = [
            window_constraint("board_seat_window_ordered"),
            models.UniqueConstraint(
                fields=["city", "latest"],
                name="board_seat_one_change_a_day",
                violation_error_message=_("Another change of this city's board seat bears the same latest day."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.city}: {self.get_event_display()}, {self.when}"

    def clean(self) -> None:
        """Board seats are held by cities. Raises ValidationError otherwise."""
        super().clean()
        if self.city_id and not self.city.is_city:
            raise ValidationError(
                {"city": _("Board seats are held by cities; %(name)s is none.") % {"name": self.city}}
            )
