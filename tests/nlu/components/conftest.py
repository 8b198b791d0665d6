from __future__ import annotations

import warnings

from nlu.agent.slim import without_tensorflow

with without_tensorflow(), warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import nlu.agent.turn  # noqa: F401 - Rasa, without what warns and what is heavy
