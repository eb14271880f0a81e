"""The worker as a process of its own: it sends what waits, ends when told, and loses and repeats nothing when killed."""

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from b40.companion import kept_running
from meetings import mail
from meetings.models import Letter
from tests import factories
from tests.mail_server import mail_server

PEOPLE = [f"ana-{number}@example.org" for number in range(1, 7)]


def database_url():
    """The address of the test database, for another process."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{quote(name)}").geturl()


class Worker:
    """`manage.py work`, with what it says."""

    def __init__(self, folder, server, *arguments):
        environment = {"PATH": os.environ["PATH"], "SECRET_KEY": "for-tests-only", "PYTHONUNBUFFERED": "1"}
        environment |= {"B40_VAR": str(folder), "DATABASE_URL": database_url(), "EMAIL_URL": server.url}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "work", *arguments],
            cwd=settings.BASE_DIR,
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines = queue.Queue()
        self.said = []
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        for line in self.process.stderr:
            self.lines.put(line)

    def wait_to_hear(self, words):
        while words not in (self.said or [""])[-1]:
            self.said.append(self.lines.get(timeout=30))

    def end(self, number):
        """Send a signal, and wait for the end; give the exit code."""
        self.process.send_signal(number)
        return self.wait_for_end()

    def wait_for_end(self):
        code = self.process.wait(timeout=20)
        self.reader.join()
        self.process.stderr.close()
        while not self.lines.empty():
            self.said.append(self.lines.get())
        return code


@contextmanager
def worker(folder, server, *arguments):
    """A worker that does not outlive its test."""
    running = Worker(folder, server, *arguments)
    try:
        yield running
    finally:
        running.process.kill()
        running.wait_for_end()


def release_to(people):
    mailing = factories.MailingFactory()
    for person in people:
        factories.LetterFactory(mailing=mailing, address=person)
    mail.release(mailing, by=None)
    return mailing


# --- Killed ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("step", "in_flight"), [("RCPT", 1), ("DATA", 2)])
def test_worker_killed_in_mid_queue_loses_nothing_and_repeats_at_most_the_letter_in_flight(
    transactional_db, tmp_path, step, in_flight
):
    """Killed before the server has the third letter, that one is sent once; killed before the server's yes, twice."""
    mailing = release_to(PEOPLE)
    with mail_server() as server:
        server.hold = (step, PEOPLE[2])
        with worker(tmp_path, server) as first:
            assert server.is_holding.wait(30)
            first.end(signal.SIGKILL)
        killed = (mailing.letters.filter(sent_at__isnull=False).count(), DBTaskResult.objects.running().count())
        server.go_on.set()
        # The lease of the letter in flight is over.
        mailing.letters.filter(address=PEOPLE[2]).update(next_attempt_at=timezone.now())
        with worker(tmp_path, server) as second:
            while Letter.objects.filter(sent_at__isnull=True).exists():
                second.wait_to_hear(": sent.")
            code = second.end(signal.SIGTERM)

    assert (killed, code) == ((2, 1), 0)
    arrived = server.addresses()
    assert {person: arrived.count(person) for person in PEOPLE} == {
        person: in_flight if person == PEOPLE[2] else 1 for person in PEOPLE
    }
    message_ids = {str(message["Message-ID"]) for message in server.messages}
    assert message_ids == set(mailing.letters.values_list("message_id", flat=True))
    assert DBTaskResult.objects.filter(status="READY").count() == 0


def test_two_workers_share_a_queue_and_send_nothing_twice(transactional_db, tmp_path):
    people = [f"ana-{number}@example.org" for number in range(20)]
    with mail_server() as server, worker(tmp_path, server) as first, worker(tmp_path, server) as second:
        first.wait_to_hear("The worker is ready.")
        second.wait_to_hear("The worker is ready.")
        mailing = release_to(people)
        server.wait_for(len(people))
        codes = [each.end(signal.SIGTERM) for each in (first, second)]

    assert codes == [0, 0]
    assert sorted(server.addresses()) == sorted(people)
    assert mailing.letters.filter(sent_at__isnull=False).count() == len(people)


def test_letter_that_is_being_sent_is_finished_before_the_worker_ends(transactional_db, tmp_path):
    mailing = release_to(PEOPLE[:2])
    with mail_server() as server:
        server.hold = ("DATA", PEOPLE[0])
        with worker(tmp_path, server) as running:
            assert server.is_holding.wait(30)
            running.process.send_signal(signal.SIGTERM)
            server.go_on.set()
            code = running.wait_for_end()

    sent = list(mailing.letters.filter(sent_at__isnull=False).values_list("address", flat=True))
    assert (code, sent) == (0, PEOPLE[:1])
    assert DBTaskResult.objects.ready().count() == 1


def test_idle_worker_says_little_writes_nothing_and_ends_when_told(transactional_db, tmp_path):
    with mail_server() as server, worker(tmp_path, server) as running:
        running.wait_to_hear("The worker is ready.")
        code = running.end(signal.SIGINT)

    assert code == 0
    assert [line.partition(": ")[2].strip() for line in running.said] == ["The worker is ready.", "The worker ends."]


def test_worker_ends_when_the_server_beside_it_is_gone(transactional_db, tmp_path):
    stranger = os.getppid()
    with mail_server() as server, worker(tmp_path, server, f"--beside={stranger}") as running:
        code = running.wait_for_end()

    assert code == 0


# --- Beside the web server -------------------------------------------------------------------------------------------


def test_program_beside_the_server_is_started_again_when_it_ends_and_stopped_with_it(capfd):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(20)
        knock = f"import socket; socket.create_connection(('127.0.0.1', {listening.getsockname()[1]})).recv(1)"
        with kept_running([sys.executable, "-c", knock], after=0, pause=0):
            first, _address = listening.accept()
            first.close()  # the program ends
            second, _address = listening.accept()
        second.settimeout(20)
        ended = second.recv(1)
        second.close()

    assert ended == b""
    assert capfd.readouterr().err == "The worker ended with exit code 0; it is started again.\n"
