"""`make bench`: queries, median time and bytes of every kind of page, at growing records, beside an empty Django view on the same server.

Run as a program: `python -m tests.bench.run [factor …]`. Times are ratios within one run on one machine; nothing here passes or fails by time.
"""

import gzip
import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

KEY = 9_000_000  # the great meeting's, see `tests.bench.room`; this program imports no model
FACTORS = (1, 10, 100, 1_000)
REQUESTS = 25
PAGES = {
    "home": "/",
    "meetings": "/meetings/",
    "meetings, filtered": "/meetings/?q=heat&mode=online",
    "meeting": "/meetings/meeting-9/",
    "news": "/news/",
    "news, filtered": "/news/?q=heat&kind=news",
    "a piece of news": "/news/news-9/",
    "cities": "/cities/",
    "city": "/cities/city-7/",
    "observers": "/observers/",
    "presidencies": "/presidencies/",
    "yearly report": "/presidencies/city-0-2024-02-01/report/",
    "yearly report, PDF": "/presidencies/city-0-2024-02-01/report.pdf",
    "yearly report, XLSX": "/presidencies/city-0-2024-02-01/report.xlsx",
    "working groups": "/working-groups/",
    "working group": "/working-groups/group-1/",
    "topics": "/topics/",
    "topic": "/topics/topic-3/",
    "search": "/search/?q=novi",
    "about": "/about/",
    "calendar": "/meetings/calendar.ics",
    "feed": "/feed.atom",
    "feed of news": "/news.atom",
    "sitemap": "/sitemap.xml",
}
ADMIN_PAGES = {
    "admin": "/admin/",
    "admin, meetings": "/admin/meetings/meeting/",
    "admin, meetings found": "/admin/meetings/meeting/?q=heat",
    "admin, a meeting": "/admin/meetings/meeting/9/change/",
    "admin, its history": "/admin/meetings/meeting/9/history/",
    "admin, news": "/admin/meetings/newsitem/",
    "admin, a piece of news": "/admin/meetings/newsitem/9/change/",
    "admin, its workspace": "/admin/meetings/meeting/9/workspace/",
    "admin, desk of 80 × 6": f"/admin/meetings/meeting/{KEY}/desk/",
    "admin, its sign sheets": f"/admin/meetings/meeting/{KEY}/desk/sheets/",
    "admin, its agenda": f"/admin/meetings/meeting/{KEY}/agenda/",
    "admin, its minutes": f"/admin/meetings/meeting/{KEY}/minutes/",
    "admin, its invitations": f"/admin/meetings/meeting/{KEY}/invitations/",
    "admin, a report of 80": f"/admin/meetings/participantreport/{KEY}/preview/",
    "admin, attendance": "/admin/meetings/attendance/",
    "admin, organisations": "/admin/members/organisation/",
    "admin, a city": "/admin/members/organisation/7/change/",
}
LINKED = re.compile(rb"""<(?:link[^>]+rel="stylesheet"[^>]+href|script[^>]+src)="(/static/[^"]+)\"""")


@dataclass
class Measured:
    """One page at one size."""

    queries: int
    rendered: float  # milliseconds, made anew
    kept: float  # milliseconds, as the next visitor gets it
    html_bytes: int
    weight: int  # HTML, style sheets and scripts as they travel, fonts and pictures apart


def main(factors: list[int]) -> None:
    """Measure every page at every factor and print the table."""
    pages = {"empty view": "/empty/", **PAGES, **ADMIN_PAGES}
    results: dict[str, dict[int, Measured]] = {name: {} for name in pages}
    for factor in factors:
        with tempfile.TemporaryDirectory() as folder:
            environment = {
                **os.environ,
                "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
                "B40_VAR": folder,
                "SECRET_KEY": "bench",
                "LOG_LEVEL": "ERROR",
                "STAFF_SECOND_FACTOR": "False",
            }
            say(f"filling a record {factor} × the real one")
            session = run([sys.executable, "-m", "tests.bench.prepare", str(factor)], environment).strip()
            queries = count_queries(environment, list(pages.values()))
            with served(environment) as port:
                for name, path in pages.items():
                    say(f"  {name}")
                    results[name][factor] = measure(port, path, queries[path], session)
    print_table(results, factors)


def run(command: list[str], environment: dict[str, str]) -> str:
    """Run a program to its end and give what it printed. Raises CalledProcessError when it fails."""
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def count_queries(environment: dict[str, str], paths: list[str]) -> dict[str, int]:
    """Ask a second process for the queries of each page, so that counting does not slow the server down."""
    lines = run([sys.executable, "-m", "tests.bench.prepare", "--queries", *paths], environment).splitlines()
    return {path: int(number) for number, path in (line.split(" ", 1) for line in lines)}


@contextmanager
def served(environment: dict[str, str]) -> Iterator[int]:
    """Serve the site with the production server on a free port until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        str(Path(sys.executable).with_name("granian")),
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        "1",
        "--log-level",
        "error",
        "tests.bench.wsgi:application",
    ]
    process = subprocess.Popen(command, env=environment)
    try:
        wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(port: int) -> None:
    """Wait until the server answers. Raises TimeoutError after half a minute."""
    for _attempt in range(300):
        try:
            fetch(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "/empty/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server did not start")


def fetch(connection: http.client.HTTPConnection, path: str, session: str = "") -> bytes:
    """Get a page as it travels, with a session's cookie or without. Raises ValueError for any answer but 200."""
    cookie = {"Cookie": f"sessionid={session}"} if session else {}
    connection.request("GET", path, headers={"Accept-Encoding": "gzip", **cookie})
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise ValueError(f"{path} answered {response.status}")
    return body


def measure(port: int, path: str, queries: int, session: str) -> Measured:
    """Ask for a page many times over one connection: a visitor with a session gets it made anew, one without as it is kept."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    visitor = session if path.startswith("/admin/") else ""
    body = fetch(connection, path, visitor)
    html = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
    linked = sum(len(fetch(connection, address.decode())) for address in set(LINKED.findall(html)))
    rendered, kept = (median_time(connection, path, cookie) for cookie in (visitor or "nobody", visitor))
    return Measured(queries, rendered, kept, len(html), len(body) + linked)


def median_time(connection: http.client.HTTPConnection, path: str, session: str) -> float:
    """Milliseconds that a page takes, in the middle of many tries."""
    times = []
    for _request in range(REQUESTS):
        begun = time.perf_counter()
        fetch(connection, path, session)
        times.append((time.perf_counter() - begun) * 1_000)
    return statistics.median(times)


def print_table(results: dict[str, dict[int, Measured]], factors: list[int]) -> None:
    """Print a row a page, a column a size, and the weight of a first visit."""
    print("queries · ms made anew (× the empty view) · ms as kept for the next visitor (×) · kB of HTML")
    print(f"| page | {' | '.join(f'{factor} ×' for factor in factors)} | weight, kB compressed |")
    print("| --- |" + " --- |" * (len(factors) + 1))
    for name, row in results.items():
        cells = [cell(row[factor], results["empty view"][factor].rendered) for factor in factors]
        print(f"| {name} | {' | '.join(cells)} | {row[factors[-1]].weight / 1000:.1f} |")


def cell(page: Measured, empty: float) -> str:
    """Write one page at one size."""
    rendered, kept = (f"{each:.1f} ({each / empty:.0f} ×)" for each in (page.rendered, page.kept))
    return f"{page.queries} · {rendered} · {kept} · {page.html_bytes / 1000:.0f}"


def say(text: str) -> None:
    """Show progress beside the table."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or list(FACTORS))
