"""The files a model is made of, and their fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

_CODE = Path(__file__).parent.parent / "components"


@dataclass(frozen=True, slots=True)
class Project:
    """A Rasa project: domain, config, and where the training data are."""

    domain: Path
    config: Path
    data: tuple[Path, ...]

    @classmethod
    def at(cls, root: Path) -> Project:
        """The project in the usual places under a directory."""
        return cls(root / "domain.yml", root / "config.yml", (root / "data" / "nlu", root / "data" / "rules"))

    def fingerprint(self) -> str:
        """What changes with anything a model depends on, the code of our components and Rasa included.

        Raises FileNotFoundError when a part of the project is missing.
        """
        digest = hashlib.sha256(version("rasa").encode())
        for part in (self.domain, self.config, *self.data, _CODE):
            if not part.exists():
                raise FileNotFoundError(part)
            for path in _files(part):
                name = path.relative_to(part.parent).as_posix()
                digest.update(f"\0{name}\0".encode())
                digest.update(path.read_bytes())
        return digest.hexdigest()


def _files(part: Path) -> Iterator[Path]:
    if part.is_file():
        yield part
        return
    yield from sorted(path for path in part.rglob("*") if path.suffix in (".yml", ".yaml", ".py"))
