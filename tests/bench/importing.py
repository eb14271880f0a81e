"""What it costs to import posts: seconds, posts a second, and the greatest memory, for few and for many.

    make bench-import [POSTS="500 5000"]

Memory must not grow with the file; time grows with it alone.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CITIES = (
    "Istanbul", "Athens", "Niksic", "Zagreb", "Tirana", "Sofia", "Shumen", "Izmir",
    "Troyan", "Pristina", "Split", "Tuzi", "Galati", "Varna", "Burgas", "Zenica",
)  # fmt: skip


def main(sizes: list[int]) -> None:
    """Measure each size in a process and a database of its own."""
    print(f"{'posts':>8} {'file, MB':>9} {'seconds':>8} {'posts/s':>8} {'greatest memory, MB':>20}")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            print(measure(size, Path(folder)), flush=True)


def measure(size: int, folder: Path) -> str:
    """Import so many posts; give a line of the table."""
    environment = {**os.environ, "B40_VAR": str(folder), "SECRET_KEY": "bench", "DATABASE_URL": ""}
    manage(environment, "migrate", "--verbosity", "0")
    manage(environment, "load_network", "b40/network.json", "--verbosity", "0")
    path = folder / "posts.json"
    write_posts(path, size)
    began = time.monotonic()
    memory = manage(environment, "import_post", str(path), "--verbosity", "0")
    seconds = time.monotonic() - began
    megabytes = path.stat().st_size / 1024 / 1024
    return f"{size:>8,} {megabytes:>9.1f} {seconds:>8.1f} {size / seconds:>8.1f} {memory / 1024:>20.0f}"


def manage(environment: dict[str, str], *arguments: str) -> int:
    """Run a management command; give the greatest memory of any child so far, in KB."""
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss


def write_posts(path: Path, size: int) -> None:
    """Write a list of posts, each of another day, as the REST interface gives them."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(size):
            file.write("[" if number == 0 else ",")
            json.dump(post(number), file)
        file.write("]")


def post(number: int) -> dict[str, object]:
    """A working group round with twelve cities, one topic, and a page builder's share of markup."""
    day = date(2000, 1, 1) + timedelta(days=number)
    cities = ", ".join(CITIES[(number + each) % len(CITIES)] for each in range(12))
    content = (
        "<style>.avia-section{color:#fff}</style>" * 20
        + f"<p>The working groups met online on {day:%B} {day.day}, {day.year}.</p>"
        + f"<p>A total of 12 cities participated: {cities}. ICLEI attended as an observer.</p>"
        + f"<ul><li><strong>Topic {number}</strong> in the Local Climate Action Working Group.</li></ul>"
        + "<p>More was said about cooperation in the region and beyond.</p>" * 10
    )
    return {
        "id": number + 1,
        "date": "2025-04-16T10:00:00",
        "link": f"https://b40network.org/v2/round-{number}/",
        "guid": {"rendered": f"https://b40network.org/v2/?p={number + 1}"},
        "title": {"rendered": f"Working group meeting {number}"},
        "content": {"rendered": content},
    }


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [500, 5_000])
