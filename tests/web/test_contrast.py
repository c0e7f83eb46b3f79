"""The colours of holdord.css reach WCAG 2.2 AA in both schemes: text 4.5:1, graphics, fields and focus 3:1."""

import math
import re
from pathlib import Path

import pytest

import holdord.web

Colour = list[float]
CSS = (Path(holdord.web.__file__).parent / "static" / "holdord.css").read_text(encoding="utf-8")


def linear(text: str) -> Colour:
    """A CSS colour (oklch() or a hexadecimal one) as linear sRGB, clipped to what a screen can show."""
    text = text.strip()
    if text.startswith("#"):
        digits = text[1:] if len(text) == 7 else "".join(digit * 2 for digit in text[1:])
        channels = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
        return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    light, chroma, hue = (float(number) for number in re.findall(r"[\d.]+", text)[:3])
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    rgb = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return [min(1.0, max(0.0, channel)) for channel in rgb]


def contrast(one: Colour, two: Colour) -> float:
    high, low = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(rgb: Colour) -> float:
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def tokens(block: str) -> dict[str, tuple[Colour, Colour]]:
    found = {}
    for name, value in re.findall(r"--([\w-]+):\s*([^;]+);", block):
        pair = re.match(r"light-dark\((oklch\([^)]*\)|#\w+),\s*(oklch\([^)]*\)|#\w+)\)", value.strip())
        single = re.match(r"(oklch\([^)]*\)|#\w+)$", value.strip())
        if pair:
            found[name] = (linear(pair[1]), linear(pair[2]))
        elif single:
            found[name] = (linear(single[1]), linear(single[1]))
    return found


ROOT = CSS[CSS.index(":root {") :]
DESK = tokens(ROOT[: ROOT.index(":root[data-theme")])
PUBLIC = {**DESK, **tokens(CSS[CSS.index(".public {") : CSS.index("/* One switch")])}

PAIRS = [
    (text, ground, 4.5) for text in ("text", "text-2", "text-3") for ground in ("canvas", "sheet", "raised", "hover")
]
PAIRS += [
    ("text", "fjord-wash", 4.5),
    ("text-2", "fjord-wash", 4.5),
    ("fjord", "sheet", 4.5),
    ("on-fjord", "fjord", 4.5),
]
PAIRS += [("on-fjord", "fjord-hi", 4.5), ("on-deep", "fjord-deep", 4.5), ("on-deep-2", "fjord-deep", 4.5)]
for state in ("risk", "broken", "kept", "moved"):
    PAIRS += [(f"{state}-ink", ground, 4.5) for ground in ("canvas", "sheet", "raised", "fjord-wash", f"{state}-wash")]
    PAIRS += [("text", f"{state}-wash", 4.5), ("text-2", f"{state}-wash", 4.5)]
    PAIRS += [(f"{state}-mark", ground, 3.0) for ground in ("canvas", "sheet", "raised", f"{state}-wash")]
PAIRS += [("edge", ground, 3.0) for ground in ("canvas", "sheet", "raised")]
PAIRS += [("focus", ground, 3.0) for ground in ("canvas", "sheet", "raised", "fjord-wash")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("table", [pytest.param(DESK, id="desk"), pytest.param(PUBLIC, id="public")])
def test_every_pair_can_be_read(table: dict[str, tuple[Colour, Colour]], scheme: str) -> None:
    side = 0 if scheme == "light" else 1
    short = {
        f"{front} on {ground}": round(contrast(table[front][side], table[ground][side]), 2)
        for front, ground, least in PAIRS
        if contrast(table[front][side], table[ground][side]) < least
    }
    assert short == {}


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert contrast(linear("#000"), linear("#ffffff")) == pytest.approx(21)
