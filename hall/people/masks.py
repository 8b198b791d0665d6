"""How personal data is shown where the role does not need it whole. Pure."""

from __future__ import annotations

_HIDDEN = "*"
_HOME_PREFIX = "+86"


def masked_name(name: str) -> str:
    """王*, 王*明, 欧**修: the first and the last character; of two, the first."""
    if len(name) <= 1:
        return _HIDDEN * len(name)
    if len(name) == 2:
        return name[0] + _HIDDEN
    return name[0] + _HIDDEN * (len(name) - 2) + name[-1]


def masked_id_number(number: str) -> str:
    """340***********123X: the province and the last four; the birthday is hidden."""
    return number[:3] + _HIDDEN * (len(number) - 7) + number[-4:] if number else ""


def masked_phone(phone: str) -> str:
    """138****8000 for a number in E.164; of a foreign one the country code and the last four stay."""
    local = phone.removeprefix(_HOME_PREFIX)
    if len(local) <= 7:
        return _HIDDEN * max(0, len(local) - 2) + local[-2:]
    return local[:3] + _HIDDEN * (len(local) - 7) + local[-4:]
