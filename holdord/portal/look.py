"""A company's own look on its public pages: one hue for everything that is fjord. Lightness and chroma stay ours, so
that contrast holds; the tokens are those of holdord.css, turned.
"""

import re
from functools import cache, lru_cache
from importlib.resources import files

TURN = 360
_TOKEN = re.compile(r"--(?:on-)?fjord[\w-]*:\s*[^;]+;")
_HUE = re.compile(r"oklch\(([\d.]+) ([\d.]+) [\d.]+\)")
_HERO = ".hero, .hero .ring { --p-mark: oklch(0.86 0.085 208); } .hero .ring-line { stroke: oklch(0.68 0.05 216); }"


@lru_cache(maxsize=TURN)
def stylesheet(hue: int) -> str:
    """The rules that turn a public page to `hue`, in degrees of OKLCH (0 to 359)."""
    turned = _HUE.sub(rf"oklch(\1 \2 {hue})", "".join(_tokens()))
    hero = _HUE.sub(rf"oklch(\1 \2 {hue})", _HERO)
    return f"@layer tokens {{ :root {{ {turned} }} }}\n@layer components {{ {hero} }}\n"


@cache
def _tokens() -> list[str]:
    css = files("holdord.web").joinpath("static", "holdord.css").read_text(encoding="utf-8")
    return _TOKEN.findall(css[css.index(":root {") : css.index(":root[data-theme")])
