import io
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from members import pictures
from members.models import Country, Organisation
from members.pictures import open_picture


def upload(image: Image.Image, kind: str = "JPEG", **options: object) -> SimpleUploadedFile:
    out = io.BytesIO()
    image.save(out, kind, **options)  # type: ignore[arg-type]
    return SimpleUploadedFile(f"holiday.{kind.lower()}", out.getvalue())


def with_gps(size: tuple[int, int], orientation: int = 1) -> SimpleUploadedFile:
    image = Image.new("RGB", size, "green")
    exif = image.getexif()
    exif[0x0112] = orientation
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (41.0, 0.0, 30.0)
    return upload(image, exif=exif, comment=b"taken at home")


def sizes_in(folder: Path) -> list[tuple[int, int]]:
    sizes = []
    for path in folder.rglob("*.webp"):
        with Image.open(path) as picture:
            sizes.append(picture.size)
    return sorted(sizes)


@pytest.fixture
def city(db: None, settings: object, tmp_path: Path) -> Organisation:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    return Organisation.objects.create(
        name="Sofia", slug="sofia", country=Country.objects.create(code="BG", name="Bulgaria")
    )


def test_upload_is_kept_as_webp_without_any_metadata(city: Organisation, tmp_path: Path) -> None:
    city.photo.save("holiday.jpg", with_gps((2400, 1200)))

    files = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert {path.suffix for path in files} == {".webp"}
    for path in files:
        with Image.open(path) as kept:
            assert (kept.format, dict(kept.getexif()), set(kept.info) & {"exif", "xmp", "icc_profile", "comment"}) == (
                "WEBP",
                {},
                set(),
            )
        assert b"camera" not in path.read_bytes()


def test_upload_is_kept_in_widths_that_its_name_tells(city: Organisation, tmp_path: Path) -> None:
    city.photo.save("holiday.jpg", with_gps((2400, 1200)))

    city.refresh_from_db()
    assert sizes_in(tmp_path) == [(480, 240), (960, 480), (1600, 800)]
    assert (city.photo.pixel_width, city.photo.pixel_height) == (1600, 800)
    assert [part.rsplit(" ", 1)[1] for part in city.photo.srcset.split(", ")] == ["480w", "960w", "1600w"]
    assert "holiday" not in city.photo.name


def test_upload_small_one_is_not_scaled_up(city: Organisation, tmp_path: Path) -> None:
    city.photo.save("small.png", upload(Image.new("RGBA", (300, 200), (0, 0, 0, 0)), "PNG"))

    assert sizes_in(tmp_path) == [(300, 200)]
    assert city.photo.small_url == city.photo.url


def test_upload_lying_on_its_side_is_turned_upright(city: Organisation) -> None:
    city.photo.save("phone.jpg", with_gps((400, 200), orientation=6))

    assert (city.photo.pixel_width, city.photo.pixel_height) == (200, 400)


def test_delete_takes_every_width_away(city: Organisation, tmp_path: Path) -> None:
    city.photo.save("holiday.jpg", with_gps((2400, 1200)))

    city.photo.delete()

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no picture that can be read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "no picture"),
        (b"%PDF-1.7 not a picture", "no picture"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "no picture"),
        (b"GIF89a" + b"\xff" * 20, "no picture"),
    ],
)
def test_upload_that_is_no_picture_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        open_picture(SimpleUploadedFile("x.jpg", content))


def test_upload_cut_off_is_refused() -> None:
    whole = with_gps((800, 800)).read()

    with pytest.raises(ValidationError, match="no picture"):
        open_picture(SimpleUploadedFile("x.jpg", whole[: len(whole) // 2]))


def test_upload_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_PIXELS", 10_000)
    with pytest.raises(ValidationError, match="million pixels"):
        open_picture(upload(Image.new("RGB", (101, 100))))

    monkeypatch.setattr(pictures, "MAX_BYTES", 10)
    with pytest.raises(ValidationError, match="larger than 25 MB"):
        open_picture(upload(Image.new("RGB", (10, 10))))


def test_validation_refuses_before_anything_is_stored(city: Organisation, tmp_path: Path) -> None:
    city.photo = SimpleUploadedFile("x.jpg", b"nothing")

    with pytest.raises(ValidationError) as told:
        city.full_clean()

    assert "no picture" in str(told.value.message_dict["photo"])
    assert list(tmp_path.rglob("*")) == []


@given(st.binary(max_size=400))
def test_open_picture_any_bytes_either_decode_or_are_refused(content: bytes) -> None:
    try:
        mode = open_picture(SimpleUploadedFile("x", content)).mode
    except ValidationError:
        return
    assert mode in {"RGB", "RGBA"}
