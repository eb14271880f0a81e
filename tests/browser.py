"""Chromium for the browser tests: where it is, and how it comes to the machine.

``python -m tests.browser`` installs Debian's package when it is missing and the user may; else it says what to do.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    """Give the path of a Chromium that really starts (Ubuntu's may be a mere pointer to a snap), or None."""
    for path in filter(None, (os.environ.get("CHROMIUM"), *map(shutil.which, NAMES))):
        try:
            answer = subprocess.run([path, "--version"], capture_output=True, timeout=60)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if answer.returncode == 0:
            return path
    return None


def install() -> str:
    """Give the path of Chromium, installed with apt if it is missing and we are root. Exits with one sentence if not."""
    path = find()
    if path:
        return path
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(
            "The browser tests need Chromium: install it (Debian: sudo apt-get install chromium), then start again."
        )
    print("Installing Chromium with apt-get (about 100 MB) …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-qq", "--no-install-recommends", "chromium"]):
        subprocess.run(
            ["apt-get", "-y", *arguments], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
    path = find()
    if not path:
        sys.exit(
            "apt-get did not bring a Chromium that starts: install one and set CHROMIUM to its path, then start again."
        )
    return path


if __name__ == "__main__":
    print("Chromium:", install())
