"""Personal links: by what stands in a mail its reader is known, without an account."""

import secrets
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from meetings.models.mail import Letter
from members.models import Mandate

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from members.models import User

L = TypeVar("L", bound="PersonalLink")


def new_key() -> str:
    """Give the secret of a link: 128 bits, letters and digits."""
    return secrets.token_hex(16)


class PersonalLinkQuerySet(models.QuerySet[L]):
    def visible_to(self, user: "User | AnonymousUser") -> "PersonalLinkQuerySet[L]":
        """Staff alone: these are names and addresses."""
        return self if user.is_staff else self.none()

    def standing(self) -> "PersonalLinkQuerySet[L]":
        """Keep those whose link was not taken back."""
        return self.filter(revoked_at__isnull=True)


class PersonalLink(models.Model):
    """A person who got a link of their own, and the last letter in which it went to them.

    Its key makes the link; another key makes every link given out before worthless.
    """

    mandate = models.ForeignKey(
        Mandate, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("contact"), related_name="+"
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    address = models.EmailField(_("mail address"))
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    letter = models.ForeignKey(
        Letter, on_delete=models.SET_NULL, null=True, editable=False, verbose_name=_("last letter"), related_name="+"
    )
    revoked_at = models.DateTimeField(_("taken back"), null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, verbose_name=_("taken back by"), related_name="+"
    )  # fmt: skip

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name or self.address

    @property
    def stands(self) -> bool:
        return self.revoked_at is None


def link_constraints(name: str, whole: str) -> list[models.BaseConstraint]:
    """Give the rules of a kind of links: one an address of what they belong to, and who took one back stands with when."""
    return [
        models.UniqueConstraint(
            whole,
            Lower("address"),
            name=f"{name}_once_an_address",
            violation_error_message=_("This address has a link already."),
        ),
        models.CheckConstraint(
            name=f"{name}_taken_back_by_somebody",
            condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
            | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            violation_error_message=_("A link that was taken back says when and by whom."),
        ),
    ]


class Answered(models.Model):
    """What an organisation answers as one: how often it was changed, when last, and by whom.

    `answered_by` names the person whose link it was; `entered_by` staff who wrote down what they were told.
    """

    edition = models.PositiveIntegerField(_("changes of the answer"), default=0, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    answered_by = models.CharField(_("answered by"), max_length=200, blank=True, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, verbose_name=_("entered by"), related_name="+"
    )  # fmt: skip

    class Meta:
        abstract = True

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None


def answered_constraint(name: str) -> models.CheckConstraint:
    """Who answered stands with when."""
    return models.CheckConstraint(
        name=name,
        condition=Q(answered_at__isnull=True, answered_by="", entered_by__isnull=True)
        | (Q(answered_at__isnull=False) & ~Q(answered_by="")),
        violation_error_message=_("An answer says when it was given and by whom."),
    )
