"""What a person does with a mailing: released, paused, resumed and sent again, each with its checks."""

import pytest
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from meetings import mail
from meetings.mail.delivering import deliver
from meetings.models import Letter, LetterState, Mailing, MailingState
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def elif_():
    return factories.UserFactory(username="elif", staff=True)


@pytest.fixture
def mailing():
    """Three letters that wait for their release."""
    made = factories.MailingFactory()
    for number in (1, 2, 3):
        factories.LetterFactory(mailing=made, address=f"ana-{number}@example.org")
    return made


def queued():
    return [written["args"][0] for written in DBTaskResult.objects.values_list("args_kwargs", flat=True)]


def work():
    """Do the tasks that are ready, as the worker does."""
    for task in DBTaskResult.objects.ready():
        task.claim("test")
        deliver.call(*task.args_kwargs["args"])
        task.set_successful(None)


def sent_to():
    return [address for message in outbox.outbox for address in message.to]


def settle(letter, what):
    Letter.objects.filter(pk=letter.pk).update(**{what: timezone.now()})
    letter.refresh_from_db()


def state_of(mailing):
    return Mailing.objects.with_progress().get(pk=mailing.pk).state


def states(mailing):
    return list(mailing.letters.newest().with_state().order_by("pk").values_list("state", flat=True))


# --- Release ---------------------------------------------------------------------------------------------------------


def test_nobody_hears_of_a_mailing_before_its_release(mailing):
    deliver.call(mailing.letters.first().pk)

    assert (outbox.outbox, queued()) == ([], [])
    assert (state_of(mailing), states(mailing)) == (MailingState.PREPARED, [LetterState.HELD] * 3)


def test_release_says_who_and_when_and_queues_every_letter_once(mailing, elif_):
    released = mail.release(mailing, by=elif_)

    assert (released.released_by, released.released_at is not None) == (elif_, True)
    assert sorted(queued()) == sorted(mailing.letters.values_list("pk", flat=True))
    assert (state_of(mailing), states(mailing)) == (MailingState.LEAVING, [LetterState.WAITING] * 3)


def test_released_letters_leave_and_the_mailing_has_gone_out(mailing):
    mail.release(mailing, by=None)

    work()

    assert sent_to() == ["ana-1@example.org", "ana-2@example.org", "ana-3@example.org"]
    assert (state_of(mailing), states(mailing)) == (MailingState.DONE, [LetterState.SENT] * 3)


def test_second_release_is_refused_and_queues_nothing(mailing, elif_):
    mail.release(mailing, by=elif_)

    with pytest.raises(ValidationError, match="This mailing was released before: nobody is written to twice."):
        mail.release(mailing, by=None)

    assert len(queued()) == 3
    mailing.refresh_from_db()
    assert mailing.released_by == elif_


def test_mailing_without_letters_is_not_released():
    with pytest.raises(ValidationError, match="there is nobody to write to"):
        mail.release(factories.MailingFactory(), by=None)


# --- Pause and resume ------------------------------------------------------------------------------------------------


def test_pause_stops_letters_that_are_queued_already_and_resuming_lets_them_go(mailing, elif_):
    mail.release(mailing, by=None)
    deliver.call(mailing.letters.order_by("pk").first().pk)

    paused = mail.pause(mailing, by=elif_)
    work()
    while_paused = (sent_to(), state_of(mailing), states(mailing))
    mail.resume(mailing, by=elif_)
    work()

    assert (paused.paused_by, paused.paused_at is not None) == (elif_, True)
    assert while_paused == (["ana-1@example.org"], MailingState.PAUSED, ["sent", "held", "held"])
    assert sorted(sent_to()) == ["ana-1@example.org", "ana-2@example.org", "ana-3@example.org"]
    mailing.refresh_from_db()
    assert (mailing.paused_at, mailing.paused_by) == (None, None)


def test_resuming_at_once_makes_no_second_task(mailing):
    mail.release(mailing, by=None)
    mail.pause(mailing, by=None)

    mail.resume(mailing, by=None)

    assert len(queued()) == 3


def test_pausing_what_is_not_going_out_is_refused(mailing):
    with pytest.raises(ValidationError, match="not going out"):
        mail.pause(mailing, by=None)
    mail.release(mailing, by=None)
    mail.pause(mailing, by=None)
    with pytest.raises(ValidationError, match="not going out"):
        mail.pause(mailing, by=None)


