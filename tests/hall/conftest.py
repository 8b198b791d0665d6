from __future__ import annotations

from hypothesis import HealthCheck, settings

# A shared machine may stall any example; how long one takes proves nothing.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
