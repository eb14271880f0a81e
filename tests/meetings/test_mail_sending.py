"""Letters on their way: what arrives at a real mail server, what is tried again, and what marks an address."""

import datetime as dt
import smtplib

import pytest
from django.core import mail as outbox
from django.utils import timezone
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from b40.management.commands.work import new_worker
from meetings import mail
from meetings.mail import delivering
from meetings.mail.verdicts import judge
from meetings.models import Letter
from members.models import Change, DeadAddress
from tests import factories
from tests.mail_server import mail_server, unused_port

pytestmark = pytest.mark.django_db

CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Όλα τα λόγια\r\nEND:VCALENDAR\r\n"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture(autouse=True)
def one_transaction(monkeypatch):
    """The library's worker closes connections between tasks; that of a test holds its transaction."""
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)


@pytest.fixture
def server(settings):
    with mail_server() as running:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", running.port
        yield running


def released(**letter):
    """One letter of a mailing that was released."""
    made = factories.LetterFactory(**letter)
    mail.release(made.mailing, by=None)
    return made


def work():
    new_worker().run()


def to_come():
    """When the tasks that are still to be done will be."""
    return list(DBTaskResult.objects.filter(status="READY").values_list("run_after", flat=True))


def lease_over(letter):
    """Let the time pass until a letter is due again."""
    Letter.objects.filter(pk=letter.pk).update(next_attempt_at=timezone.now())


# --- What arrives ----------------------------------------------------------------------------------------------------