def test_resuming_what_is_not_paused_is_refused(mailing):
    mail.release(mailing, by=None)

    with pytest.raises(ValidationError, match="This mailing is not paused"):
        mail.resume(mailing, by=None)


# --- Again -----------------------------------------------------------------------------------------------------------


def test_letter_sent_again_is_a_new_letter_with_the_same_words(mailing, elif_):
    mail.release(mailing, by=None)
    work()
    first = mailing.letters.order_by("pk").first()

    again = mail.send_again(first, by=elif_)
    work()

    assert (again.repeats, again.repeated_by, again.text, again.address) == (first, elif_, first.text, first.address)
    assert again.message_id != first.message_id
    assert sent_to().count(first.address) == 2
    assert len(states(mailing)) == 3  # still one a person


def test_letter_on_its_way_is_not_sent_again(mailing):
    mail.release(mailing, by=None)
    work()
    first = mailing.letters.order_by("pk").first()
    mail.send_again(first, by=None)

    with pytest.raises(ValidationError, match="The letter to ana-1@example.org is still on its way"):
        mail.send_again(first, by=None)


def test_letter_that_was_not_released_is_not_sent_again(mailing):
    with pytest.raises(ValidationError, match="release it instead"):
        mail.send_again(mailing.letters.first(), by=None)


def test_letter_goes_to_the_contact_s_address_as_it_stands_today(mailing):
    contact = factories.MandateFactory(email="new@example.org")
    mail.release(mailing, by=None)
    letter = mailing.letters.order_by("pk").first()
    letter.mandate = contact
    letter.save()
    settle(letter, "failed_at")
    factories.DeadAddressFactory(address=letter.address)

    again = mail.send_again(letter, by=None)

    assert again.address == "new@example.org"


def test_nobody_writes_again_to_an_address_at_which_nobody_is(mailing):
    mail.release(mailing, by=None)
    letter = mailing.letters.order_by("pk").first()
    settle(letter, "failed_at")
    mark = factories.DeadAddressFactory(address=letter.address)

    with pytest.raises(ValidationError, match="Nobody is at ana-1@example.org"):
        mail.send_again(letter, by=None)
    mark.delete()
    again = mail.send_again(letter, by=None)

    assert again.address == letter.address


def test_failed_letters_are_sent_again_each_once_and_not_to_dead_addresses(mailing, elif_):
    mail.release(mailing, by=None)
    one, two, three = mailing.letters.order_by("pk")
    settle(one, "failed_at")
    settle(two, "failed_at")
    settle(three, "sent_at")
    factories.DeadAddressFactory(address=two.address)

    again = mail.send_failed_again(mailing, by=elif_)

    assert [(letter.address, letter.repeats, letter.repeated_by) for letter in again] == [(one.address, one, elif_)]
    with pytest.raises(ValidationError, match="No letter of this mailing failed"):
        mail.send_failed_again(mailing, by=elif_)


def test_letter_that_failed_again_can_be_sent_once_more(mailing):
    mail.release(mailing, by=None)
    first = mailing.letters.order_by("pk").first()
    settle(first, "failed_at")
    (second,) = mail.send_failed_again(mailing, by=None)
    settle(second, "failed_at")

    (third,) = mail.send_failed_again(mailing, by=None)

    assert (third.repeats, third.address) == (first, first.address)
    assert [letter.pk for letter in mailing.letters.newest() if letter.address == first.address] == [third.pk]


def test_nothing_is_sent_again_in_a_pause(mailing):
    mail.release(mailing, by=None)
    letter = mailing.letters.order_by("pk").first()
    settle(letter, "failed_at")
    mail.pause(mailing, by=None)

    with pytest.raises(ValidationError, match="This mailing is paused: resume it first."):
        mail.send_again(letter, by=None)
    with pytest.raises(ValidationError, match="This mailing is paused: resume it first."):
        mail.send_failed_again(mailing, by=None)


# --- Constraints -----------------------------------------------------------------------------------------------------


def test_letter_is_repeated_once_at_a_time():
    letter = factories.LetterFactory()
    again = {"mailing": letter.mailing, "address": letter.address, "repeats": letter, "repeated_at": timezone.now()}
    factories.LetterFactory(**again)

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.LetterFactory(**again)


def test_letter_that_repeats_says_when():
    letter = factories.LetterFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        factories.LetterFactory(mailing=letter.mailing, repeats=letter)
