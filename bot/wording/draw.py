"""A program of its own that draws: SVG comes in, PNG goes out (`bot.wording.charts` runs it).

The library holds the interpreter's lock while it draws, so in a thread it would hold up everything else for as long.
"""

import sys


def main() -> None:
    """Draw with the one font that is given; the fonts of the machine are not looked at."""
    import pylopdf_fonts_zh_cn
    import resvg_py

    picture = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        font_files=[str(pylopdf_fonts_zh_cn.sans_path())],
        skip_system_fonts=True,
        font_family="Noto Sans SC",
    )
    sys.stdout.buffer.write(picture)


if __name__ == "__main__":
    main()