def test_letter_arrives_with_all_its_parts_and_every_letter_of_the_region(server):
    letter = released(
        name="Şükrü Đorđević, Κωνσταντίνος",
        subject="Покана · Πρόσκληση · Çağrı · Poziv za Niš",
        text="Здравейте, Γειά σας, İyi günler, dobrodošli.",
        html="<p>Ğğ İı Şş · ђ љ њ · ώ</p>",
        calendar=CALENDAR,
        method="REQUEST",
    )

    work()

    (message,) = server.messages
    assert message["To"].addresses[0].display_name == "Şükrü Đorđević, Κωνσταντίνος"
    assert message.recipients == [letter.address]
    assert message["Subject"].strip() == "Покана · Πρόσκληση · Çağrı · Poziv za Niš"
    assert message["From"] == "B40 Balkan Cities Network <network@b40network.org>"
    assert message["Reply-To"] == "B40 Permanent Secretariat <secretariat@b40network.org>"
    assert message["Message-ID"] == letter.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert abs(message["Date"].datetime - timezone.now()) < dt.timedelta(minutes=1)
    alternatives, attachment = message.iter_parts()
    assert [part.get_content_type() for part in alternatives.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    text, html, calendar = alternatives.iter_parts()
    assert text.get_content().strip() == "Здравейте, Γειά σας, İyi günler, dobrodošli."
    assert html.get_content().strip() == "<p>Ğğ İı Şş · ђ љ њ · ώ</p>"
    assert dict(calendar["Content-Type"].params) == {"charset": "utf-8", "method": "REQUEST"}
    assert "SUMMARY:Όλα τα λόγια" in calendar.get_content()
    assert (attachment.get_content_type(), attachment.get_filename()) == ("application/ics", "invite.ics")
    assert attachment.get_content() == CALENDAR.encode()


def test_letter_of_mere_text_is_mere_text(server):
    released()

    work()

    (message,) = server.messages
    assert message.get_content_type() == "text/plain"
    assert message.get_content().strip() == "You are invited."


def test_every_person_gets_a_mail_of_their_own(server):
    mailing = factories.MailingFactory()
    letters = [factories.LetterFactory(mailing=mailing) for _ in range(3)]
    mail.release(mailing, by=None)

    work()

    assert [message.recipients for message in server.messages] == [[letter.address] for letter in letters]
    assert all(len(message["To"].addresses) == 1 for message in server.messages)
    assert len({message["Message-ID"] for message in server.messages}) == 3


def test_line_breaks_in_names_and_subjects_add_no_header(server):
    released(name="Ana\r\nBcc: all@example.org", subject="Round\nX-Spam: no\r\n\r\nBody")

    work()

    (message,) = server.messages
    assert message["Subject"] == "Round X-Spam: no Body"
    assert message["To"].addresses[0].display_name == "Ana Bcc: all@example.org"
    assert (message["Bcc"], message["X-Spam"]) == (None, None)


def test_sent_letter_says_when_and_is_not_sent_twice(server):
    letter = released()
    work()
    lease_over(letter)

    delivering.deliver.call(letter.pk)

    letter.refresh_from_db()
    assert letter.sent_at is not None
    assert (letter.attempts, letter.trouble, len(server.messages)) == (1, "", 1)


# --- What is tried again ---------------------------------------------------------------------------------------------


def test_trouble_that_passes_is_tried_again_after_a_minute(server):
    server.refusals["RCPT"] = ["451 4.7.1 Greylisted, come again"]
    letter = released()

    work()
    letter.refresh_from_db()
    trouble, pause, tasks = letter.trouble, letter.next_attempt_at - timezone.now(), to_come()
    lease_over(letter)
    delivering.deliver.call(letter.pk)

    assert trouble == "451 4.7.1 Greylisted, come again"
    assert dt.timedelta(seconds=50) < pause <= dt.timedelta(minutes=1)
    assert tasks == [letter.next_attempt_at]
    letter.refresh_from_db()
    assert (letter.sent_at is not None, letter.attempts, letter.trouble) == (True, 2, "")
    assert DeadAddress.objects.count() == 0


def test_server_that_cannot_be_reached_is_tried_at_growing_distances_until_the_letter_is_given_up(settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", unused_port()
    letter = released()

    pauses = []
    while letter.failed_at is None and len(pauses) < 20:
        lease_over(letter)
        delivering.deliver.call(letter.pk)
        letter.refresh_from_db()
        pauses.append(round((letter.next_attempt_at - timezone.now()).total_seconds() / 60))

    assert pauses[:-1] == [1, 5, 25, 120, 360, 720]
    assert (letter.attempts, "ConnectionRefusedError" in letter.trouble) == (7, True)
    assert DeadAddress.objects.count() == 0


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("MAIL", "550 5.7.1 Sender address rejected"),
        ("MAIL", "553 5.1.8 Sender's domain does not exist"),
        ("RCPT", "550 5.7.1 Client host blocked using a list"),
        ("RCPT", "550 relay not permitted"),
        ("RCPT", "550 Blocked, your host is on our black list"),
        ("RCPT", "550 Administrative prohibition"),
        ("RCPT", "552 5.2.2 Mailbox full"),
        ("RCPT", "530 5.7.0 Authentication required"),
        ("DATA", "554 5.7.1 Message looks like spam"),
        ("DATA", "550 Rejected"),
    ],
)
def test_refusal_that_is_not_about_the_address_is_tried_again_and_marks_nothing(server, step, answer):
    server.refusals[step] = [answer]
    letter = released()

    work()

    letter.refresh_from_db()
    assert (letter.sent_at, letter.failed_at, letter.trouble) == (None, None, answer)
    assert len(to_come()) == 1
    assert DeadAddress.objects.count() == 0


def test_wrong_password_of_ours_marks_nobody(settings):
    with mail_server(knows_nobody=True) as server:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", server.port
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "b40", "wrong"
        letter = released()

        work()

    letter.refresh_from_db()
    assert letter.failed_at is None
    assert letter.trouble.startswith("535 ")
    assert DeadAddress.objects.count() == 0


# --- What is given up ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("RCPT", "550 5.1.1 User unknown in virtual relay table"),
        ("RCPT", "550 No such user here"),
        ("RCPT", "550 Requested action not taken: mailbox unavailable"),
        ("RCPT", "553 5.1.2 No such domain"),
        ("RCPT", "550 5.4.1 Recipient address rejected: Access denied"),
        ("RCPT", "550 5.2.1 Mailbox disabled"),
        ("DATA", "550 5.1.1 Nobody by that name"),
    ],
)
def test_address_at_which_nobody_is_gives_the_letter_up_and_is_marked(server, step, answer):
    server.refusals[step] = [answer]
    letter = released(address="Old.Office@example.org")

    work()

    letter.refresh_from_db()
    assert (letter.failed_at is not None, letter.attempts, letter.trouble) == (True, 1, answer)
    assert to_come() == []
    mark = DeadAddress.objects.get()
    assert (mark.address, mark.reason) == ("old.office@example.org", answer)
    assert Change.objects.filter(model="members.deadaddress").values_list("actor", flat=True).get() == "mail"


