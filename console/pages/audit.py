"""The audit (审计): who of the staff did what, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from console.fields import number_in
from console.naming import when
from console.permissions import Entry, get
from console.refusals import not_allowed
from console.visit import Visit
from hall.staff.service import AuditLine, Role, accounts, audit_lines

ENTRIES: tuple[Entry, ...] = (Entry("/console/audit", "审计", Role.ADMIN, 90),)
HOME: Final = "/console/audit"
_PORTION: Final = 100
_LONGEST: Final = 100
ACTIONS: Final[Mapping[str, str]] = {
    "logged_in": "登录",
    "logged_out": "退出",
    "log_in_refused": "登录没有通过",
    "staff_added": "加了人员",
    "staff_changed": "改了人员",
    "staff_disabled": "停用人员",
    "staff_enabled": "恢复人员",
    "staff_password_set": "重设密码",
    "staff_unlocked": "解锁",
    "display_made": "做了大屏链接",
    "display_revoked": "收回大屏链接",
    "booking_checked_in": "签到",
    "booking_late": "迟到签到",
    "ticket_given": "导办台取号",
    "booking_cancelled": "取消预约",
    "booking_moved": "预约改期",
    "person_revealed": "查看个人信息",
    "penalty_lifted": "解除限制",
    "no_show_excused": "免除爽约",
    "appeal_granted": "申诉成立",
    "appeal_refused": "申诉不成立",
    "capacity_set": "改号源",
    "slots_set": "改时段人数",
    "queue_stopped": "停发号",
    "queue_resumed": "恢复发号",
    "days_set": "设停业延时",
    "days_cleared": "撤销停业延时",
    "year_published": "公布年度日历",
    "year_withdrawn": "撤回年度日历",
    "notice_retried": "再发通知",
    "notice_dismissed": "通知不用发",
    "alarm_mended": "通知渠道修好",
    "code_made": "生成取号码",
    "window_opened": "开窗口",
    "window_paused": "暂停窗口",
    "window_resumed": "恢复窗口",
    "window_closed": "关窗口",
    "window_stand_in": "设 AB 岗",
    "ticket_called": "叫号",
    "ticket_recalled": "重叫",
    "ticket_served": "开始办",
    "ticket_finished": "办完",
    "ticket_passed": "过号",
    "ticket_held": "挂起",
    "ticket_resumed": "挂起回来",
    "ticket_rejoined": "过号回来",
    "ticket_transferred": "转窗口",
}


def routes() -> Iterable[web.RouteDef]:
    """The routes of this module."""
    return [get("/audit", Role.ADMIN, show)]


async def show(visit: Visit) -> web.StreamResponse:
    """The lines, of one account or subject where one is asked for, a page at a time."""
    if visit.account.hall:
        raise not_allowed()
    query = visit.request.query
    who, subject = query.get("who", "").strip()[:_LONGEST], query.get("subject", "").strip()[:_LONGEST]
    before = number_in(query.get("before", ""))
    async with visit.reading() as session:
        found = await audit_lines(session, who=who, subject=subject, before=before, most=_PORTION + 1)
        logins = [one.login for one in await accounts(session)]
    shown = found[:_PORTION]
    older = ""
    if len(found) > _PORTION:
        older = f"{HOME}?{urlencode({'who': who, 'subject': subject, 'before': shown[-1].id})}"
    return visit.page(
        "audit.html",
        rows=[_row(line) for line in shown],
        who=who,
        subject=subject,
        logins=logins,
        older=older,
        newest=not before,
    )


def _row(line: AuditLine) -> dict[str, str]:
    by_subject = f"{HOME}?{urlencode({'subject': line.subject})}"
    action = ACTIONS.get(line.action, line.action)
    return {
        "at": f"{when(line.at)}",
        "who": line.who,
        "action": action,
        "subject": line.subject,
        "address": by_subject,
        "detail": line.detail,
    }
