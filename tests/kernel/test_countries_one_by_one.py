"""A country read by itself has the holidays it has when all are read."""

import json
import subprocess
import sys

_EACH = """
import json, sys
if {whole}: import holidays.countries
from holdord.kernel.public_holidays import _library, public_holidays
known = sorted(_library().list_supported_countries())
found = {{c: sorted(d.isoformat() for y in (2025, 2026, 2027) for d in public_holidays(c, "", y)) for c in known}}
found["DE-BY"] = sorted(d.isoformat() for d in public_holidays("DE", "BY", 2026))
print(json.dumps(found))
"""


def _read(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120).stdout


def test_every_country_has_the_holidays_it_has_when_all_are_read() -> None:
    one_by_one, whole = (json.loads(_read(_EACH.format(whole=whole))) for whole in (False, True))
    assert len(whole) > 200
    assert one_by_one == whole


def test_a_desk_in_denmark_reads_no_other_country() -> None:
    code = (
        "import sys\nfrom holdord.kernel.public_holidays import public_holidays\n"
        "assert len(public_holidays('DK', '', 2026)) == 10\n"
        "print(*sorted(name for name in sys.modules if name.startswith('holidays.countries.')))"
    )
    assert _read(code).split() == ["holidays.countries.denmark"]
