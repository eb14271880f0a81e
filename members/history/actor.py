"""Who is writing: the user of a request, or a command by its name."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SYSTEM = "system"


@dataclass(frozen=True)
class Writer:
    """Under whose name changes are recorded; `batch` marks all that belong together."""

    name: str = SYSTEM
    user: Callable[[], Any] = lambda: None
    reason: str = ""
    batch: uuid.UUID = field(default_factory=uuid.uuid4)

    def known_user(self) -> Any:
        """Give the account, or None for a command or a visitor."""
        user = self.user()
        return user if user is not None and user.is_authenticated else None


_writer: ContextVar[Writer | None] = ContextVar("writer", default=None)


def current_writer() -> Writer:
    """Give who is writing; outside any `acting` a nameless writer, with a batch for each change."""
    return _writer.get() or Writer()


@contextmanager
def acting(*, name: str = "", user: Any = None, reason: str = "", own_batch: bool = False) -> Iterator[Writer]:
    """Record every change within the block under a name.

    Takes a command's name, or a user, and why. What is not given stays as it is around the block, the batch included
    unless `own_batch` asks for a new one: keep the `batch` of the Writer given to find or undo what was written.
    """
    outer = _writer.get() or Writer()
    writer = Writer(
        name=name or (user.get_username() if user else outer.name),
        user=(lambda: user) if user else outer.user if not name else lambda: None,
        reason=reason or outer.reason,
        batch=uuid.uuid4() if own_batch else outer.batch,
    )
    token = _writer.set(writer)
    try:
        yield writer
    finally:
        _writer.reset(token)


class ActorMiddleware:
    """Everything that a request writes is recorded under the name of the user signed in, as one batch."""

    def __init__(self, get_response: "Callable[[HttpRequest], HttpResponse]") -> None:
        self.get_response = get_response

    def __call__(self, request: "HttpRequest") -> "HttpResponse":
        token = _writer.set(Writer(user=lambda: request.user))  # asked only when something is written
        try:
            return self.get_response(request)
        finally:
            _writer.reset(token)
