"""QR codes, as pictures that scale."""

import io

import segno


def qr_svg(address: str, *, inline: bool = False) -> bytes:
    """Draw an address as a QR code in SVG, black on white with its quiet zone, to be scaled to any size.

    With `inline` it is made to stand within a page, not as a file.

    Level M: a seventh of it may be covered by a fold or a reflection. Without style attributes, which the content
    security policy refuses.
    """
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", border=4, dark="#000", light="#fff", omitsize=True, nl=False, xmldecl=not inline
    )
    return out.getvalue()
