from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class Country(models.Model):
    """A country as the network labels it. The label and its footnote are the secretariat's to word, so they are data and not a library's list."""

    code = models.CharField(
        _("code"),
        max_length=2,
        primary_key=True,
        validators=[RegexValidator(r"^[A-Z]{2}\Z", _("Two capital letters, as in “BG”."))],
        help_text=_("Two letters after ISO 3166-1, or a user-assigned code such as XK."),
    )
    name = models.CharField(
        _("name"), max_length=80, unique=True, error_messages={"unique": _("There is already a country of that name.")}
    )
    native_names = models.JSONField(
        _("names in its own languages"), default=list, blank=True, help_text=_('A list, as in ["България"].')
    )
    footnote = models.TextField(
        _("footnote"), blank=True, help_text=_("Shown wherever the country's name heads a list.")
    )

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("country")
        verbose_name_plural = _("countries")

    def __str__(self) -> str:
        return self.name
