"""`make screenshots`: every kind of page with the real record, on a phone and on a desk, light and dark, on paper too.

Run as a program: `python -m tests.screenshots [folder]`. All go to the folder (build/screenshots by default); those that
the README shows also to docs/screenshots, smaller.
"""

import os
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests import browser as chromium
from tests.bench.run import run, say, served

PAGES = {
    "home": "/",
    "meetings": "/meetings/",
    "meetings-filtered": "/meetings/?mode=online",
    "meetings-none": "/meetings/?q=nothing",
    "meeting": "/meetings/online-working-groups-april-2025/",
    "news": "/news/",
    "summit": "/meetings/athens-summit-2023/",
    "cities": "/cities/",
    "cities-2022": "/cities/?on=2022-06-28",
    "city": "/cities/thessaloniki/",
    "city-disputed": "/cities/trikala/",
    "observers": "/observers/",
    "observer": "/observers/iclei/",
    "presidencies": "/presidencies/",
    "presidency": "/presidencies/athens-2023-01-23/",
    "report": "/presidencies/sofia-2025-02-24/report/",
    "report-of-days": "/presidencies/sofia-2025-02-24/report/?start=2030-01-01&end=2030-12-31&silent=3-meetings",
    "groups": "/working-groups/",
    "group": "/working-groups/local-climate-action/",
    "topics": "/topics/",
    "topic": "/topics/urban-heat-island-effect/",
    "search": "/search/?q=Солун",
    "search-none": "/search/?q=Thesaloniqui",
    "about": "/about/",
    "missing": "/cities/atlantis/",
}
WIDTHS = (360, 1440)
SCHEMES = ("light", "dark")
IN_README = {("meeting", 1440, "light"), ("cities", 1440, "light"), ("presidencies", 360, "dark")}
README_FOLDER = Path("docs/screenshots")


def main(folder: Path) -> None:
    """Serve the real record and picture every page."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{home}/b40.sqlite3",
            "B40_VAR": home,
            "SECRET_KEY": "screenshots",
            "LOG_LEVEL": "ERROR",
        }
        for command in (
            ["migrate", "--verbosity", "0"],
            ["collectstatic", "--noinput", "--verbosity", "0"],
            ["load_network", "b40/network.json"],
        ):
            run([sys.executable, "manage.py", *command], environment)
        with served(environment) as port, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium.find(), args=["--no-sandbox"] if os.geteuid() == 0 else []
            )
            picture_all(browser, f"http://127.0.0.1:{port}", folder)
            browser.close()


def picture_all(browser: Browser, site: str, folder: Path) -> None:
    """Take every page at every width in both schemes, and once as printed."""
    for width in WIDTHS:
        for scheme in SCHEMES:
            context = browser.new_context(
                base_url=site, viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce"
            )
            page = context.new_page()
            for name, path in PAGES.items():
                say(f"{name} {width} {scheme}")
                page.goto(path)
                target = folder / f"{name}-{width}-{scheme}.png"
                page.screenshot(path=target, full_page=True)
                if (name, width, scheme) in IN_README:
                    keep_for_readme(target)
                if (width, scheme) == (1440, "light"):
                    page.pdf(path=folder / f"{name}.pdf", format="A4")
            context.close()


def keep_for_readme(picture: Path) -> None:
    """Keep the upper part of a picture in few colours."""
    README_FOLDER.mkdir(parents=True, exist_ok=True)
    with Image.open(picture) as whole:
        top = whole.crop(
            (0, 0, whole.width, min(whole.height, round(whole.width * (1.1 if whole.width > 1000 else 2.4))))
        )
        top.convert("RGB").quantize(128).save(README_FOLDER / picture.name, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/screenshots"))
