"""Where people stand in the database: one table, read by what shows them their data and by what erases it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meetings.models import (
    AnnouncedDelegate,
    Ballot,
    CheckIn,
    Delegate,
    Invitation,
    Invitee,
    Letter,
    MinutesReader,
    RememberedMatch,
    Subscription,
    Voter,
)
from members.models import (
    AccountInvitation,
    Consent,
    DeadAddress,
    ErasureRequest,
    Mandate,
    OfficeChange,
    Person,
    ProposedChange,
    User,
)


@dataclass(frozen=True)
class Subject:
    """Somebody about whom data is held, and by what they are known: name, mail addresses, for whom they act or acted."""

    person: Person
    user: User | None
    addresses: frozenset[str]
    mandates: frozenset[int]
    organisations: frozenset[int]

    @property
    def names(self) -> list[str]:
        return [self.person.name]


def subject_of(person: Person) -> Subject:
    """Read by what somebody is known."""
    mandates = list(Mandate.objects.filter(person=person))
    user = User.objects.filter(person=person).first()
    written = [mandate.email for mandate in mandates] + ([user.email] if user else [])
    invited = AccountInvitation.objects.filter(mandate__in=mandates).values_list("address", flat=True)
    return Subject(
        person=person,
        user=user,
        addresses=frozenset(each.strip().lower() for each in (*written, *invited) if each.strip()),
        mandates=frozenset(mandate.pk for mandate in mandates),
        organisations=frozenset(mandate.organisation_id for mandate in mandates),
    )


def written_to(subject: Subject, column: str) -> Q:
    """Give the condition that a column holds one of somebody's addresses, however its letters are written."""
    condition = Q(pk__in=[])
    for address in subject.addresses:
        condition |= Q(**{f"{column}__iexact": address})
    return condition


@dataclass(frozen=True)
class Trace:
    """A kind of rows that tell of people: which are somebody's, what is shown to them, and what of it names them."""

    key: str
    heading: Promise
    model: type[Model]
    where: Callable[[Subject], Q]
    shown: tuple[str, ...]
    name: str = ""
    address: str = ""
    emptied: tuple[str, ...] = field(default_factory=tuple)
    is_deleted: bool = False  # whether the rows go altogether: they count nowhere

    def rows(self, subject: Subject) -> Iterator[Any]:
        """Give somebody's rows, the first first, with the records that they name; a fixed number of queries."""
        manager: Any = self.model._default_manager
        named, listed = self._relations()
        yield from manager.filter(self.where(subject)).order_by("pk").select_related(*named).prefetch_related(*listed)

    def _relations(self) -> tuple[list[str], list[str]]:
        """Give the relations among the columns shown: to one record each, and to many."""
        named, listed = [], []
        for column in self.shown:
            first = self.model._meta.get_field(column.partition("__")[0])
            if first.one_to_many or first.many_to_many:
                listed.append(column)
            elif first.is_relation:
                named.append(column if "__" in column or first.many_to_one else first.name)
        return named, listed


def _at(whole: str) -> Callable[[Subject], Q]:
    """The name alone tells somebody only beside the organisation for which they act."""
    return lambda subject: Q(**{"name__in": subject.names, f"{whole}__in": subject.organisations})


def _by_address_or_name(column: str, whole: str) -> Callable[[Subject], Q]:
    return lambda subject: written_to(subject, column) | _at(whole)(subject)


def _by_mandate_or_address(subject: Subject) -> Q:
    return Q(mandate__in=subject.mandates) | written_to(subject, "address")


def _answered(subject: Subject) -> Q:
    return Q(answered_by__in=[*subject.names, *subject.addresses], organisation__in=subject.organisations)


