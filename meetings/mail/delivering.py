"""Letters leave one by one, each as a task of the worker.

The letter's own row is the truth: who sends it claims it first, in a transaction of its own, by putting its next attempt
off for as long as the longest attempt can last. A worker that is killed leaves the claim to run out; a task only reminds
of a letter, so that one too many does no harm, and one that was lost is made anew (`rescue`).
"""

import datetime as dt
import logging
import time
from collections.abc import Iterable
from contextlib import suppress

from django.core.mail import get_connection
from django.db import DatabaseError, close_old_connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from meetings.mail.composing import LetterMail
from meetings.mail.verdicts import Verdict, judge
from meetings.models import Letter
from members.history import acting
from members.models import DeadAddress

logger = logging.getLogger("meetings.mail")

# Longer than an attempt can last: a dozen answers of the server, each within EMAIL_TIMEOUT.
LEASE = dt.timedelta(minutes=10)
# After each trouble a longer pause; when the last is over, the letter is given up.
PAUSES = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 25, 120, 360, 720)]
WRITTEN_AGAIN = 5


class WorkerLost(Exception):
    """The worker that did this task ended without finishing it."""


@task()
def deliver(letter_pk: int) -> None:
    """Send a letter if it is its turn; otherwise leave it."""
    letter = claim(letter_pk)
    if letter is None:
        return
    try:
        send(letter)
    except Exception as error:  # whatever is wrong with one letter, the others go on
        _insist(letter, judge(error, letter.address))
    else:
        _insist(letter, None)


@transaction.atomic
def claim(letter_pk: int) -> Letter | None:
    """Take a letter to send it; nobody else can until the lease is over. None when it is not its turn."""
    now = timezone.now()
    rows = Letter.objects.filter(pk=letter_pk).waiting().due(now).select_for_update(of=("self",))
    letter = rows.first()
    if letter is None:
        return None
    refusal = _refusal(letter)
    if refusal:
        _give_up(letter, refusal)
        return None
    letter.attempts += 1
    letter.next_attempt_at = now + LEASE
    letter.save(update_fields=["attempts", "next_attempt_at"])
    return letter


def _refusal(letter: Letter) -> str:
    """Say why a letter is not even tried."""
    dead = DeadAddress.objects.filter(address=letter.address.lower()).first()
    if dead:
        return _("Nobody is at this address: %(reason)s") % {"reason": dead.reason}
    return _("The worker was stopped in the middle of every attempt.") if letter.attempts > len(PAUSES) else ""


def send(letter: Letter) -> None:
    """Hand a letter to the mail server. Trouble while saying goodbye is no trouble: the letter was taken."""
    mail, connection = LetterMail(letter), get_connection()
    try:
        connection.open()
        connection.send_messages([mail])
    finally:
        with suppress(Exception):
            connection.close()


def _insist(letter: Letter, verdict: Verdict | None) -> None:
    """Write what became of a letter, again and again if the database is away: unwritten, it would be sent twice."""
    for attempt in range(WRITTEN_AGAIN):
        try:
            return _note(letter, verdict)
        except DatabaseError:
            if attempt == WRITTEN_AGAIN - 1:
                raise
            close_old_connections()
            time.sleep(1)


@transaction.atomic
def _note(letter: Letter, verdict: Verdict | None) -> None:
    """Write what became of the attempt, unless somebody else has taken the letter since."""
    attempt, letter = letter.attempts, Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    is_another_s = letter.attempts != attempt and verdict is not None
    if letter.is_settled or is_another_s:
        return
    if verdict is None:
        letter.sent_at, letter.trouble = timezone.now(), ""
        letter.save(update_fields=["sent_at", "trouble"])
        logger.info("Letter %s to %s: sent.", letter.pk, letter.address)
    elif verdict.is_final or letter.attempts > len(PAUSES):
        _give_up(letter, verdict.words)
        if verdict.is_nobody_there:
            _mark(letter.address, verdict.words)
    else:
        _put_off(letter, verdict.words)


def _give_up(letter: Letter, words: str) -> None:
    letter.failed_at, letter.trouble = timezone.now(), words
    letter.save(update_fields=["failed_at", "trouble"])
    logger.warning("Letter %s to %s: given up. %s", letter.pk, letter.address, words)


def _put_off(letter: Letter, words: str) -> None:
    pause = PAUSES[letter.attempts - 1]
    letter.next_attempt_at, letter.trouble = timezone.now() + pause, words
    letter.save(update_fields=["next_attempt_at", "trouble"])
    deliver.using(run_after=letter.next_attempt_at).enqueue(letter.pk)
    logger.warning("Letter %s to %s: again in %s. %s", letter.pk, letter.address, pause, words)


def _mark(address: str, words: str) -> None:
    with acting(name="mail"):
        DeadAddress.objects.get_or_create(address=address.lower(), defaults={"reason": words})


# --- The queue -------------------------------------------------------------------------------------------------------


def enqueue(letters: Iterable[Letter]) -> int:
    """Make a task for each letter that has none to come; give their number."""
    have = _reminded_of()
    lacking = [letter for letter in letters if letter.pk not in have]
    for letter in lacking:
        deliver.using(run_after=letter.next_attempt_at).enqueue(letter.pk)
    return len(lacking)


def rescue() -> int:
    """Make tasks anew for letters that are due and have none: a killed worker took it along. Give their number."""
    now = timezone.now()
    with transaction.atomic():
        lost = DBTaskResult.objects.running().filter(task_path=deliver.module_path, started_at__lte=now - LEASE)
        for each in lost:
            each.set_failed(WorkerLost())
        number = enqueue(Letter.objects.waiting().due(now).order_by("next_attempt_at", "pk"))
    if number:
        logger.info("Letters that waited without a task: %s. They are in the queue again.", number)
    return number


def _reminded_of() -> set[int]:
    """Give the letters for which a task is to come."""
    tasks = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=deliver.module_path)
    return {written["args"][0] for written in tasks.values_list("args_kwargs", flat=True)}
