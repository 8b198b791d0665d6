"""Naming people to staff: masked, by their ids."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hall.people.access import opened
from hall.people.blind import Vault
from hall.people.masks import masked_name
from hall.people.models import Person


async def masked_names(session: AsyncSession, vault: Vault, ids: Collection[int]) -> dict[int, str]:
    """The masked names (张*) of these people; who is gone or has no name is left out."""
    if not ids:
        return {}
    rows = await session.scalars(select(Person).where(Person.id.in_(set(ids)), Person.name.is_not(None)))
    return {row.id: masked_name(opened(vault, row, "name")) for row in rows}
