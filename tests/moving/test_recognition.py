"""What is read in posts of many shapes, and what must not be."""

import pytest

from b40.moving.reading import read_posts
from b40.moving.recognition import recognise
from tests.moving.conftest import POSTS
from tests.moving.samples import EXPECTED, post

# The names on record are read once, from the database.
pytestmark = pytest.mark.django_db

UNORDERED = ("cities", "observers", "working_groups", "unresolved")


def read(known, content, title="", **more):
    return recognise(post(content, title, **more), known)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_post_is_read_as_a_person_would(known, name):
    (found,) = [recognise(each, known).as_json() for each in read_posts(POSTS / f"{name}.json")]
    expected = dict(EXPECTED[name])

    for field in UNORDERED:
        assert sorted(found.pop(field)) == sorted(expected.pop(field)), field
    assert found == expected


def test_every_fact_stands_beside_the_sentence_it_came_from(known):
    finding = read(
        known,
        "<p>The Local Climate Action Working Group met in Sofia on 3 May 2025.</p><p>Athens and Zagreb attended.</p>",
        "Meeting",
    )
    sentences = {fact.label: fact.sentence for fact in finding.facts}

    assert sentences["Athens"] == sentences["Zagreb"] == "Athens and Zagreb attended."
    assert sentences["3 May 2025"] == "The Local Climate Action Working Group met in Sofia on 3 May 2025."


@pytest.mark.parametrize(
    "sentence",
    [
        "The evening was spent at the Hotel Zagreb.",
        "Participants visited the University of Athens and signed the Sofia Declaration.",
        "Participants met in Sarajevo.",
        "Numerous municipalities attended the meeting.",
        "The next meeting will be hosted by Tirana.",
        "Tirana, Sofia and Athens are expected to attend.",
        "Sofia, Athens and Tirana were invited.",
        "The delegates discussed the example of Bursa and cooperation between Sofia and Skopje.",
        "The network was founded in 2021 by Istanbul, Athens and Sofia.",
        "Sofia and Athens did not attend.",
        "Participants admired the Istanbul Convention, the Zagreb Airport and the Athens Street.",
    ],
)
def test_nobody_is_counted_whom_the_text_does_not_call_present(known, sentence):
    finding = read(known, f"<p>The working groups met on 3 May 2025.</p><p>{sentence}</p>", "Working group meeting")

    assert finding.cities == []


@pytest.mark.parametrize(
    ("sentence", "cities"),
    [
        ("Representatives from Athens, Sofia and Skopje attended.", ["athens", "sofia", "skopje"]),
        ("Participating cities: Солун; Ниш; Üsküp", ["thessaloniki", "skopje"]),
        ("The Municipality of Tirana, the City of Sofia and İzmir Metropolitan Municipality took part.", ["tirana", "sofia", "izmir"]),
        ("With the participation of Sofia (Bulgaria), Tirana (Albania) and Dimitrovgrad (Serbia).", ["sofia", "tirana", "dimitrovgrad"]),
        ("Delegations from 8 cities, including Varna, Burgas and Stara Zagora, gathered.", ["varna", "burgas", "stara-zagora"]),
        ("Sofia Mayor Vasil Terziev and Athens Mayor Haris Doukas attended the meeting.", ["sofia", "athens"]),
        ("Istanbul's and Sofia's representatives participated.", ["istanbul", "sofia"]),
        ("Bosnia and Herzegovina was represented by Sarajevo, Tuzla and Zenica.", ["sarajevo", "tuzla", "zenica"]),
    ],
)  # fmt: skip
def test_those_present_are_read_from_a_sentence(known, sentence, cities):
    finding = read(known, f"<p>The working groups met on 3 May 2025.</p><p>{sentence}</p>", "Working group meeting")

    assert sorted(finding.cities) == sorted(cities)


