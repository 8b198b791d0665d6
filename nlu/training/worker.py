"""Trains one model in a process of its own: Rasa's training imports everything it has, and blocks.

Started by `nlu.training.train`. Says on standard output how far it is, one JSON object a line: `step`
while it goes on, then `model` or `error`. What Rasa itself prints goes to standard error.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

Say = Callable[[dict[str, str]], None]

_STARTING = re.compile(r"Starting to train component '(\w+)'")


class _Steps(logging.Handler):
    """Tells of each component that Rasa begins to train."""

    def __init__(self, say: Say) -> None:
        super().__init__(logging.INFO)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        match = _STARTING.search(record.getMessage())
        if match:
            self._say({"step": f"training {match.group(1)}"})


def main() -> int:
    """Train as the arguments say; 0 when there is a model.

    Rasa leaves with SystemExit in places, and has printed why.
    """
    parser = argparse.ArgumentParser(description="train a model (internal)")
    parser.add_argument("--domain", required=True)
    parser.add_argument("--config", required=True)
    parser.add_argument("--data", action="append", required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    output = sys.stdout

    def say(line: dict[str, str]) -> None:
        print(json.dumps(line, ensure_ascii=False), file=output, flush=True)

    with redirect_stdout(sys.stderr):
        return _train(arguments, say)


def _train(arguments: argparse.Namespace, say: Say) -> int:
    say({"step": "loading Rasa"})
    from rasa.model_training import train
    from rasa.shared.exceptions import RasaException

    hooks = logging.getLogger("rasa.engine.training.hooks")
    hooks.setLevel(logging.INFO)
    hooks.addHandler(_Steps(say))
    say({"step": "reading the training data"})
    try:
        result = train(
            domain=arguments.domain,
            config=arguments.config,
            training_files=arguments.data,
            output=str(arguments.out.parent),
            fixed_model_name=arguments.out.name,
            force_training=True,
        )
    except (RasaException, ValueError, OSError) as error:
        say({"error": " ".join(str(error).split()) or type(error).__name__})
        return 1
    if not result.model:
        say({"error": "nothing to train: no training data were found"})
        return 1
    say({"model": str(result.model)})
    return 0


if __name__ == "__main__":
    sys.exit(main())
