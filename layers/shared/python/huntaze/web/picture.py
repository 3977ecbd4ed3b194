"""A QR code as a drawing inside the page: our policy loads no picture, and the secret in it goes nowhere else."""


def qr(text: str) -> str:
    """The drawing, in the colours of the text and the paper around it; `class` is what the style sheet calls it."""
    import segno  # noqa: PLC0415  (only who switches the second factor on pays for it)

    code = segno.make_qr(text, error="m")
    return str(code.svg_inline(scale=4, border=2, dark="#000", light="#fff", svgclass="qr", lineclass=None))
