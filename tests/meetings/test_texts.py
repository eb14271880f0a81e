import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.texts import plain_text, sanitise


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("<p onclick='x()'>Hello <b>you</b></p>", "<p>Hello you</p>"),
        ("<script>alert(1)</script><p>ok</p>", "<p>ok</p>"),
        ("<style>p{color:red}</style>text", "text"),
        ("<a href='javascript:alert(1)'>x</a>", '<a rel="noopener nofollow">x</a>'),
        ("<a href='https://b40network.org/'>x</a>", '<a href="https://b40network.org/" rel="noopener nofollow">x</a>'),
        ("<h2 style='color:red'>Title</h2><ul><li>one</li></ul>", "<h2>Title</h2><ul><li>one</li></ul>"),
        ("<iframe src='https://example.org'></iframe>", ""),
        ("2 < 3 & 4", "2 &lt; 3 &amp; 4"),
    ],
)
def test_sanitise_keeps_text_and_takes_out_the_rest(dirty: str, clean: str) -> None:
    assert sanitise(dirty) == clean


@given(st.text(alphabet="<>/=\"' abpscriptonhref:j&;!-\n", max_size=200))
def test_sanitise_is_stable_and_leaves_no_script(text: str) -> None:
    once = sanitise(text)

    assert sanitise(once) == once
    assert "<script" not in once.lower()


def test_plain_text_parts_blocks_and_decodes_entities() -> None:
    assert plain_text("<p>Nik&scaron;i&#263;</p><p>Fish &amp; chips<br>now</p>").split() == [
        "Nikšić",
        "Fish",
        "&",
        "chips",
        "now",
    ]
