"""The secret key of an installation started with ``make run``: made once, kept in a file that only its owner reads.

It stands apart from the settings, which cannot be loaded without a key.
"""

import contextlib
import os
import secrets
import sys
import tempfile
from pathlib import Path


def write_once(path: Path) -> None:
    """Write a new key to ``path``, with mode 0600, unless there is one. Two starts at once end up with the same key."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)  # readable by its owner only
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(50))
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    os.unlink(draft)


if __name__ == "__main__":
    write_once(Path(sys.argv[1]))
