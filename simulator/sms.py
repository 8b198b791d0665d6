"""A provider of SMS, as Alibaba Cloud answers SendSms: signature, templates, limits, and what arrived."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import quote

KEY_ID = "simulator-sms-key"
KEY_SECRET = "simulator-sms-secret"  # noqa: S105 - the simulator's
SIGN_NAME = "安澜政务"
ENDPOINT = "sms/SendSms"
"""The name under which faults are put in force and calls are logged."""
MOST_KEPT = 200
# The provider: 50 notices a day to one phone under one signature and template.
MOST_A_DAY = 50
_LATE = timedelta(minutes=15)
_PHONE = re.compile(r"1\d{10}")
_FIELD = re.compile(r"\$\{(\w+)\}")
_REQUIRED = ("PhoneNumbers", "SignName", "TemplateCode", "Timestamp", "SignatureNonce")

TEMPLATES: Mapping[str, str] = {
    "SMS_SIM_VISIT": "您预约了${item},时间${time},地点${place},签到码${code}。",
    "SMS_SIM_CALL": "您的排队号${number}:${say}。",
    "SMS_SIM_NEWS": "${say}:${item},详情见公众号。",
}


class SmsRefusedError(Exception):
    """A request that the provider refuses, with its code."""

    def __init__(self, code: str, message: str, status: int = 200) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


@dataclass(frozen=True, slots=True)
class Sms:
    """An SMS as it arrived."""

    id: int
    phone: str
    text: str
    at: str
    reference: str

    def to_dict(self) -> dict[str, Any]:
        """Give the SMS as the page shows it."""
        return asdict(self)


class SmsProvider:
    """Takes SMS of one account and keeps what arrived."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._ids = count(1)
        self._nonces: deque[str] = deque(maxlen=10_000)
        self.arrived: deque[Sms] = deque(maxlen=MOST_KEPT)

    def take(self, method: str, params: Mapping[str, str]) -> Sms:
        """Take a request; raise SmsRefusedError where the provider would refuse it."""
        self._check_account(method, params)
        phone = params["PhoneNumbers"]
        if not _PHONE.fullmatch(phone):
            raise SmsRefusedError("isv.MOBILE_NUMBER_ILLEGAL", "非法手机号")
        if params["SignName"] != SIGN_NAME:
            raise SmsRefusedError("isv.SMS_SIGNATURE_ILLEGAL", "短信签名不合法")
        text = _text(params["TemplateCode"], params.get("TemplateParam", ""))
        today = self._now().date().isoformat()
        if sum(sms.phone == phone and sms.at.startswith(today) for sms in self.arrived) >= MOST_A_DAY:
            raise SmsRefusedError("isv.BUSINESS_LIMIT_CONTROL", "触发天级流控")
        sms = Sms(next(self._ids), phone, text, self._now().isoformat(), params.get("OutId", ""))
        self.arrived.append(sms)
        return sms

    def _check_account(self, method: str, params: Mapping[str, str]) -> None:
        if params.get("AccessKeyId") != KEY_ID:
            raise SmsRefusedError("InvalidAccessKeyId.NotFound", "Specified access key is not found.", 404)
        unsigned = {name: value for name, value in params.items() if name != "Signature"}
        if not hmac.compare_digest(params.get("Signature", "").encode(), _signed(method, unsigned).encode()):
            raise SmsRefusedError("SignatureDoesNotMatch", "Specified signature is not matched.", 400)
        missing = next((name for name in _REQUIRED if not params.get(name)), None)
        if missing:
            raise SmsRefusedError(f"Missing{missing}", f"{missing} is mandatory", 400)
        if params["SignatureNonce"] in self._nonces:
            raise SmsRefusedError("SignatureNonceUsed", "Specified signature nonce was used already.", 400)
        self._nonces.append(params["SignatureNonce"])
        try:
            sent = datetime.strptime(params["Timestamp"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            raise SmsRefusedError(
                "InvalidTimeStamp.Format", "Specified time stamp is malformed.", 400
            ) from None
        if abs(self._now() - sent) > _LATE:
            raise SmsRefusedError("InvalidTimeStamp.Expired", "Specified time stamp is expired.", 400)


def _text(template: str, given: str) -> str:
    content = TEMPLATES.get(template)
    if content is None:
        raise SmsRefusedError("isv.SMS_TEMPLATE_ILLEGAL", "短信模板不合法")
    try:
        values = json.loads(given or "{}")
    except ValueError:
        values = None
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise SmsRefusedError("isv.INVALID_JSON_PARAM", "JSON参数不合法")
    missing = [name for name in _FIELD.findall(content) if not values.get(name)]
    if missing:
        raise SmsRefusedError("isv.TEMPLATE_MISSING_PARAMETERS", f"模版缺少变量 {missing[0]}")
    return f"【{SIGN_NAME}】" + _FIELD.sub(lambda found: values[found[1]], content)


def _signed(method: str, params: Mapping[str, str]) -> str:
    pairs = sorted(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in params.items())
    to_sign = "&".join([method, "%2F", quote("&".join(pairs), safe="~")])
    key = f"{KEY_SECRET}&".encode()
    return base64.b64encode(hmac.new(key, to_sign.encode(), hashlib.sha1).digest()).decode()
