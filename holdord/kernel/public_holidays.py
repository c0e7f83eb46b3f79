"""Public holidays of a country and its part, and the eves on which most desks close though the law says workday."""

import sys
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Final

_LANGUAGE: Final = {"DK": "da", "NO": "no", "SE": "sv", "DE": "de", "GB": "en_GB"}


@lru_cache(maxsize=256)
def public_holidays(country: str, subdivision: str, year: int) -> Mapping[date, str]:
    """Date to name of the public holidays of `country` (ISO 3166-1 alpha-2) in `subdivision` (ISO 3166-2, without the
    country; German holidays differ by Land) in `year`. An unknown country has none. Source: the `holidays` library.
    """
    try:
        found = _library().country_holidays(
            country, subdiv=subdivision or None, years=year, language=_LANGUAGE.get(country)
        )
    except NotImplementedError:
        return {}
    return dict(found)


@cache
def _library() -> Any:
    """The `holidays` library with the countries that are asked for. Its package of countries reads all 250 when the
    first of them is needed, which is 8 MB: an empty package stands in its place, and each country is read by itself.
    """
    import holidays  # noqa: PLC0415 - 7 MB that a process without a calendar never needs

    whole = find_spec("holidays.countries")
    if whole is not None and whole.name not in sys.modules:
        package = sys.modules[whole.name] = ModuleType(whole.name)
        package.__path__, package.__spec__ = list(whole.submodule_search_locations or ()), whole
    return holidays


def is_known(country: str, subdivision: str) -> bool:
    """Whether holidays are known for this country and part of it."""
    try:
        _library().country_holidays(country, subdiv=subdivision or None)
    except NotImplementedError:
        return False
    return True


def eves(country: str, year: int) -> Mapping[date, str]:
    """Days that are working days in law but on which desks close: 24 and 31 December, and the Swedish eves.

    They are seeded as closing days of an inbox, where people see and change them.
    """
    days = {
        date(year, 12, 24): _CHRISTMAS_EVE.get(country, "Christmas Eve"),
        date(year, 12, 31): _NEW_YEARS_EVE.get(country, "New Year’s Eve"),
    }
    if country == "SE":
        # Midsummer Eve is the Friday from 19 to 25 June (lag 1989:253 has the Saturday after it).
        first = date(year, 6, 19)
        days[first + timedelta(days=(4 - first.weekday()) % 7)] = "Midsommarafton"
        days[_easter(year) - timedelta(days=1)] = "Påskafton"
    return days


_CHRISTMAS_EVE: Final = {"DK": "Juleaften", "NO": "Julaften", "SE": "Julafton", "DE": "Heiligabend"}
_NEW_YEARS_EVE: Final = {"DK": "Nytårsaften", "NO": "Nyttårsaften", "SE": "Nyårsafton", "DE": "Silvester"}


def _easter(year: int) -> date:
    from dateutil.easter import easter  # noqa: PLC0415 - comes with `holidays`, needed once a year

    found: date = easter(year)
    return found
