"""Asking for a date by letter."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from meetings.inviting.addressees import Addressee, Way, addressees_of, usable
from meetings.inviting.letters import secretariat
from meetings.inviting.links import token_of
from meetings.inviting.preparing import remember_letters
from meetings.inviting.sittings import zone_of
from meetings.mail import Draft, prepare
from meetings.models import Ballot, DatePoll, Mailing, MailingKind, PollOption, Voter
from meetings.models.links import PersonalLinkQuerySet
from meetings.polling.times import offers_of
from members.history import acting, lock
from members.models import Mandate, User


def address_of(voter: Voter, site: str) -> str:
    """Give a person's own address of the poll's page."""
    return f"{site}{reverse('meetings:poll', args=[token_of(voter)])}"


def voters_of(poll: DatePoll) -> PersonalLinkQuerySet[Voter]:
    """Read everybody who was asked, with what letters need."""
    voters = Voter.objects.filter(ballot__poll=poll).order_by("ballot__organisation__key", "pk")
    return voters.select_related("ballot__organisation", "mandate", "letter")


def not_yet_asked(poll: DatePoll, mandates: Iterable[Mandate]) -> list[Mandate]:
    """Keep the mandates that can be written to and were not yet; two queries. A link that was taken back stays so."""
    written = Voter.objects.filter(ballot__poll=poll).exclude(letter__isnull=True, revoked_at__isnull=True)
    done = {(pk, address.lower()) for pk, address in written.values_list("ballot__organisation", "address")}
    return [one for one in usable(mandates) if (one.organisation_id, one.email.strip().lower()) not in done]


def preview_poll(poll: DatePoll, mandates: Iterable[Mandate], *, site: str) -> list[Draft]:
    """Write the letters that asking would be, with a word in the place of each personal link; saves nothing."""
    found: dict[str, Addressee] = {}
    for mandate in not_yet_asked(poll, mandates):
        address = mandate.email.strip()
        one = found.setdefault(address.lower(), Addressee(address, mandate.person.name, mandate))
        one.ways.append(Way(mandate.organisation, f"{site}/poll/…"))
    return _write(poll, found.values())


@transaction.atomic
def prepare_poll(poll: DatePoll, mandates: Iterable[Mandate], *, by: User, site: str) -> Mailing:
    """Ask organisations by those of their contacts who are given, and prepare the letters; nothing is sent.

    Who was asked already is left out. Raises ValidationError when that leaves nobody, when the poll is closed, or when
    it offers nothing.
    """
    lock(DatePoll, poll.pk)
    check_askable(poll)
    asked = not_yet_asked(poll, mandates)
    if not asked:
        raise ValidationError(_("Nobody is left to ask: everybody chosen was written to already, or takes no mail."))
    with acting(user=by):
        voters = [_voter(poll, mandate) for mandate in asked]
    addressees = addressees_of(voters, lambda voter: voter.ballot.organisation, lambda voter: address_of(voter, site))
    drafts = _write(poll, addressees)
    mailing = prepare(kind=MailingKind.POLL, title=_subject(poll)[:200], drafts=drafts, by=by, meeting=poll.meeting)
    remember_letters(mailing, voters)
    return mailing


def check_askable(poll: DatePoll) -> None:
    """Raise ValidationError when there is nothing to ask, or no more."""
    if not poll.is_open:
        raise ValidationError(_("The poll is closed: open it again first."))
    if not _offered(poll):
        raise ValidationError(_("The poll offers no time yet: add some first."))


def _voter(poll: DatePoll, mandate: Mandate) -> Voter:
    ballot, _made = Ballot.objects.get_or_create(poll=poll, organisation=mandate.organisation)
    ballot.organisation = mandate.organisation
    address = mandate.email.strip()
    fields = {"mandate": mandate, "name": mandate.person.name, "address": address}
    voter, _made = Voter.objects.get_or_create(ballot=ballot, address__iexact=address, defaults=fields)
    voter.ballot = ballot
    return voter


def _offered(poll: DatePoll) -> list[PollOption]:
    return list(PollOption.objects.offered().filter(poll=poll))


def _write(poll: DatePoll, addressees: Iterable[Addressee]) -> list[Draft]:
    options = _offered(poll)
    return [_letter(poll, options, one) for one in addressees]


def _letter(poll: DatePoll, options: Sequence[PollOption], one: Addressee) -> Draft:
    context = {
        "poll": poll,
        "meeting": poll.meeting,
        "addressee": one,
        "city": one.organisation.name,
        "offers": offers_of(options, poll.timezone, zone_of(one.organisation)),
        "secretariat": secretariat(),
    }
    return Draft(
        address=one.address,
        name=one.name,
        organisation=one.organisation,
        mandate=one.mandate,
        subject=_subject(poll),
        text=render_to_string("emails/poll.txt", context),
        html=render_to_string("emails/poll.html", context),
    )


def _subject(poll: DatePoll) -> str:
    return _("Which day suits? %(title)s") % {"title": poll.meeting.title}
