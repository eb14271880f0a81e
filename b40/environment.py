"""Reading settings out of the environment, refusing nonsense with the variable's name and what it may hold."""

from email.utils import parseaddr

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

env = environ.Env()


def env_flag(name: str, *, default: bool) -> bool:
    """Read a yes-or-no variable: only "True" or "False", since "no" or "off" would otherwise pass for a guess.

    Raises ImproperlyConfigured for any other value.
    """
    written: str = env.str(name, default=str(default))
    if written not in {"True", "False"}:
        raise ImproperlyConfigured(f"{name} is {written!r}: use 'True' or 'False'.")
    return written == "True"


def env_number(name: str, *, default: int) -> int:
    """Read a whole number from 0 up. Raises ImproperlyConfigured for anything else."""
    written = env.str(name, default=str(default))
    if not (written.isascii() and written.isdigit()):
        raise ImproperlyConfigured(f"{name} is {written!r}: use a whole number, such as {default}.")
    return int(written)


def env_numbers(name: str, *, default: list[int]) -> list[int]:
    """Read whole numbers from 1 up, parted by commas; none where it is set to nothing. Raises ImproperlyConfigured."""
    written = env_names(name, default=[str(number) for number in default])
    if not all(part.isascii() and part.isdigit() and 0 < int(part) < 1_000 for part in written):
        raise ImproperlyConfigured(f"{name} is {', '.join(written)!r}: use whole numbers from 1 to 999, such as 14,3.")
    return [int(part) for part in written]


def env_names(name: str, *, default: list[str]) -> list[str]:
    """Read a list parted by commas, without blanks and empty places."""
    return [part.strip() for part in env.list(name, default=default) if part.strip()]


def env_choice(name: str, choices: list[str]) -> str:
    """Read one of the choices, the first when nothing is set. Raises ImproperlyConfigured for anything else."""
    written: str = env.str(name, default=choices[0])
    if written not in choices:
        raise ImproperlyConfigured(f"{name} is {written!r}: use one of {', '.join(choices)}.")
    return written


def env_some(name: str, default: list[str], further: list[str]) -> list[str]:
    """Read a list of some of the words given. Raises ImproperlyConfigured for any other."""
    written = env_names(name, default=default)
    unknown = ", ".join(sorted({*written} - {*default, *further}))
    if unknown:
        raise ImproperlyConfigured(f"{name} names {unknown!r}: use some of {', '.join([*default, *further])}.")
    return written


def env_mailbox(name: str, *, default: str) -> str:
    """Read one mail address, with or without a name. Raises ImproperlyConfigured for anything else."""
    written: str = env.str(name, default=default)
    try:
        validate_email(parseaddr(written)[1])
    except ValidationError as error:
        raise ImproperlyConfigured(f"{name} is {written!r}: use an address, such as {default}.") from error
    return written
