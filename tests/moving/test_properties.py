"""What holds for any text: names in any order and spelling are the same set, and no input breaks or leaves markup."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from b40.moving.markup import TooDeep, blocks_of
from b40.moving.recognition import recognise
from tests.moving.samples import post

pytestmark = pytest.mark.django_db

SEPARATORS = [
    ", ",
    "; ",
    " / ",
    " and ",
    " & ",
    ",",
    "<br>",
    "</p><p>",
    "</li><li>",
    " – ",
    " | ",
    " • ",
    "\n; ",
    ", and ",
]
FRAMES = [
    "<p>The meeting was held on 3 May 2025.</p><p>Participating cities: {}</p>",
    "<p>The meeting was held on 3 May 2025.</p><p><b>Participants:</b></p><ul><li>{}</li></ul>",
    "<p>The meeting was held on 3 May 2025.</p><h3>Cities present</h3><p>{}</p>",
]
SENTENCE = "<p>The meeting was held on 3 May 2025.</p><p>Representatives of {} attended the meeting.</p>"
IN_A_SENTENCE = [", ", " and ", "; ", " as well as ", ", and "]


CHOICES = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(0, 100), st.booleans(), st.integers(0, 100)), min_size=2, max_size=12
)


@given(choices=CHOICES, frame=st.sampled_from([*FRAMES, SENTENCE]))
def test_known_names_are_the_same_set_in_any_spelling_order_and_separator(shipped_names, choices, frame):
    known, spellings = shipped_names.known, shipped_names.spellings
    separators = IN_A_SENTENCE if frame == SENTENCE else SEPARATORS
    text, wanted = "", set()
    for city, spelling, is_upper, separator in choices:
        slug = sorted(spellings)[city % len(spellings)]
        name = spellings[slug][spelling % len(spellings[slug])]
        text += (separators[separator % len(separators)] if text else "") + (name.upper() if is_upper else name)
        wanted.add(slug)

    finding = recognise(post(frame.format(text), "A meeting"), known)

    assert set(finding.cities) == wanted
    assert finding.unresolved == []


PIECES = st.sampled_from(
    ["<p>", "</p>", "<div", "<b>", "</b>", "<script>", "</script>", "<!--", "-->", "<table><tr><td>", "</td>", "<li>", "&lt;", "&#60;", "&", "<", ">",
     "Sofia", "Athens attended", " on 9 April 2025 ", "16 cities", "Mayor of ", "[av_x a='b']", "<img src=x onerror=alert(1)>", "\0", "\ud800", "<br>", ", ",
     "Local Climate Action Working Group", ": ", ". ", "<style>", "<svg/onload=1>", "&lt;script&gt;", "participants", "\u202e", "İ", "ß"]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=20), max_size=60).map("".join))
@example("&lt;&lt;b>script>alert(1)&lt;/script>")
@example("<p>&amp;lt;script&amp;gt;</p>")
def test_no_input_breaks_the_reader_or_leaves_markup(known, html):
    try:
        finding = recognise(post(html, html), known)
    except TooDeep:
        return

    texts = [
        finding.title,
        finding.summary,
        *[fact.sentence for fact in finding.facts],
        *[topic["topic"] for topic in finding.topics],
    ]
    assert [text for text in texts if re.search(r"<[a-zA-Z/!?]", text)] == []
    assert set(re.findall(r"<(/?\w+)", finding.text)) <= {"p", "/p", "h3", "/h3", "ul", "/ul", "li", "/li"}
    assert not re.search("[\0\ud800-\udfff]", "".join(texts) + finding.text)


@given(
    st.integers(min_value=401, max_value=3000),
    st.sampled_from(["div", "b", "span", "table", "ul", "blockquote", "font"]),
)
def test_markup_that_nobody_wrote_is_refused_at_once(depth, tag):
    with pytest.raises(TooDeep, match="nested"):
        blocks_of(f"<{tag}>" * depth)
