"""An alarm in words that a person can act on; for the doctor and the console."""

from __future__ import annotations

from typing import Final

from bot.clock import SHANGHAI
from hall.notices.alarms import Alarm

CHANNELS: Final = {
    "custom": "客服消息",
    "subscribe": "订阅通知",
    "template": "模板消息",
    "sms": "短信",
    "wechat": "公众号",
}
_CAUSES: Final = {
    "40001": "AppSecret 不对或被重置,核对 BANSHI_WECHAT_SECRET",
    "40013": "AppID 不对,核对 BANSHI_WECHAT_APPID",
    "40125": "AppSecret 不对,核对 BANSHI_WECHAT_SECRET",
    "40164": "本机地址不在公众号的 IP 白名单里",
    "40037": "模板编号不对或已删除,核对设置里的模板",
    "47003": "模板的字段对不上,核对设置里的字段",
    "45009": "今天的调用次数用完了,零点后自动再发",
    "48001": "公众号没有这个接口的权限,需认证或开通",
    "48004": "接口被封禁,登录公众平台查看原因",
    "50002": "账号被限制,登录公众平台查看原因",
    "isv.AMOUNT_NOT_ENOUGH": "短信账户余额不足",
    "isv.OUT_OF_SERVICE": "短信业务停机",
    "isv.DAY_LIMIT_CONTROL": "短信触发日限额",
    "isv.SMS_SIGNATURE_ILLEGAL": "短信签名没有通过审核,核对 BANSHI_SMS_SIGN_NAME",
    "isv.SMS_TEMPLATE_ILLEGAL": "短信模板没有通过审核,核对 BANSHI_SMS_TEMPLATES",
    "SignatureDoesNotMatch": "短信密钥不对,核对 BANSHI_SMS_ACCESS_KEY_SECRET",
}


def described(alarm: Alarm) -> str:
    """Channel, cause and what to do, since when."""
    channel = CHANNELS.get(alarm.channel, alarm.channel)
    words = _CAUSES.get(alarm.cause, alarm.message)
    kind = f"({alarm.kind})" if alarm.kind else ""
    since = f"{alarm.first.astimezone(SHANGHAI):%m-%d %H:%M} 起 {alarm.count} 次"
    return f"{channel}{kind} {alarm.cause}:{words}({since})"
