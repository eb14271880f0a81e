import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.names import fold, fold_loosely, script_of, search_text


@pytest.mark.parametrize(
    ("spellings", "key"),
    [
        (["İzmir", "IZMIR", "izmir", "Izmir", "Измир", "I\u0307zmir"], "izmir"),
        (["Muğla", "MUGLA", "Мугла", "Mug\u0306la"], "mugla"),
        (["Đakovo", "Dakovo", "ĐAKOVO"], "dakovo"),
        (["Galați", "Galaţi", "GALATI"], "galati"),
        (["Łódź", "Lodz"], "lodz"),
        (["Ħamrun", "Hamrun"], "hamrun"),
        (["Gießen", "Giessen"], "giessen"),
        (["Tromsø", "Tromso"], "tromso"),
        (["Kırklareli", "KIRKLARELİ", "Kirklareli"], "kirklareli"),
        (["Τίρανα", "Tirana"], "tirana"),
        (["Novo mesto", "NOVO  MESTO", "Novo-Mesto", "Ново Место"], "novo mesto"),
    ],
)
def test_fold_any_spelling_gives_one_key(spellings: list[str], key: str) -> None:
    assert {fold(spelling) for spelling in spellings} == {key}


@pytest.mark.parametrize(
    "spellings",
    [
        ["Nikšić", "Niksic", "Никшић", "Nikshiq", "Nikshich", "Niksich", "Никшич"],
        ["Кърджали", "Kardzhali", "Kardjali"],
        ["Šumen", "Shumen", "Шумен"],
        ["Θεσσαλονίκη", "Thessaloniki", "Tesaloniki"],
        ["Đakovo", "Ђаково", "Djakovo"],
        ["Ljubljana", "Љубљана"],
        ["Ćuprija", "Ћуприја"],
    ],
)
def test_fold_loosely_transliterations_meet(spellings: list[str]) -> None:
    assert len({fold_loosely(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("Municipality of Pella", "Pella"),
        ("Општина Кисела Вода", "Кисела Вода"),
        ("İstanbul Büyükşehir Belediyesi", "İstanbul"),
        ("The City of Sofia", "Sofia"),
        ("Δήμος Πέλλα", "Πέλλα"),
        ("Grad Zenica", "Zenica"),
    ],
)
def test_fold_generic_words_fall_away(long: str, short: str) -> None:
    assert fold(long) == fold(short)


@pytest.mark.parametrize("name", ["Novi Grad", "Dimitrovgrad", "Mexico City", "Grad", "Municipality"])
def test_fold_name_that_only_looks_generic_keeps_its_words(name: str) -> None:
    assert fold(name) == name.lower()


@pytest.mark.parametrize("text", ["", "   ", "---", "…", "()"])
def test_fold_nothing_to_read_gives_empty_key(text: str) -> None:
    assert (fold(text), fold_loosely(text), search_text(text)) == ("", "", "")


@pytest.mark.parametrize(
    ("text", "script"), [("Sofia", "Latn"), ("София", "Cyrl"), ("Αθήνα", "Grek"), ("Nikšić 2", "Latn")]
)
def test_script_of_most_letters_decide(text: str, script: str) -> None:
    assert script_of(text) == script


@given(st.text(max_size=60))
def test_fold_is_stable_ascii_and_blind_to_case_and_composition(text: str) -> None:
    key = fold(text)

    assert fold(key) == key
    assert key == key.lower().strip()
    assert key.isascii()
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzšđčćžşğıâîșțαβγδέήίабвгдђжзѓќћш ", max_size=30))
def test_fold_upper_case_gives_the_same_key(text: str) -> None:
    assert fold_loosely(text.upper()) == fold_loosely(text)
