"""Imports Rasa without TensorFlow, which nothing of a linear model needs.

Two modules of Rasa's import TensorFlow on the way to its message processor, for classes that only train
networks. While Rasa is imported, empty classes stand in their places; afterwards the stand-ins are gone,
so that a component which does need TensorFlow (DIET, TED) imports the real modules. Saves 200 MB and
2 seconds of every start. Training, in a process of its own, imports everything.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, NoReturn

_TRAINING_ONLY = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator",),
}


@contextmanager
def without_tensorflow() -> Iterator[None]:
    """Keep TensorFlow out of what is imported inside; does nothing where it is imported already."""
    names = (
        [] if "tensorflow" in sys.modules else [name for name in _TRAINING_ONLY if name not in sys.modules]
    )
    for name in names:
        sys.modules[name] = _stand_in(name)
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


def _stand_in(name: str) -> ModuleType:
    module = ModuleType(name, "Stands in for a module that only training needs.")
    for class_name in _TRAINING_ONLY[name]:
        setattr(module, class_name, type(class_name, (), {"__init__": _refuse}))
    return module


def _refuse(self: Any, *_: Any, **__: Any) -> NoReturn:
    raise RuntimeError(f"{type(self).__name__} trains networks: train in a process of its own")
