"""How long what is kept: one rule each for what `settings.RETENTION` names."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session as BrowserSession
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meetings.models import CalendarLink, CheckIn, Digest, Letter, ParticipantReport, Subscription
from meetings.reports.letting_go import let_go_of_file
from members.history.forgetting import delete_and_forget, forget_values
from members.models import AccountInvitation, Mandate

FORGOTTEN = "–"


@dataclass(frozen=True)
class Line:
    """What one rule did, or would do."""

    key: str
    what: str
    days: int
    number: int


@dataclass(frozen=True)
class Rule:
    """What is let go of, and how: `which` gives the rows older than a moment, `let_go` treats one of them."""

    key: str
    what: Promise
    which: Callable[[dt.datetime], Iterable[Any]]
    let_go: Callable[[Any], None]


def apply_retention(*, dry_run: bool = False, now: dt.datetime | None = None) -> list[Line]:
    """Let go of everything that was kept as long as the settings say; give what each rule did.

    Each rule is a transaction of its own. With `dry_run` it is done and taken back, so that the report is the same.
    """
    moment = now or timezone.now()
    return [_apply(rule, moment, dry_run=dry_run) for rule in RULES]


def _apply(rule: Rule, now: dt.datetime, *, dry_run: bool) -> Line:
    days: int = settings.RETENTION[rule.key]
    with transaction.atomic():
        rows = list(rule.which(now - dt.timedelta(days=days)))
        for row in rows:
            rule.let_go(row)
        transaction.set_rollback(dry_run)
    return Line(rule.key, str(rule.what), days, len(rows))


def _delete(row: Any) -> None:
    row.delete()


def _empty_letter(letter: Letter) -> None:
    letter.text = letter.html = letter.calendar = letter.unsubscribe_url = ""
    letter.save(update_fields=["text", "html", "calendar", "unsubscribe_url"])


def _forget_invitation(invitation: AccountInvitation) -> None:
    delete_and_forget(invitation, {"address": FORGOTTEN})


def _forget_contact(mandate: Mandate) -> None:
    mandate.email = mandate.phone = mandate.note = ""
    mandate.save()
    forget_values(mandate, {"email": FORGOTTEN, "phone": FORGOTTEN, "note": FORGOTTEN})


RULES = (
    Rule(
        "letters", _("texts of letters that were sent or given up"),
        lambda until: Letter.objects.filter(Q(sent_at__lt=until) | Q(failed_at__lt=until)).exclude(text=""),
        _empty_letter,
    ),
    Rule(
        "check_ins", _("check-ins that nobody confirmed"),
        lambda until: CheckIn.objects.filter(checked_in_at__lt=until, confirmed_at__isnull=True),
        _delete,
    ),
    Rule(
        "participant_reports", _("files of participant reports"),
        lambda until: [each for each in ParticipantReport.objects.filter(uploaded_at__lt=until) if each.raw],
        let_go_of_file,
    ),
    Rule(
        "asked_subscriptions", _("subscriptions that nobody confirmed"),
        lambda until: Subscription.objects.asked().filter(asked_at__lt=until),
        _delete,
    ),
    Rule(
        "ended_subscriptions", _("subscriptions that have ended"),
        lambda until: Subscription.objects.filter(unsubscribed_at__lt=until),
        _delete,
    ),
    Rule("digests", _("what digests told"), lambda until: Digest.objects.filter(written_at__lt=until), _delete),
    Rule(
        "calendar_links", _("calendar links that were switched off"),
        lambda until: CalendarLink.objects.filter(revoked_at__lt=until),
        _delete,
    ),
    Rule(
        "account_invitations", _("invitations to accounts, taken up or run out"),
        lambda until: AccountInvitation.objects.filter(expires_at__lt=until),
        _forget_invitation,
    ),
    Rule(
        "sessions", _("sessions of browsers that have run out"),
        lambda until: BrowserSession.objects.filter(expire_date__lt=until),
        _delete,
    ),
    Rule(
        "former_contacts", _("mail addresses and telephones of former contacts and delegates"),
        lambda until: Mandate.objects.filter(ends_on__lt=until.date()).exclude(email="", phone="", note=""),
        _forget_contact,
    ),
)  # fmt: skip
