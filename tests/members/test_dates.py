import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from members.dates import days_label, format_window, month_window, parse_window, window_label

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31))


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "label"),
    [
        ("2021-11-30", dt.date(2021, 11, 30), dt.date(2021, 11, 30), "30 November 2021"),
        ("2022-09", dt.date(2022, 9, 1), dt.date(2022, 9, 30), "September 2022"),
        ("2024-02", dt.date(2024, 2, 1), dt.date(2024, 2, 29), "February 2024"),
        ("2023", dt.date(2023, 1, 1), dt.date(2023, 12, 31), "2023"),
        ("../2024-01-30", None, dt.date(2024, 1, 30), "known by 30 January 2024"),
        ("../2024", None, dt.date(2024, 12, 31), "known by 31 December 2024"),
        (
            "2022-04-26/2023-11-30",
            dt.date(2022, 4, 26),
            dt.date(2023, 11, 30),
            "between 26 April 2022 and 30 November 2023",
        ),
        ("2022-04/2022-06", dt.date(2022, 4, 1), dt.date(2022, 6, 30), "between 1 April 2022 and 30 June 2022"),
    ],
)
def test_window_read_and_said(text: str, earliest: dt.date | None, latest: dt.date, label: str) -> None:
    assert parse_window(text) == (earliest, latest)
    assert window_label(earliest, latest) == label


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "30.11.2021",
        "2021-13",
        "2021-02-30",
        "2021-1-1",
        "0000",
        "2021-00-10",
        "/2021",
        "2021/",
        "2021-05-02/2021-05-01",
        "..",
        "٢٠٢١",
        "2021-11-30T10:00",
    ],
)
def test_window_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no date|not in the calendar|ends before"):
        parse_window(text)


@given(st.none() | DAYS, DAYS)
def test_window_written_and_read_again_is_the_same(earliest: dt.date | None, latest: dt.date) -> None:
    assume(earliest is None or earliest <= latest)

    assert parse_window(format_window(earliest, latest)) == (earliest, latest)


@given(DAYS)
def test_month_window_holds_its_days(day: dt.date) -> None:
    first, last = month_window(day.year, day.month)

    assert first <= day <= last
    assert (first.day, (last + dt.timedelta(days=1)).day) == (1, 1)


@pytest.mark.parametrize(
    ("start", "end", "only_month", "label"),
    [
        (dt.date(2025, 4, 9), None, False, "9 April 2025"),
        (dt.date(2025, 4, 9), dt.date(2025, 4, 9), False, "9 April 2025"),
        (dt.date(2026, 1, 25), dt.date(2026, 1, 27), False, "25–27 January 2026"),
        (dt.date(2026, 4, 30), dt.date(2026, 5, 2), False, "30 April – 2 May 2026"),
        (dt.date(2026, 12, 31), dt.date(2027, 1, 1), False, "31 December 2026 – 1 January 2027"),
        (dt.date(2022, 6, 1), None, True, "June 2022"),
    ],
)
def test_days_of_a_meeting_said(start: dt.date, end: dt.date | None, only_month: bool, label: str) -> None:
    assert days_label(start, end, only_month=only_month) == label
