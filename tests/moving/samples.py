"""Posts for the tests."""

import datetime as dt
import json
from pathlib import Path

from b40.moving.reading import Post

HERE = Path(__file__).parent
EXPECTED = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))


def post(content, title="", post_id=1, posted_on=dt.date(2026, 3, 1)):
    """A post as the reader gives it."""
    link = f"https://b40network.org/v2/post-{post_id}/"
    return Post(post_id, title, content, link, f"https://b40network.org/v2/?p={post_id}", posted_on)


def raw(content, title="A post", post_id=1, **more):
    """A post as the REST interface gives it."""
    return {
        "id": post_id,
        "date": "2026-03-01T10:00:00",
        "guid": {"rendered": f"https://b40network.org/v2/?p={post_id}"},
        "link": f"https://b40network.org/v2/post-{post_id}/",
        "title": {"rendered": title},
        "content": {"rendered": content},
        **more,
    }
