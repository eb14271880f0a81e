"""Pictures as uploaded are never kept: each is checked, turned upright, stripped of metadata and written anew as WebP in a few widths."""

import io
import re
import secrets
import warnings
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import models
from django.db.models.fields.files import ImageFieldFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

WIDTHS = (480, 960, 1600)
MAX_BYTES = 25 * 1024 * 1024
MAX_PIXELS = 60_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF")
_NAME = re.compile(r"^(?P<stem>.+)-(?P<width>\d+)x(?P<height>\d+)\.webp$")


def open_picture(file: Any) -> Image.Image:
    """Decode an uploaded picture, upright and without metadata.

    Takes a binary file; gives an RGB or RGBA image. Raises ValidationError saying what is wrong with the file and how to mend it.
    """
    if file.size > MAX_BYTES:
        raise ValidationError(
            _("The picture is larger than 25 MB: save it smaller and upload it again."), code="too_large"
        )
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(file, formats=FORMATS)
            if picture.width * picture.height > MAX_PIXELS:
                raise Image.DecompressionBombError
            upright = ImageOps.exif_transpose(picture)
            has_alpha = "A" in upright.getbands() or "transparency" in upright.info
            return upright.convert("RGBA" if has_alpha else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValidationError(
            _("The picture has more than 60 million pixels: save it smaller and upload it again."), code="too_large"
        ) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise ValidationError(
            _("This file is no picture that can be read. Upload a JPEG, PNG, WebP, GIF or TIFF file."),
            code="invalid_image",
        ) from error


def as_webp(picture: Image.Image, width: int) -> bytes:
    """Encode a picture as WebP, scaled down to a width in pixels (never up), with no metadata at all."""
    height = max(1, round(picture.height * width / picture.width))
    scaled = picture if width >= picture.width else picture.resize((width, height), Image.Resampling.LANCZOS)
    clean = Image.frombytes(scaled.mode, scaled.size, scaled.tobytes())
    out = io.BytesIO()
    clean.save(out, "WEBP", quality=82, method=4)
    return out.getvalue()


class PictureFile(ImageFieldFile):
    """A stored picture. Its sizes stand in its name, so that a page needs no look into the file."""

    def save(self, name: str, content: File, save: bool = True) -> None:  # type: ignore[type-arg]
        picture = open_picture(content)
        width = min(picture.width, WIDTHS[-1])
        height = max(1, round(picture.height * width / picture.width))
        stem = secrets.token_urlsafe(12)
        super().save(f"{stem}-{width}x{height}.webp", ContentFile(as_webp(picture, width)), save)
        for smaller in self.smaller_widths:
            self.storage.save(self._name_at(smaller), ContentFile(as_webp(picture, smaller)))

    save.alters_data = True  # type: ignore[attr-defined]

    def adopt(self, other: "PictureFile") -> None:
        """Take over a picture that another field stores: its bytes as they are, in every width, under a name of its own.

        The row is not saved. Raises OSError when the picture is no longer kept.
        """
        width, height = other.size_in_name
        with other.storage.open(str(other.name)) as kept:
            super().save(f"{secrets.token_urlsafe(12)}-{width}x{height}.webp", kept, save=False)
        for smaller in self.smaller_widths:
            with other.storage.open(other._name_at(smaller)) as kept:
                self.storage.save(self._name_at(smaller), kept)

    adopt.alters_data = True  # type: ignore[attr-defined]

    def delete(self, save: bool = True) -> None:
        names = [self._name_at(width) for width in self.smaller_widths] if self else []
        super().delete(save)
        for name in names:
            self.storage.delete(name)

    delete.alters_data = True  # type: ignore[attr-defined]

    @property
    def size_in_name(self) -> tuple[int, int]:
        """Width and height in pixels; (0, 0) when there is no picture."""
        match = _NAME.match(self.name or "")
        return (int(match["width"]), int(match["height"])) if match else (0, 0)

    @property
    def pixel_width(self) -> int:
        return self.size_in_name[0]

    @property
    def pixel_height(self) -> int:
        return self.size_in_name[1]

    @property
    def smaller_widths(self) -> list[int]:
        return [width for width in WIDTHS if width < self.pixel_width]

    @property
    def srcset(self) -> str:
        """The value of an `srcset` attribute: every stored width with its address."""
        sizes = [(self.storage.url(self._name_at(width)), width) for width in self.smaller_widths]
        return ", ".join(f"{url} {width}w" for url, width in [*sizes, (self.url, self.pixel_width)])

    @property
    def small_url(self) -> str:
        """Address of the smallest stored width."""
        widths = self.smaller_widths
        return self.storage.url(self._name_at(widths[0])) if widths else self.url

    def _name_at(self, width: int) -> str:
        match = _NAME.match(self.name or "")
        return f"{match['stem']}-{match['width']}x{match['height']}.{width}.webp" if match else ""


class PictureField(models.ImageField):
    """An image field that stores what `PictureFile` makes of an upload."""

    attr_class = PictureFile

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        super().__init__(*args, **kwargs)

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        """Refuse, before anything is stored, what cannot be read as a picture."""
        cleaned = super().clean(value, model_instance)
        if cleaned and not getattr(cleaned, "_committed", True):
            open_picture(cleaned.file)
        return cleaned