@pytest.mark.parametrize("address", ["network@b40network.org", "Secretariat@b40network.org"])
def test_our_own_address_is_never_marked(server, address):
    server.refusals["RCPT"] = ["550 5.1.1 User unknown"]
    letter = released(address=address)

    work()

    letter.refresh_from_db()
    assert letter.failed_at is not None
    assert DeadAddress.objects.count() == 0


def test_nothing_is_sent_to_an_address_that_was_marked_since(server):
    letter = released()
    DeadAddress.objects.create(address=letter.address.upper(), reason="550 5.1.1 Gone")

    work()

    letter.refresh_from_db()
    assert (server.messages, letter.attempts) == ([], 0)
    assert letter.trouble == "Nobody is at this address: 550 5.1.1 Gone"


def test_what_is_no_address_is_given_up_and_the_others_go_on(server):
    mailing = factories.MailingFactory()
    broken, fine = (factories.LetterFactory(mailing=mailing, address=each) for each in ("nobody", "ana@example.org"))
    mail.release(mailing, by=None)

    work()

    broken.refresh_from_db()
    assert broken.trouble.startswith("This cannot be sent: ")
    assert broken.failed_at is not None
    assert server.addresses() == [fine.address]


@pytest.mark.parametrize("error", [smtplib.SMTPServerDisconnected("gone"), TimeoutError("slow"), OSError("no route")])
def test_trouble_of_the_line_says_nothing_about_the_address(error):
    verdict = judge(error, "ana@example.org")

    assert (verdict.is_final, verdict.is_nobody_there) == (False, False)
    assert str(error) in verdict.words


# --- Claims and leases -----------------------------------------------------------------------------------------------


def test_letter_that_somebody_sends_already_is_left_to_them():
    letter = released()
    delivering.claim(letter.pk)

    delivering.deliver.call(letter.pk)

    assert outbox.outbox == []
    letter.refresh_from_db()
    assert letter.attempts == 1
    assert letter.next_attempt_at > timezone.now() + dt.timedelta(minutes=9)


def test_trouble_of_a_worker_that_lost_its_lease_is_not_written():
    letter = released()
    slow = delivering.claim(letter.pk)
    lease_over(letter)
    delivering.claim(letter.pk)

    delivering._note(slow, judge(OSError("slow"), letter.address))

    letter.refresh_from_db()
    assert (letter.attempts, letter.trouble) == (2, "")


def test_letter_whose_task_a_killed_worker_took_along_is_queued_again():
    letter = released()
    DBTaskResult.objects.get().claim("killed")

    numbers = [delivering.rescue(), delivering.rescue()]
    work()

    assert numbers == [1, 0]
    assert [message.to for message in outbox.outbox] == [[letter.address]]


def test_letter_in_flight_is_rescued_when_its_lease_is_over_and_the_lost_task_is_closed():
    letter = released()
    task = DBTaskResult.objects.get()
    task.claim("killed")
    delivering.claim(letter.pk)
    early = delivering.rescue()
    lease_over(letter)
    DBTaskResult.objects.update(started_at=timezone.now() - delivering.LEASE)

    late = delivering.rescue()

    task.refresh_from_db()
    assert (early, late) == (0, 1)
    assert (task.status, task.exception_class_path) == ("FAILED", "meetings.mail.delivering.WorkerLost")


def test_letter_that_kills_the_worker_each_time_is_given_up():
    letter = released()
    for _ in range(7):
        lease_over(letter)
        assert delivering.claim(letter.pk)
    lease_over(letter)

    claimed = delivering.claim(letter.pk)

    letter.refresh_from_db()
    assert claimed is None
    assert letter.trouble == "The worker was stopped in the middle of every attempt."
