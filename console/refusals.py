"""What stands against a request, in words for the page that says so."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - reads as the verdict it is
    """A request that is not answered with what it asked for: status, heading, and what to do."""

    def __init__(self, status: int, heading: str, words: str) -> None:
        super().__init__(heading)
        self.status, self.heading, self.words = status, heading, words


def not_found() -> Refused:
    """There is no such page."""
    return Refused(404, "没有这一页", "地址可能写错了,或者这一页已经撤下。")


def not_allowed() -> Refused:
    """The role does not reach that far, or it is another hall's."""
    return Refused(403, "您没有这一页的权限", "需要的话,请找本大厅的主管或者管理员。")


def stale_form() -> Refused:
    """The token of the form is missing, wrong, or of a session that ended."""
    return Refused(403, "这一页放得太久了", "为了安全,这次操作没有执行。请回到上一页,刷新后再做一次。")


def foreign_form() -> Refused:
    """The request was sent by a page of another site."""
    return Refused(403, "这次操作没有执行", "请求不是从本系统的页面发出的。请从工作台里重新操作。")


def too_long() -> Refused:
    """The body is larger than any form of ours."""
    return Refused(413, "内容太长", "一次提交的内容太多,请分几次来。")


def no_form() -> Refused:
    """The body is no form."""
    return Refused(415, "看不懂这次提交", "请从工作台的页面里操作。")
