"""The log of what an organisation is to the network: how it reads with one more line, and what forbids that line."""

from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from members.models import MembershipChange, Source, Status
from members.register import Period


def log_with(line: MembershipChange) -> list[Period[MembershipChange]]:
    """Read an organisation's log as it would be with one more, unsaved line."""
    return _read([*MembershipChange.objects.filter(organisation=line.organisation_id), line])


def broken_rules(line: MembershipChange) -> list[str]:
    """Say in sentences what forbids a new line; none when it may be written."""
    try:
        line.full_clean()
    except ValidationError as error:
        return list(error.messages)
    return list(_contradictions(log_with(line), line))


@transaction.atomic
def change_status(line: MembershipChange, *, source: str) -> MembershipChange:
    """Write a new line into an organisation's log, with the address of its source ("" for none).

    Takes an unsaved line. Raises ValidationError with every rule that forbids it.
    """
    broken = broken_rules(line)
    if broken:
        raise ValidationError(broken)
    line.save()
    if source:
        line.sources.add(Source.objects.get_or_create(url=source)[0])
    return line


def _read(lines: Iterable[MembershipChange]) -> list[Period[MembershipChange]]:
    """Read lines of which one has no key yet: it comes after another of the same day, and the rules tell of both."""
    ordered = sorted(lines, key=lambda line: (line.latest, line.pk is None, line.pk or 0))
    following = [*ordered[1:], None]
    return [Period(line, after) for line, after in zip(ordered, following, strict=True)]


def _contradictions(log: list[Period[MembershipChange]], line: MembershipChange) -> Iterator[str]:
    at = next(index for index, spell in enumerate(log) if spell.change is line)
    before = log[at - 1].change if at else None
    after = log[at].following
    if line.status == Status.ENDED and before is None:
        yield _("Nothing can end that has not begun: record first, with an earlier day, what it was.")
    if before and before.status == line.status:
        words = {"status": before.get_status_display(), "when": before.when}
        yield _("It is “%(status)s” already by the line before (%(when)s): add the source to that line.") % words
    if after and after.status == line.status:
        words = {"status": after.get_status_display(), "when": after.when}
        yield _("The next line says “%(status)s” too (%(when)s): correct the day of that line instead.") % words