TRACES = (
    Trace(
        "mandates", _("For whom you act or acted"), Mandate, lambda who: Q(person=who.person),
        ("organisation", "role", "position", "email", "phone", "starts_on", "ends_on", "note", "group_seats"),
        emptied=("email", "phone", "position", "note"),
    ),
    Trace(
        "account_invitations", _("Invitations to an account"), AccountInvitation, lambda who: Q(mandate__in=who.mandates),
        ("address", "invited_at", "expires_at", "used_at", "withdrawn_at"), address="address",
    ),
    Trace(
        "offices", _("Public offices"), OfficeChange, lambda who: Q(person=who.person),
        ("office", "presidency", "title", "earliest", "latest"),
    ),
    Trace(
        "present", _("Meetings at which you were noted"), Delegate,
        lambda who: Q(person=who.person) | _by_address_or_name("email", "attendance__organisation")(who),
        ("attendance__meeting", "attendance__organisation", "name", "email", "joined_at", "left_at", "minutes"),
        name="name", address="email",
    ),
    Trace(
        "check_ins", _("Check-ins"), CheckIn, _by_address_or_name("email", "organisation"),
        ("session__meeting", "organisation", "name", "email", "checked_in_at", "confirmed_at", "refused_at"),
        name="name", address="email",
    ),
    Trace(
        "announced", _("Meetings to which you were announced"), AnnouncedDelegate,
        _by_address_or_name("email", "invitation__organisation"),
        ("invitation__meeting", "invitation__organisation", "name", "function", "email", "is_alternate"),
        name="name", address="email", emptied=("function",),
    ),
    Trace(
        "answers", _("Answers to invitations given in your name"), Invitation, _answered,
        ("meeting", "organisation", "coming", "mode", "remarks", "answered_at", "answered_by"), name="answered_by",
    ),
    Trace(
        "ballots", _("Answers to date polls given in your name"), Ballot, _answered,
        ("poll", "organisation", "remark", "answered_at", "answered_by"), name="answered_by",
    ),
    Trace(
        "invitations", _("Invitations sent to you"), Invitee, _by_mandate_or_address,
        ("invitation__meeting", "invitation__organisation", "name", "address", "told", "revoked_at"),
        name="name", address="address",
    ),
    Trace(
        "polls", _("Date polls sent to you"), Voter, _by_mandate_or_address,
        ("ballot__poll", "ballot__organisation", "name", "address", "revoked_at"), name="name", address="address",
    ),
    Trace(
        "minutes", _("Minutes sent to you"), MinutesReader, _by_mandate_or_address,
        ("copy__minutes", "copy__organisation", "name", "address", "revoked_at"), name="name", address="address",
    ),
    Trace(
        "letters", _("Letters sent to you"), Letter, _by_mandate_or_address,
        ("name", "address", "subject", "text", "sent_at", "failed_at"),
        name="name", address="address", emptied=("text", "html", "calendar", "unsubscribe_url"),
    ),
    Trace(
        "proposed_changes", _("Changes that you proposed for your organisation's page"), ProposedChange,
        lambda who: Q(proposed_by=who.user) if who.user else Q(pk__in=[]),
        ("organisation", "fields", "proposed_at", "withdrawn_at", "decided_at", "verdict", "reason"),
    ),
    Trace(
        "recognised", _("How participant reports know you"), RememberedMatch,
        lambda who: written_to(who, "email") | _at("organisation")(who),
        ("name", "email", "organisation", "decided_at"), is_deleted=True,
    ),
    Trace(
        "dead_addresses", _("Addresses of yours at which servers said that nobody is there"), DeadAddress,
        lambda who: written_to(who, "address"), ("address", "since", "reason"), is_deleted=True,
    ),
    Trace(
        "subscriptions", _("News by mail"), Subscription,
        lambda who: (Q(user=who.user) if who.user else Q(pk__in=[])) | written_to(who, "address"),
        ("address", "frequency", "everything", "groups", "topics", "organisations", "language", "consent_text",
         "asked_at", "confirmed_at", "unsubscribed_at"),
        is_deleted=True,
    ),
    Trace(
        "consents", _("What you agreed to"), Consent, lambda who: Q(person=who.person),
        ("purpose", "text_version", "given_at", "withdrawn_at"), is_deleted=True,
    ),
    Trace(
        "erasure_requests", _("Your requests to be erased"), ErasureRequest, lambda who: Q(person=who.person),
        ("asked_at", "decided_at", "refusal"),
    ),
)  # fmt: skip
