"""A program of its own that draws: a chart (Vega-Lite) comes in, PNG goes out; `bot.wording.drawing` runs it.

The library is large and holds the interpreter's lock while it draws; what it takes is gone with the picture.
"""

import sys

SCALE = 8 / 3
"""Pixels a point: 1,000 for a phone's 375."""


def picture(chart: str) -> bytes:
    """Draw with the one font that is given; a chart names nothing outside itself, and nothing is fetched.

    Args:
        chart: Vega-Lite, as JSON.

    Returns:
        PNG.
    """
    import pylopdf_fonts_zh_cn
    import vl_convert

    vl_convert.register_font_directory(str(pylopdf_fonts_zh_cn.sans_path().parent))
    drawn: bytes = vl_convert.vegalite_to_png(chart, vl_version="6.1", scale=SCALE, allowed_base_urls=[])
    return drawn


if __name__ == "__main__":
    sys.stdout.buffer.write(picture(sys.stdin.buffer.read().decode()))
