import datetime as dt
import json

from django.utils.translation import gettext_lazy

from b40.templatetags.structured import json_ld


def test_json_ld_cannot_be_left_and_reads_back_the_same():
    data = {
        "name": "</script><script>alert(1)</script> & Καβάλα",
        "startDate": dt.date(2025, 4, 9),
        "kind": gettext_lazy("no"),
    }

    written = json_ld(data)

    begins, ends = '<script type="application/ld+json">', "</script>"
    inner = written.removeprefix(begins).removesuffix(ends)
    assert written == f"{begins}{inner}{ends}"
    assert "<" not in inner
    assert json.loads(inner) == {"name": data["name"], "startDate": "2025-04-09", "kind": "no"}
