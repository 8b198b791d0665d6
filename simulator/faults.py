"""Faults on demand: what the platform does wrong when it is told to."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import count
from typing import Any, Literal, get_args

# code: answer with `code`, nothing done. slow: wait `seconds`, then go on. down: drop the connection, nothing
# done. lost: do what was asked, then drop the connection instead of answering.
FaultKind = Literal["code", "slow", "down", "lost"]
LONGEST = 120.0
MOST = 50


class FaultError(ValueError):
    """A fault that makes no sense, said in one line for the page."""


@dataclass(slots=True)
class Fault:
    """One fault on an endpoint ("*" for all); `times` is None for a fault that stays."""

    id: int
    endpoint: str
    kind: FaultKind
    code: int = 0
    seconds: float = 0.0
    times: int | None = 1

    def to_dict(self) -> dict[str, Any]:
        """Give the fault as the control API shows it."""
        return asdict(self)


class Faults:
    """The faults in force."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._ids = count(1)

    def add(
        self,
        endpoint: str = "*",
        kind: FaultKind = "code",
        *,
        code: int = -1,
        seconds: float = 0.0,
        times: int | None = 1,
    ) -> Fault:
        """Put a fault in force; raise FaultError if it makes no sense."""
        if kind not in get_args(FaultKind):
            raise FaultError("故障类型只有 code、slow、down、lost")
        if times is not None and times < 1:
            raise FaultError("次数至少是 1,一直有效请留空")
        if not 0 <= seconds <= LONGEST:
            raise FaultError(f"延迟在 0 到 {LONGEST:.0f} 秒之间")
        if kind == "code" and code == 0:
            raise FaultError("错误码 0 表示成功,请换一个")
        if len(self._faults) >= MOST:
            raise FaultError(f"最多同时 {MOST} 个故障,请先清除")
        fault = Fault(next(self._ids), endpoint.strip("/") or "*", kind, code, seconds, times)
        self._faults.append(fault)
        return fault

    def take(self, endpoint: str) -> list[Fault]:
        """Give the faults that hit this call, one of each kind, and count them down."""
        hit: dict[str, Fault] = {}
        for fault in self._faults:
            if fault.endpoint in ("*", endpoint):
                hit.setdefault(fault.kind, fault)
        for fault in hit.values():
            if fault.times is not None:
                fault.times -= 1
        self._faults = [f for f in self._faults if f.times is None or f.times > 0]
        return list(hit.values())

    def remove(self, fault_id: int) -> None:
        """Lift one fault; one already gone is no error."""
        self._faults = [f for f in self._faults if f.id != fault_id]

    def clear(self) -> None:
        """Lift all faults."""
        self._faults.clear()

    def __iter__(self) -> Any:
        return iter(list(self._faults))

    def __len__(self) -> int:
        return len(self._faults)
