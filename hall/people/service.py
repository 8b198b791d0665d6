"""The people desk: citizens, their consent, the people they keep and act for, and their rights over it all.

Each function works in the caller's transaction. Personal data is sealed by the `Vault` handed in, shown
masked, and in the open only by `reveal` and `export`, which are logged.
"""

from __future__ import annotations

from hall.people.access import AccessLine, Revealed, accesses, reveal
from hall.people.blind import BlindIndex, Vault
from hall.people.citizens import (
    citizen_id_of,
    give_consent,
    has_consent,
    openid_of,
    register,
    require_consent,
    withdraw_consent,
)
from hall.people.entries import (
    Draft,
    MaskedPerson,
    SameNumber,
    find_same,
    people_of,
    remove,
    save_other,
    save_own,
)
from hall.people.proxies import Party, may_act_for, party_of, record_proxy, withdraw_proxy
from hall.people.resealing import Resealed, reseal
from hall.people.rights import erase, export, finish_erasures

__all__ = [
    "AccessLine",
    "BlindIndex",
    "Draft",
    "MaskedPerson",
    "Party",
    "Resealed",
    "Revealed",
    "SameNumber",
    "Vault",
    "accesses",
    "citizen_id_of",
    "erase",
    "export",
    "find_same",
    "finish_erasures",
    "give_consent",
    "has_consent",
    "may_act_for",
    "openid_of",
    "party_of",
    "people_of",
    "record_proxy",
    "register",
    "remove",
    "require_consent",
    "reseal",
    "reveal",
    "save_other",
    "save_own",
    "withdraw_consent",
    "withdraw_proxy",
]
