from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hall.notices.channels import Channel, Equipped, Reachable, open_now
from hall.notices.verdicts import MOST_ATTEMPTS, Fault, Step, Verdict, quota_resets, verdict

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
EVERYTHING = Equipped(custom=True, subscription="tmpl", template=True, sms=True)
HERE = Reachable(last_seen=NOW - timedelta(hours=1), allowed=frozenset({"tmpl"}))


def judge(
    fault: Fault, channel: Channel = Channel.CUSTOM, attempts: int = 1, useful: timedelta = timedelta(hours=1)
) -> Verdict:
    return verdict(fault, channel, attempts=attempts, useful_until=NOW + useful, now=NOW)


def test_busy_waits_longer_each_time_and_ends_with_the_next_channel() -> None:
    waits = [judge(Fault.BUSY, attempts=n).wait.total_seconds() for n in range(1, MOST_ATTEMPTS)]
    assert waits == [2, 4, 8, 16]
    assert judge(Fault.BUSY, attempts=MOST_ATTEMPTS).step is Step.NEXT


def test_too_fast_waits_for_the_next_minute() -> None:
    assert judge(Fault.TOO_FAST).wait == timedelta(minutes=1)
    assert judge(Fault.TOO_FAST, useful=timedelta(seconds=50)).step is Step.NEXT


def test_waiting_beyond_the_use_of_a_notice_is_no_waiting() -> None:
    assert judge(Fault.BUSY, useful=timedelta(seconds=2)).step is Step.NEXT
    assert judge(Fault.BUSY, useful=timedelta(seconds=3)).step is Step.AGAIN


def test_a_refused_token_waits_until_another_may_be_forced() -> None:
    assert judge(Fault.TOKEN).wait > timedelta(seconds=30)
    last = judge(Fault.TOKEN, attempts=MOST_ATTEMPTS)
    assert (last.step, last.alarm) == (Step.NEXT, True)


@pytest.mark.parametrize("channel", [Channel.CUSTOM, Channel.SUBSCRIBE, Channel.SMS])
def test_an_unknown_outcome_is_never_repeated(channel: Channel) -> None:
    assert judge(Fault.UNKNOWN, channel).step is Step.UNSURE


def test_an_unknown_outcome_of_a_template_message_is_repeated_a_bounded_number_of_times() -> None:
    assert judge(Fault.UNKNOWN, Channel.TEMPLATE).step is Step.AGAIN
    assert judge(Fault.UNKNOWN, Channel.TEMPLATE, attempts=MOST_ATTEMPTS).step is Step.UNSURE


@pytest.mark.parametrize(
    "fault", [Fault.WINDOW, Fault.LIMITED, Fault.NO_CONSENT, Fault.UNREACHABLE, Fault.OTHER]
)
def test_what_concerns_one_citizen_rings_no_alarm(fault: Fault) -> None:
    assert judge(fault) == Verdict(Step.NEXT)


def test_a_quota_stops_the_channel_until_midnight_in_shanghai() -> None:
    assert judge(Fault.QUOTA).stop_until == datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
    assert quota_resets(datetime(2026, 12, 1, 16, 0, tzinfo=UTC)) == datetime(2026, 12, 2, 16, 0, tzinfo=UTC)


def test_what_a_person_must_mend_rings_and_stops_the_channel() -> None:
    for fault in (Fault.ACCOUNT, Fault.BAD):
        found = judge(fault)
        assert found.alarm
        assert found.stop_until is not None
        assert found.kind_only == (fault is Fault.BAD)


def test_channels_are_tried_in_the_designs_order() -> None:
    assert open_now(HERE, EVERYTHING, now=NOW) == tuple(Channel)


def test_the_window_ends_a_little_before_the_platforms() -> None:
    seen = Reachable(last_seen=NOW - timedelta(hours=47, minutes=54))
    assert Channel.CUSTOM in open_now(seen, EVERYTHING, now=NOW)
    assert Channel.CUSTOM not in open_now(seen, EVERYTHING, now=NOW + timedelta(minutes=2))


def test_who_never_wrote_has_no_window() -> None:
    assert open_now(Reachable(), EVERYTHING, now=NOW) == (Channel.TEMPLATE, Channel.SMS)


def test_a_closed_window_opens_when_the_citizen_writes_again() -> None:
    closed = Reachable(last_seen=NOW, window_closed=NOW + timedelta(minutes=1))
    assert Channel.CUSTOM not in open_now(closed, EVERYTHING, now=NOW + timedelta(minutes=2))
    again = Reachable(last_seen=NOW + timedelta(minutes=2), window_closed=NOW + timedelta(minutes=1))
    assert Channel.CUSTOM in open_now(again, EVERYTHING, now=NOW + timedelta(minutes=3))


def test_who_does_not_follow_is_reached_by_sms_alone() -> None:
    gone = Reachable(last_seen=NOW, following=False, allowed=frozenset({"tmpl"}))
    assert open_now(gone, EVERYTHING, now=NOW) == (Channel.SMS,)


def test_a_subscription_needs_a_consent_to_this_template() -> None:
    other = Reachable(allowed=frozenset({"another"}))
    assert Channel.SUBSCRIBE not in open_now(other, EVERYTHING, now=NOW)
    assert Channel.SUBSCRIBE not in open_now(Reachable(allowed=frozenset({""})), Equipped(), now=NOW)


def test_what_was_tried_in_vain_or_is_stopped_is_passed_over() -> None:
    found = open_now(HERE, EVERYTHING, closed={Channel.CUSTOM}, stopped={Channel.TEMPLATE}, now=NOW)
    assert found == (Channel.SUBSCRIBE, Channel.SMS)
