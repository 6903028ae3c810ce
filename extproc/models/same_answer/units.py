"""Units of measure under one name each, and which of them convert exactly."""

from __future__ import annotations

from fractions import Fraction

SAME_UNIT = {
    "km": "kilometer", "kms": "kilometer", "kilometre": "kilometer", "m": "meter", "metre": "meter",
    "cm": "centimeter", "centimetre": "centimeter", "mm": "millimeter", "millimetre": "millimeter",
    "mi": "mile", "ft": "foot", "feet": "foot", "lb": "pound", "lbs": "pound", "kg": "kilogram",
    "kgs": "kilogram", "kilo": "kilogram", "g": "gram", "gm": "gram", "mg": "milligram",
    "oz": "ounce", "l": "liter", "litre": "liter", "ml": "milliliter", "millilitre": "milliliter",
    "hr": "hour", "hrs": "hour", "h": "hour", "min": "minute", "mins": "minute", "sec": "second",
    "secs": "second", "ms": "millisecond", "yr": "year", "yrs": "year",
    "wk": "week", "wks": "week", "mth": "month", "mths": "month", "gb": "gigabyte",
    "mb": "megabyte", "tb": "terabyte", "kb": "kilobyte", "%": "percent", "$": "dollar",
    "usd": "dollar", "buck": "dollar", "€": "euro", "eur": "euro", "£": "pound", "gbp": "pound",
    "¥": "yen", "₹": "rupee", "inr": "rupee", "rs": "rupee", "°": "degree", "hourly": "hour",
    "daily": "day", "everyday": "day", "weekly": "week", "monthly": "month", "yearly": "year",
    "annual": "year", "annually": "year", "nightly": "night", "tbsp": "tablespoon",
    "tsp": "teaspoon", "inches": "inch", "sqm": "squaremeter",
}  # fmt: skip
UNITS = frozenset(SAME_UNIT.values()) | frozenset(
    "inch yard acre hectare gallon pint cup tablespoon teaspoon ton tonne stone celsius fahrenheit"  # noqa: SIM905
    " kelvin byte bit watt volt calorie joule franc yuan peso cent penny month week day night"
    " decade century fortnight millisecond".split()
)
_COUNTED = frozenset({"second", "minute", "meter", "cup", "stone", "foot"})
"""Words of another sense too: a unit behind a number, or in the plural, or by a measure word."""
_SHORT = frozenset({"min", "sec", "mi", "rs", "ms", "oz", "gig"})
"""Short forms of another sense: *min wage*."""
_MEASURED = frozenset({"per", "in", "a", "each", "every", "square", "cubic", "many", "half", "an"})

_FAMILIES: tuple[tuple[tuple[str, Fraction], ...], ...] = (
    (
        ("millisecond", Fraction(1, 1000)), ("second", Fraction(1)), ("minute", Fraction(60)),
        ("hour", Fraction(3600)), ("day", Fraction(86400)), ("week", Fraction(604800)),
        ("fortnight", Fraction(1209600)),
    ),
    (
        ("month", Fraction(1)), ("year", Fraction(12)), ("decade", Fraction(120)),
        ("century", Fraction(1200)),
    ),
    (
        ("millimeter", Fraction(1)), ("centimeter", Fraction(10)), ("meter", Fraction(1000)),
        ("kilometer", Fraction(1000000)),
    ),
    (("inch", Fraction(1)), ("foot", Fraction(12)), ("yard", Fraction(36)), ("mile", Fraction(63360))),
    (("milligram", Fraction(1)), ("gram", Fraction(1000)), ("kilogram", Fraction(1000000))),
    (("milliliter", Fraction(1)), ("liter", Fraction(1000))),
)  # fmt: skip
"""Smallest first; a month has no fixed number of days, a gigabyte none of bytes."""
_FAMILY = {unit: family for family in _FAMILIES for unit, _ in family}
_FACTOR = {unit: factor for family in _FAMILIES for unit, factor in family}


def unit_of(plain: str, base: str, before: str, after: str = "") -> str | None:
    """The unit that a word names; a letter or an ambiguous word is one behind a number only."""
    counted = before[:1].isdigit() or before[1:2].isdigit()
    if not counted and ((len(plain) == 1 and plain.isalpha()) or plain in _SHORT):
        return "gram" if (before, plain, after) == ("in", "g", "") else None
    if base == "hour" and before in _HOURS_OF:
        return None
    if (before, base) == ("world", "cup") or plain == "foots":
        return None
    # Only a plural: `center` is no form of `cent` here, whatever its ending.
    stem = base if plain.endswith("s") else plain
    unit = SAME_UNIT.get(plain) or SAME_UNIT.get(stem) or stem
    if unit not in UNITS:
        return None
    if unit == plain and unit in _COUNTED and not counted and before not in _MEASURED:
        return None
    if unit == "second" and plain == "second" and not counted:
        return "second" if before == "per" else None
    return None if unit == "degree" and after in {"celsius", "fahrenheit"} else unit


_HOURS_OF = frozenset(
    {"opening", "business", "office", "working", "visiting", "rush", "peak"}
) | frozenset(
    "monday tuesday wednesday thursday friday saturday sunday weekend holiday".split()  # noqa: SIM905
)
"""*Opening hours* ask when, not how long."""


def amount(value: Fraction, unit: str) -> tuple[str | None, str | None]:
    """A number with its unit in one spelling, or the bare unit where it is one of it.

    60 minutes are an hour, 12 months a year; 1.80 m are 180 cm; 90 minutes are 5400 seconds.
    """
    family = _FAMILY.get(unit)
    if family is None:
        return (
            (f"{spelled(value)} {unit}", None) if value != 1 or unit == "percent" else (None, unit)
        )
    least = value * _FACTOR[unit]
    for own, factor in family:
        if least == factor and own != "fortnight":
            return None, own
    return f"{spelled(least / family[0][1])} {family[0][0]}", None


def spelled(value: Fraction) -> str:
    """As one would write it: no exponent, no needless zeros."""
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.10g}"
