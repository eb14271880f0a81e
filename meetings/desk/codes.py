"""QR codes, as pictures that scale."""

import io

import segno


def qr_svg(address: str) -> bytes:
    """Draw an address as a QR code in SVG, black on white with its quiet zone, to be scaled to any size.

    Level M: a seventh of it may be covered by a fold or a reflection. Without style attributes, which the content
    security policy refuses.
    """
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", border=4, dark="#000", light="#fff", omitsize=True, nl=False
    )
    return out.getvalue()
