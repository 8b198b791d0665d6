"""What can go wrong at the people desk. Each carries what somebody needs to act, and no personal data."""

from __future__ import annotations


class ConsentMissing(Exception):  # noqa: N818 - reads as the verdict it is
    """Personal data was to be kept or used without the citizen's consent: ask for it first."""


class ProxyConsentMissing(Exception):  # noqa: N818 - reads as the verdict it is
    """Somebody is to be acted for whose consent is not recorded: ask how they gave it."""

    def __init__(self, person_id: int) -> None:
        super().__init__(f"no consent of person {person_id} to be acted for")
        self.person_id = person_id


class UnknownPerson(LookupError):  # noqa: N818 - reads as the verdict it is
    """There is no such entry, or it belongs to another citizen."""


class UnknownCitizen(LookupError):  # noqa: N818 - reads as the verdict it is
    """There is no such citizen, or they were erased."""


class NameWrong(ValueError):  # noqa: N818 - reads as the verdict it is
    """No name of a person: too short, too long, or with characters that names do not have."""


class AlreadyKept(Exception):  # noqa: N818 - reads as the verdict it is
    """The citizen keeps the same ID number for another person: `person_id`; use or correct that one."""

    def __init__(self, person_id: int) -> None:
        super().__init__(f"kept already as person {person_id}")
        self.person_id = person_id


class TooManyPeople(Exception):  # noqa: N818 - reads as the verdict it is
    """The citizen keeps as many people as one may: remove one first."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"at most {limit} people")
        self.limit = limit


class ReasonMissing(ValueError):  # noqa: N818 - reads as the verdict it is
    """Personal data is shown in the open only to somebody who is named and says why."""
