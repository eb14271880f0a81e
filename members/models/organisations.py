"""Cities, observers and partners, and every way their names are written."""

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.models.countries import Country
from members.models.facts import Source
from members.names import fold, fold_loosely, script_of, search_text
from members.pictures import PictureField
from members.words import bearers

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models.accounts import User


class Kind(models.TextChoices):
    CITY = "city", _("city")
    ASSOCIATION = "association", _("association of municipalities")
    NETWORK = "network", _("city network")
    INSTITUTION = "institution", _("public institution")
    CIVIL = "civil", _("civil organisation")


MOST_LINKS = 10


def check_links(links: Any) -> None:
    """Refuse what is no list of web addresses, or too long a one. Raises ValidationError naming the line."""
    if not isinstance(links, list) or len(links) > MOST_LINKS:
        raise ValidationError(_("Give %(most)s addresses at most, one a line."), params={"most": MOST_LINKS})
    for number, link in enumerate(links, start=1):
        try:
            URLValidator(schemes=["http", "https"])(link)
        except ValidationError as error:
            message = _("Line %(number)s is no web address: write it as in https://www.example.org/city.")
            raise ValidationError(message, params={"number": number}) from error


class Keyed(models.Model):
    """A name with the keys it is found by; the keys follow the name at every save."""

    key = models.CharField(max_length=200, editable=False, db_index=True)
    loose_key = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta:
        abstract = True

    def set_keys(self, name: str) -> None:
        """Derive both keys from the name."""
        self.key, self.loose_key = fold(name)[:200], fold_loosely(name)[:200]


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, user: "User | AnonymousUser") -> "OrganisationQuerySet":
        """Every organisation on record may be seen by everybody."""
        return self

    def cities(self) -> "OrganisationQuerySet":
        return self.filter(kind=Kind.CITY)

    def with_status(self, day: dt.date) -> "OrganisationQuerySet":
        """Annotate what each was on a day.

        Adds `status` (a `Status` value, or None when nothing is recorded by then), and `status_earliest`, `status_latest`
        and `status_certainty` of the change it rests on.
        """
        from members.models.membership import MembershipChange  # the two models need each other

        current = MembershipChange.objects.filter(organisation=OuterRef("pk"), latest__lte=day).order_by("-latest")
        return self.annotate(
            status=Subquery(current.values("status")[:1]),
            status_earliest=Subquery(current.values("earliest")[:1]),
            status_latest=Subquery(current.values("latest")[:1]),
            status_certainty=Subquery(current.values("certainty")[:1]),
        )

    def registered_by(self, day: dt.date) -> "OrganisationQuerySet":
        """Keep those of which the register tells anything by a day, were it only that they are no members any more."""
        from members.models.membership import MembershipChange  # the two models need each other

        return self.filter(Exists(MembershipChange.objects.filter(organisation=OuterRef("pk"), latest__lte=day)))

    def holding(self, day: dt.date, *statuses: str) -> "OrganisationQuerySet":
        """Keep those that held one of the statuses on a day; annotated as by `with_status`."""
        return self.with_status(day).filter(Q(status__in=statuses))

    def matching(self, text: str) -> "OrganisationQuerySet":
        """Keep those whose names, in any spelling or script, have for every word of the text one that begins so."""
        loose = fold_loosely(text)
        if not loose:
            return self.none()
        every_word = [Q(pk__in=bearers(Organisation, word)) for word in search_text(text).split()]
        alike = OrganisationName.objects.order_by().filter(loose_key=loose).values("organisation")
        return self.filter(Q(*every_word) | Q(loose_key=loose) | Q(pk__in=alike))


