"""A real mail server on the loopback: it keeps what arrives, refuses what it is told to, and can keep a client waiting."""

import asyncio
import email
import email.policy
import logging
import queue
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

logging.getLogger("mail.log").setLevel(logging.ERROR)


class MailServer:
    """What the tests say to the server, and what it heard."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.arrivals: queue.Queue[str] = queue.Queue()
        # Step (MAIL, RCPT, DATA) to the answers still to be given there, instead of yes.
        self.refusals: dict[str, list[str]] = {}
        # Step and address at which the client waits until `go_on`.
        self.hold: tuple[str, str] | None = None
        self.is_holding = threading.Event()
        self.go_on = threading.Event()
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def addresses(self) -> list[str]:
        """To whom mail came, in order."""
        return [str(message["To"].addresses[0].addr_spec) for message in self.messages]

    def wait_for(self, number: int) -> None:
        """Wait until so many more mails have come."""
        for _ in range(number):
            self.arrivals.get(timeout=30)

    # --- What aiosmtpd calls -----------------------------------------------------------------------------------------

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        refusal = self._refusal("MAIL")
        envelope.mail_from = None if refusal else address
        return refusal or "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        await self._keep_waiting("RCPT", address)
        refusal = self._refusal("RCPT")
        if not refusal:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        refusal = self._refusal("DATA")
        if refusal:
            return refusal
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        message.recipients = envelope.rcpt_tos  # type: ignore[attr-defined]
        self.messages.append(message)
        await self._keep_waiting("DATA", envelope.rcpt_tos[0])
        self.arrivals.put(envelope.rcpt_tos[0])
        return "250 OK"

    def _refusal(self, step: str) -> str:
        answers = self.refusals.get(step, [])
        return answers.pop(0) if answers else ""

    async def _keep_waiting(self, step: str, address: str) -> None:
        if self.hold == (step, address):
            self.hold = None
            self.is_holding.set()
            await asyncio.get_running_loop().run_in_executor(None, self.go_on.wait)


@contextmanager
def mail_server(*, knows_nobody: bool = False) -> Iterator[MailServer]:
    """Run a mail server for as long as the block lasts; one that `knows_nobody` lets nobody sign in."""
    server = MailServer()
    server.port = unused_port()
    signing_in = {"auth_require_tls": False, "authenticator": lambda *_: AuthResult(success=False, handled=False)}
    options = signing_in if knows_nobody else {}
    controller = Controller(server, hostname="127.0.0.1", port=server.port, ready_timeout=20, **options)
    controller.start()
    try:
        yield server
    finally:
        server.go_on.set()
        controller.stop()


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
