"""Leases in Redis: one turn per push, one turn at a time per citizen, on whichever replica.

Both are taken in one step where nothing stands in the way, and given back in one step with the
answer, so that an uncontended turn costs two round trips. A lease runs out by itself when its
process dies; a living one renews it.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from redis.asyncio import Redis

# A dead process frees its push before WeChat's second repetition (about 10 s after the first delivery).
LEASE_MS = 4_000
RENEW_SECONDS = 1.0
# Longer than WeChat repeats a push, and long enough for a replay to find its answer.
ANSWER_SECONDS = 600
RATE_WINDOW_SECONDS = 60
# Where the revision is forgotten the row is read again.
REVISION_SECONDS = 3600
_POLL_SECONDS = 0.02

# KEYS: push, rate, lock, revision. ARGV: owner, lease ms, rate window s
_CLAIM = """
local known = redis.call('GET', KEYS[1])
if known then return {known, 0, 0, ''} end
redis.call('SET', KEYS[1], 'running:' .. ARGV[1], 'PX', ARGV[2])
local count = redis.call('INCR', KEYS[2])
if count == 1 then redis.call('EXPIRE', KEYS[2], ARGV[3]) end
local locked = redis.call('SET', KEYS[3], ARGV[1], 'NX', 'PX', ARGV[2])
return {'', count, locked and 1 or 0, redis.call('GET', KEYS[4]) or ''}
"""
# KEYS: push, lock, revision. ARGV: owner, answer, answer seconds, revision, revision seconds
_FINISH = """
redis.call('SET', KEYS[1], 'done:' .. ARGV[2], 'EX', ARGV[3])
redis.call('SET', KEYS[3], ARGV[4], 'EX', ARGV[5])
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
return 1
"""
# KEYS: push, lock. ARGV: owner
_ABANDON = """
if redis.call('GET', KEYS[1]) == 'running:' .. ARGV[1] then redis.call('DEL', KEYS[1]) end
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
return 1
"""
# KEYS: push, lock. ARGV: owner, lease ms
_RENEW = """
if redis.call('GET', KEYS[1]) == 'running:' .. ARGV[1] then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('PEXPIRE', KEYS[2], ARGV[2]) end
return 1
"""


def mark(name: str) -> str:
    """What stands in Redis for an account or a push: its file outlives the keys, and names nobody.

    An openid cannot be guessed, so that its digest needs no key.
    """
    return blake2b(name.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to take the turn of one push.

    `answer` is set where the push was answered already; `running` where another turn is at it;
    `messages` counts the citizen's pushes in the current minute; `revision` is that of the
    conversation's row after the last turn anywhere, None where nobody remembers.
    """

    push: str
    lock: str
    revision_key: str
    owner: str
    answer: str | None = None
    running: bool = False
    locked: bool = False
    messages: int = 0
    revision: int | None = None


class Leases:
    """Claims on pushes and conversations."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._claim: Any = redis.register_script(_CLAIM)
        self._finish: Any = redis.register_script(_FINISH)
        self._abandon: Any = redis.register_script(_ABANDON)
        self._renew: Any = redis.register_script(_RENEW)

    async def claim(self, openid: str, identity: str) -> Claim:
        """Claim a push and, where it is free, the citizen's conversation."""
        # One hash tag for all: the keys stand on one node of a cluster.
        parts = (f"push:{mark(identity)}", "rate", "lock", "revision")
        push, rate, lock, revision_key = (f"banshi:{{{mark(openid)}}}:{part}" for part in parts)
        # Tells owners apart and is no secret: not worth a system call.
        owner = f"{random.getrandbits(64):x}"
        known, messages, locked, revision = await self._claim(
            keys=[push, rate, lock, revision_key], args=[owner, LEASE_MS, RATE_WINDOW_SECONDS]
        )
        state = known.decode()
        if state.startswith("done:"):
            return Claim(push, lock, revision_key, owner, answer=state.removeprefix("done:"))
        return Claim(
            push,
            lock,
            revision_key,
            owner,
            running=bool(state),
            locked=bool(locked),
            messages=messages,
            revision=int(revision) if revision else None,
        )

    async def wait_for_lock(self, claim: Claim) -> Claim:
        """Wait until the conversation is free, then hold it. Bounded by the other turn's lease."""
        while True:
            if await self._redis.set(claim.lock, claim.owner, nx=True, px=LEASE_MS):
                # What was claimed beside the other turn is not what that turn left.
                return replace(claim, locked=True, revision=None)
            await asyncio.sleep(_POLL_SECONDS)

    async def wait_for_answer(self, claim: Claim) -> str | None:
        """The answer of the turn that runs elsewhere; None where that turn died without one."""
        while True:
            value: Any = await self._redis.get(claim.push)
            if value is None:
                return None
            state: str = value.decode()
            if state.startswith("done:"):
                return state.removeprefix("done:")
            await asyncio.sleep(_POLL_SECONDS)

    async def renew(self, claim: Claim) -> None:
        """Keep the claim alive for another lease."""
        await self._renew(keys=[claim.push, claim.lock], args=[claim.owner, LEASE_MS])

    async def finish(self, claim: Claim, answer: str, revision: int) -> None:
        """Keep the answer for repeated pushes and free the conversation, whose row is at `revision`."""
        await self._finish(
            keys=[claim.push, claim.lock, claim.revision_key],
            args=[claim.owner, answer, ANSWER_SECONDS, revision, REVISION_SECONDS],
        )

    async def abandon(self, claim: Claim) -> None:
        """Give the claim back without an answer, so that a repeated push is taken anew."""
        await self._abandon(keys=[claim.push, claim.lock], args=[claim.owner])