class Organisation(Keyed):
    """A city, or a body that is no city: an observer, a partner, an applicant. What it is to the network, `MembershipChange` tells."""

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.CITY)
    name = models.CharField(_("English name"), max_length=160)
    slug = models.SlugField(
        _("address"), max_length=80, unique=True, help_text=_("The last part of the page's address.")
    )
    abbreviation = models.CharField(_("abbreviation"), max_length=20, blank=True, db_index=True)
    country = models.ForeignKey(
        Country,
        on_delete=models.PROTECT,
        verbose_name=_("country"),
        null=True,
        blank=True,
        related_name="organisations",
    )
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    population = models.PositiveIntegerField(_("inhabitants, about"), null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(_("year of that figure"), null=True, blank=True)
    website = models.URLField(_("website"), blank=True)
    links = models.JSONField(
        _("further links"), default=list, blank=True, validators=[check_links], help_text=_("A list of web addresses.")
    )
    contact_office = models.CharField(
        _("office to write to"), max_length=160, blank=True, help_text=_("As in “Department of international relations”. Public.")
    )  # fmt: skip
    contact_email = models.EmailField(_("mail address of that office"), blank=True, help_text=_("Public."))
    contact_phone = models.CharField(_("telephone of that office"), max_length=40, blank=True, help_text=_("Public."))
    description = models.TextField(_("description"), blank=True)
    note = models.TextField(_("note"), blank=True, help_text=_("A remark on the record, shown on the page."))
    emblem = PictureField(_("coat of arms"), upload_to="emblems", blank=True, db_index=True)
    photo = PictureField(_("photo"), upload_to="cities", blank=True, db_index=True)
    photo_credit = models.CharField(_("credit of the photo"), max_length=160, blank=True)
    sources = models.ManyToManyField(Source, verbose_name=_("sources"), blank=True, related_name="+")
    search = models.CharField(max_length=400, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["key", "pk"]
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name", "country"],
                name="organisation_name_once_a_country",
                violation_error_message=_("There is already an organisation of this name in this country: open that one, or tell the two apart in the name."),
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(country__isnull=True),
                name="organisation_name_once_without_country",
                violation_error_message=_("There is already an organisation of this name: open that one, or tell the two apart in the name."),
            ),
            models.CheckConstraint(
                name="organisation_city_has_country",
                condition=~Q(kind="city") | Q(country__isnull=False),
                violation_error_message=_("A city needs its country."),
            ),
            models.CheckConstraint(
                name="organisation_coordinates_in_pairs",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False, latitude__range=(-90, 90), longitude__range=(-180, 180)),
                violation_error_message=_("Give latitude (-90 to 90) and longitude (-180 to 180) together, or neither."),
            ),
            models.CheckConstraint(
                name="organisation_population_with_year",
                condition=Q(population__isnull=True, population_year__isnull=True)
                | Q(population__isnull=False, population_year__isnull=False, population_year__range=(1900, 2200)),
                violation_error_message=_("Give the number of inhabitants together with the year it is from, or neither."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive_keys()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("members:city_detail" if self.is_city else "members:observer_detail", args=[self.slug])

    def derive_keys(self) -> None:
        """Derive what the name is found by; for `bulk_create`, which calls no `save`."""
        self.set_keys(self.name)
        self.search = search_text(self.name, self.abbreviation)[:400]

    @property
    def is_city(self) -> bool:
        return self.kind == Kind.CITY

    @property
    def own_name(self) -> "OrganisationName | None":
        """The first name in its own language that differs from the English one. Asks no query where `names` was prefetched."""
        own = (name for name in self.names.all() if name.is_native and name.text != self.name)
        return next(own, None)


class OrganisationName(Keyed):
    """One more way to write an organisation's name: in its own language, in a neighbour's, or misspelt in a source."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, verbose_name=_("organisation"), related_name="names"
    )
    text = models.CharField(_("name"), max_length=160)
    language = models.CharField(
        _("language"), max_length=8, blank=True, help_text=_("Its code, as in “bg” or “sr”; empty for a mere spelling.")
    )
    is_native = models.BooleanField(
        _("in its own language"), default=False, help_text=_("Shown beside the English name.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    search = models.CharField(max_length=200, editable=False)

    class Meta:
        ordering: ClassVar = ["-is_native", "order", "pk"]
        verbose_name = _("name")
        verbose_name_plural = _("names and spellings")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "text"],
                name="name_once_an_organisation",
                violation_error_message=_("This name is listed already."),
            ),
            models.CheckConstraint(
                name="native_name_has_language",
                condition=Q(is_native=False) | ~Q(language=""),
                violation_error_message=_("A name in the organisation's own language needs the language's code."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive_keys()
        super().save(*args, **kwargs)

    def derive_keys(self) -> None:
        """Derive what the name is found by; for `bulk_create`, which calls no `save`."""
        self.set_keys(self.text)
        self.search = search_text(self.text)[:200]

    @property
    def script(self) -> str:
        """ISO 15924 code of its letters."""
        return script_of(self.text)

    @property
    def language_tag(self) -> str:
        """BCP 47 tag for a `lang` attribute, with the script where a language is written in two."""
        return f"{self.language}-{self.script}" if self.language in {"sr", "cnr", "bs", "mk"} else self.language
