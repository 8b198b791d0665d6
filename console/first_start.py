"""The first admin, of a place that has no staff yet."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot.clock import Clock
from hall.db import reading, writing
from hall.staff.service import Passwords, any_staff, first_admin, generate


async def first_password(engine: AsyncEngine, passwords: Passwords, clock: Clock) -> str:
    """The password of the admin that was made now; "" where there are staff. It is told this once.

    Of replicas that start at once only one gets it.
    """
    async with AsyncSession(reading(engine)) as session:
        if await any_staff(session):
            return ""
    password = generate()
    hashed = await passwords.hash(password)
    async with writing(engine) as connection, AsyncSession(connection) as session:
        made = await first_admin(session, password=hashed, now=clock())
        await session.flush()
        await connection.commit()
    return password if made else ""
