"""What an operator watches, in Prometheus' terms; served at /metrics."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

turns = Counter("banshi_turns_total", "Turns taken, by what kind of push began them", ["kind"])
turn_seconds = Histogram(
    "banshi_turn_seconds",
    "From a push that is understood to its committed answer",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 4.5, 10),
)
turn_errors = Counter("banshi_turn_errors_total", "Turns that ended in an apology")
late_answers = Counter("banshi_late_answers_total", "Answers that missed WeChat's five seconds")
repeated_pushes = Counter("banshi_repeated_pushes_total", "Pushes that WeChat delivered again")
limited_pushes = Counter("banshi_limited_pushes_total", "Pushes over a citizen's rate")
sent_messages = Counter("banshi_sent_messages_total", "Customer-service messages, by outcome", ["outcome"])
notices = Counter(
    "banshi_notices_total",
    "Notices, by kind, the state they were left in and the channel",
    ["kind", "state", "channel"],
)
notice_alarms = Counter(
    "banshi_notice_alarms_total", "What a person must mend, when it begins", ["channel", "cause"]
)
notice_delay = Histogram(
    "banshi_notice_delay_seconds",
    "From when a notice was due until it was taken, by urgency",
    ["urgent"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1800, 7200),
)
booking_upkeep = Counter(
    "banshi_booking_upkeep_total", "What was done beside the conversation about bookings", ["what"]
)
