"""SMS by Alibaba Cloud (阿里云短信, SendSms of 2017-05-25), with its RPC signature (HMAC-SHA1).

The provider's document: https://help.aliyun.com/document_detail/101343.htm (signature) and 101346 (codes).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import UTC
from typing import Any, Final
from urllib.parse import quote

import aiohttp

from bot.clock import Clock
from bot.sms.port import (
    SmsAccountProblem,
    SmsBadMessage,
    SmsBadNumber,
    SmsBusy,
    SmsError,
    SmsLimited,
    SmsOutcomeUnknown,
    SmsQuotaExhausted,
)

ENDPOINT: Final = "https://dysmsapi.aliyuncs.com"
_TIMEOUT: Final = aiohttp.ClientTimeout(total=10, connect=3, sock_read=8)
_MAX_ANSWER: Final = 65_536
_OK: Final = "OK"

# Raised before anything of the request has left.
_BEFORE_SENDING = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ServerFingerprintMismatch,
    aiohttp.InvalidURL,
)

_CLASSES: Final[dict[type[SmsError], tuple[str, ...]]] = {
    # isp.UNKNOWN and isp.SYSTEM_ERROR are answers: the SMS was not taken.
    SmsBusy: ("isp.SYSTEM_ERROR", "isp.UNKNOWN", "isp.GATEWAY_ERROR", "ServiceUnavailable", "InternalError"),
    SmsLimited: ("isv.BUSINESS_LIMIT_CONTROL",),
    SmsQuotaExhausted: ("isv.DAY_LIMIT_CONTROL", "isv.MONTH_LIMIT_CONTROL"),
    SmsBadNumber: ("isv.MOBILE_NUMBER_ILLEGAL", "isv.MOBILE_COUNT_OVER_LIMIT"),
    SmsBadMessage: (
        "isv.SMS_TEMPLATE_ILLEGAL",
        "isv.SMS_SIGNATURE_ILLEGAL",
        "isv.SMS_SIGN_ILLEGAL",
        "isv.SIGN_NAME_ILLEGAL",
        "isv.TEMPLATE_MISSING_PARAMETERS",
        "isv.TEMPLATE_PARAMS_ILLEGAL",
        "isv.INVALID_PARAMETERS",
        "isv.INVALID_JSON_PARAM",
        "isv.PARAM_LENGTH_LIMIT",
        "isv.PARAM_NOT_SUPPORT_URL",
        "isv.SMS_CONTENT_ILLEGAL",
        "isv.BLACK_KEY_CONTROL_LIMIT",
    ),
    SmsAccountProblem: (
        "isv.AMOUNT_NOT_ENOUGH",
        "isv.OUT_OF_SERVICE",
        "isv.ACCOUNT_NOT_EXISTS",
        "isv.ACCOUNT_ABNORMAL",
        "isv.PRODUCT_UN_SUBSCRIPT",
        "isv.PRODUCT_UNSUBSCRIBE",
        "isp.RAM_PERMISSION_DENY",
        "SignatureDoesNotMatch",
        "InvalidAccessKeyId.NotFound",
        "InvalidAccessKeyId.Inactive",
        "Forbidden.RAM",
        "InvalidTimeStamp.Expired",
    ),
}
_BY_CODE: Final = {code: kind for kind, codes in _CLASSES.items() for code in codes}


def signature(method: str, params: Mapping[str, str], secret: str) -> str:
    """The RPC signature of a request's parameters (without `Signature`)."""
    query = "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in sorted(params.items()))
    to_sign = f"{method}&{_encoded('/')}&{_encoded(query)}"
    digest = hmac.new(f"{secret}&".encode(), to_sign.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _encoded(text: str) -> str:
    """RFC 3986, as the provider asks for: a space is %20, an asterisk %2A, a tilde stays."""
    return quote(text, safe="-_.~")


def error_for(code: str, message: str) -> SmsError:
    """The error that says what a code asks for."""
    if code.startswith("Throttling"):
        return SmsBusy(code, message)
    return _BY_CODE.get(code, SmsError)(code, message)


class AliyunSms:
    """Sends by one account, under one signature (签名, the name in 【】 at an SMS's beginning)."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        clock: Clock,
        *,
        key_id: str,
        key_secret: str,
        sign_name: str,
        endpoint: str = ENDPOINT,
    ) -> None:
        self._session = session
        self._clock = clock
        self._key_id = key_id
        self._secret = key_secret
        self._sign_name = sign_name
        self._endpoint = endpoint.rstrip("/") + "/"

    async def send(self, phone: str, template: str, values: Mapping[str, str], *, reference: str) -> str:
        """Send one SMS; the provider's BizId. Raises SmsError."""
        params = {
            "Action": "SendSms",
            "Version": "2017-05-25",
            "RegionId": "cn-hangzhou",
            "Format": "JSON",
            "AccessKeyId": self._key_id,
            "SignatureMethod": "HMAC-SHA1",
            "SignatureVersion": "1.0",
            "SignatureNonce": secrets.token_hex(16),
            "Timestamp": self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "PhoneNumbers": phone.removeprefix("+86"),
            "SignName": self._sign_name,
            "TemplateCode": template,
            "TemplateParam": json.dumps(dict(values), ensure_ascii=False, separators=(",", ":")),
            "OutId": reference,
        }
        params["Signature"] = signature("POST", params, self._secret)
        answer = await self._exchange(params)
        code = str(answer.get("Code", ""))
        if code != _OK:
            # The provider's words may hold the phone.
            raise error_for(code, "" if phone.removeprefix("+86") in str(answer) else str(answer["Message"]))
        return str(answer.get("BizId", ""))

    async def _exchange(self, params: Mapping[str, str]) -> dict[str, Any]:
        # In the body: an address with a phone in it would end up in the logs of whoever stands between.
        try:
            async with self._session.post(
                self._endpoint, data=params, timeout=_TIMEOUT, allow_redirects=False
            ) as response:
                body = await response.content.read(_MAX_ANSWER)
                status = response.status
        except _BEFORE_SENDING as error:
            raise SmsBusy("", f"no connection: {type(error).__name__}") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise SmsOutcomeUnknown("", f"sent, but no answer: {type(error).__name__}") from None
        return _read(body, status)


def _read(body: bytes, status: int) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if isinstance(answer, dict) and isinstance(answer.get("Code"), str):
        return {"Message": "", **answer}
    reason = f"HTTP {status} without an answer of the provider's"
    raise SmsError("", reason) if 400 <= status < 500 else SmsOutcomeUnknown("", reason)