def test_apologies_are_kept_as_such(known):
    finding = read(
        known,
        "<p>The working groups met on 3 May 2025.</p><p>Athens attended. Sofia sent apologies.</p>",
        "Working group meeting",
    )

    assert (finding.cities, finding.excused) == (["athens"], ["sofia"])


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("was held on April 9, 2025", ("2025-04-09", "2025-04-09")),
        ("was held on 9 April 2025", ("2025-04-09", "2025-04-09")),
        ("was held on Wednesday, 9th of April 2025", ("2025-04-09", "2025-04-09")),
        ("was held on 09.04.2025", ("2025-04-09", "2025-04-09")),
        ("was held on 2025-04-09", ("2025-04-09", "2025-04-09")),
        ("was held on 25/04/2025", ("2025-04-25", "2025-04-25")),
        ("was held between 29 and 31 January 2024", ("2024-01-29", "2024-01-31")),
        ("was held on January 29–31, 2024", ("2024-01-29", "2024-01-31")),
        ("was held from 30 January to 2 February 2024", ("2024-01-30", "2024-02-02")),
        ("was held from January 30 to February 2, 2024", ("2024-01-30", "2024-02-02")),
        ("was held on 30 December 2024 – 2 January 2025", ("2024-12-30", "2025-01-02")),
        ("was held on 9 Nisan 2025", ("2025-04-09", "2025-04-09")),
        ("was held on 9 Απριλίου 2025", ("2025-04-09", "2025-04-09")),
        ("was held on 9 април 2025", ("2025-04-09", "2025-04-09")),
        ("was held on 9. travnja 2025", ("2025-04-09", "2025-04-09")),
        ("was held in November 2023", ("2023-11", None)),
        ("was held on 4/9/2025", (None, None)),
        ("was held on 21-22 May", (None, None)),
        ("was held on 31 April 2025", (None, None)),
        ("was held last week", (None, None)),
    ],
)
def test_days_are_read_or_left_open(known, text, days):
    finding = read(
        known, f"<p>The working group meeting {text} with Athens attending.</p>", "Working groups", posted_on=None
    )

    assert (finding.start_date, finding.end_date) == days


def test_the_day_of_the_post_is_not_the_day_of_the_meeting(known):
    finding = read(known, "<p>The working groups met online. Athens attended the meeting.</p>", "Working group meeting")

    assert finding.start_date is None


def test_the_next_meeting_is_not_this_one(known):
    finding = read(
        known,
        "<p>The working groups met online on 3 May 2025.</p><p>The next meeting will be held in Zagreb on 9 June 2025.</p>",
        "Working group meeting",
    )

    assert (finding.start_date, finding.mode, finding.host_city) == ("2025-05-03", "online", None)


@pytest.mark.parametrize(
    ("sentence", "cities", "participants"),
    [
        ("35 participants from 10 cities attended.", 10, 35),
        ("Sixteen cities took part.", 16, None),
        ("More than 500 people from twenty-three municipalities gathered.", 23, 500),
        ("A total of 1,200 participants attended.", None, 1200),
        ("The network of 76 cities in 12 countries met.", None, None),
        ("B40, which brings together 76 cities, convened.", None, None),
        ("The project will run in 5 cities.", None, None),
    ],
)
def test_stated_totals_are_those_of_the_meeting(known, sentence, cities, participants):
    finding = read(known, f"<p>The working groups met on 3 May 2025.</p><p>{sentence}</p>", "Working group meeting")

    assert (finding.cities_count_stated, finding.participants_stated) == (cities, participants)


GROUP = "Local Climate Action"


@pytest.mark.parametrize(
    "content",
    [
        "<h3>Local Climate Action Working Group</h3><ul><li>Green roofs</li><li>Water saving</li></ul>",
        "<p><strong>Local Climate Action:</strong></p><p>Green roofs; Water saving</p>",
        "<p>Local Climate Action Working Group: Green roofs, water saving</p>",
        "<p>The Local Climate Action Working Group discussed green roofs and water saving.</p>",
        "<p>In the Local Climate Action Working Group, green roofs and water saving were discussed.</p>",
        "<p>Topics discussed:</p><ul><li>Green roofs and water saving in the Local Climate Action Working Group.</li></ul>",
        "<table><tr><th>Group</th><th>Topics</th></tr><tr><td>Local Climate Action</td><td>Green roofs; Water saving</td></tr></table>",
        "<p>The <b>Climate Action Working Group</b> focused on the issues of green roofs, water saving.</p>",
    ],
)
def test_topics_stand_under_their_group(known, content):
    finding = read(known, f"<p>The working groups met on 3 May 2025.</p>{content}", "Working group meeting")

    assert finding.topics == [
        {"working_group": GROUP, "topic": "Green roofs"},
        {"working_group": GROUP, "topic": "Water saving"},
    ]


