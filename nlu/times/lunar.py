"""The Chinese lunar calendar (农历) of 2000 to 2098."""

from __future__ import annotations

from datetime import date, timedelta

FIRST_YEAR = 2000

# One number a year: bits 17.. days from 1 January to the lunar new year, 13-16 the month that is followed by
# a leap month of its number (0: none), 0-12 which months, in their order, have 30 days. Checked against
# the new moons of an ephemeris at UTC+8 (GB/T 33661-2017, the rule of the calendar).
_YEARS = (
    0x460693, 0x2E952B, 0x54052B, 0x3E0A5B, 0x2A555A, 0x4E056A, 0x38FB55, 0x600BA4, 0x4A0B49, 0x32BA93,
    0x580A95, 0x42052D, 0x2C8AAD, 0x500AB5, 0x3D35AA, 0x6205D2, 0x4C0DA5, 0x36DD4A, 0x5C0D4A, 0x460C95,
    0x30952E, 0x540556, 0x3E0AB5, 0x2A55B2, 0x5006D2, 0x38CEA5, 0x5E0725, 0x48064B, 0x32AC97, 0x560CAB,
    0x42055A, 0x2C6AD6, 0x520B69, 0x3D7752, 0x620B52, 0x4C0B25, 0x36DA4B, 0x5A0A4B, 0x4404AB, 0x2EA55B,
    0x5405AD, 0x3E0B6A, 0x2A5B52, 0x500D92, 0x3AFD25, 0x5E0D25, 0x480A55, 0x32B4AD, 0x5804B6, 0x4005B5,
    0x2C6DAA, 0x520EC9, 0x3F1E92, 0x620E92, 0x4C0D26, 0x36CA56, 0x5A0A57, 0x440556, 0x2E86D5, 0x540755,
    0x400749, 0x286E93, 0x4E0693, 0x38F52B, 0x5E052B, 0x460A5B, 0x32B55A, 0x58056A, 0x420B65, 0x2C974A,
    0x520B4A, 0x3D1A95, 0x620A95, 0x4A052D, 0x34CAAD, 0x5A0AB5, 0x4605AA, 0x2E8BA5, 0x540DA5, 0x400D4A,
    0x2A7C95, 0x4E0C96, 0x38F94E, 0x5E0556, 0x480AB5, 0x32B5B2, 0x5806D2, 0x420EA5, 0x2E8E4A, 0x50068B,
    0x3B0C97, 0x6004AB, 0x4A055B, 0x34CAD6, 0x5A0B6A, 0x460752, 0x309725, 0x540B45, 0x3E0A8B,
)  # fmt: skip


def solar(year: int, month: int, day: int, *, leap: bool = False) -> date | None:
    """The date of a lunar day; None where there is none: no such leap month, a 30th of a month of 29 days.

    None also outside the years of the table.
    """
    if not (0 <= year - FIRST_YEAR < len(_YEARS) and 1 <= month <= 12):
        return None
    packed = _YEARS[year - FIRST_YEAR]
    leap_month = packed >> 13 & 15
    if leap and leap_month != month:
        return None
    index = month - 1 + (leap or 0 < leap_month < month)
    lengths = [29 + (packed >> place & 1) for place in range(index + 1)]
    if not 1 <= day <= lengths[index]:
        return None
    return date(year, 1, 1) + timedelta(days=(packed >> 17) + sum(lengths[:index]) + day - 1)


def last_day(year: int) -> date | None:
    """New Year's Eve (除夕) at the end of the lunar year."""
    following = solar(year + 1, 1, 1)
    return following and following - timedelta(days=1)