def test_a_former_name_finds_its_group(known):
    finding = read(
        known, "<p>The Local Economic Cooperation working group met on 3 May 2023.</p>", "Working group meeting"
    )

    assert finding.working_groups == ["Local Economic and Cultural Cooperation"]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Sofia Mayor Vasil Terziev spoke.", [("Vasil Terziev", "Sofia Mayor")]),
        ("Vasil Terziev, Mayor of Sofia, spoke.", [("Vasil Terziev", "Mayor of Sofia")]),
        ("Mayor of Stara Zagora Zhivko Todorov spoke.", [("Zhivko Todorov", "Mayor of Stara Zagora")]),
        ("The Deputy Mayor of Tirana, Anuela Ristani, spoke.", [("Anuela Ristani", "Deputy Mayor of Tirana")]),
        ("B40 Permanent Secretary Barbaros Büyüksağnak spoke.", [("Barbaros Büyüksağnak", "Permanent Secretary")]),
        ("The Mayor of Athens visited Stara Zagora.", []),
    ],
)
def test_people_are_named_with_their_office(known, text, people):
    finding = read(known, f"<p>The working groups met on 3 May 2025.</p><p>{text}</p>", "Working group meeting")

    assert [(each["name"], each["role"]) for each in finding.people] == people


@pytest.mark.parametrize(
    ("title", "content", "kind"),
    [
        ("Executive Board Meets", "<p>The Executive Board convened in Tirana on 7 December 2024.</p>", "board"),
        ("B40 Tirana Summit", "<p>The summit was held in Tirana on 29-31 January 2024.</p>", "summit"),
        ("Workshop on Migration", "<p>A workshop was held in Sofia on 3 May 2025.</p>", "workshop"),
        ("Signing Ceremony", "<p>A signing ceremony took place in Sofia on 28 June 2022.</p>", "ceremony"),
        (
            "Preparatory Meeting for the Zagreb Summit",
            "<p>A preparatory meeting was held in Zagreb on 20 January 2026.</p>",
            "preparatory",
        ),
        (
            "Online Coordination",
            "<p>A coordination meeting was held online on 3 May 2025. Athens and Sofia attended.</p>",
            "meeting",
        ),
        (
            "Statement on Local Democracy",
            "<p>We, the mayors of the summit, stand with our colleague. 3 May 2025.</p>",
            "news",
        ),
        ("Call for Photos", "<p>Send your pictures until 3 May 2025.</p>", "news"),
        ("B40 Secretariat Visits Belgrade", "<p>The secretariat visited Belgrade on 3 May 2025.</p>", "news"),
    ],
)
def test_the_kind_of_occasion_is_told(known, title, content, kind):
    assert read(known, content, title).kind == kind


def test_no_stored_text_holds_markup(known):
    finding = read(
        known,
        "<p>Sofia &lt;b&gt;and&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt; <i>Athens</i> attended.</p><script>x</script>",
        "<script>alert(1)</script>A &lt;img src=x onerror=1&gt; title",
    )

    assert finding.title == "A title"
    assert finding.text == "<p>Sofia and Athens attended.</p>"


def test_media_are_listed_and_not_fetched(known):
    finding = read(
        known, '<p>Text</p><img src="/v2/wp-content/uploads/a.jpg"><a href="https://x.org/uploads/b.pdf">paper</a>'
    )

    assert finding.media == ["https://b40network.org/v2/wp-content/uploads/a.jpg", "https://x.org/uploads/b.pdf"]
