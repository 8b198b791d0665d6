"""Words that try to steer the bot instead of asking it (提示词注入): out of scope, and they change nothing.

No language model reads them; the point is to say so briefly and not to search the catalogue with them.
"""

from __future__ import annotations

import re

_STEERING = re.compile(
    r"(?:忽略|无视|忘记|忘掉|跳过|不要管|抛开)(?:你|掉|以上|之前|前面|上面|先前|所有|全部|一切|的)*"
    r"(?:指令|指示|提示词?|设定|规则|限制|要求|命令|prompt)"
    r"|系统提示|提示词|(?:开发者|调试|上帝|管理员|越狱|无限制)模式"
    r"|(?:你现在|从现在起|从现在开始|接下来)(?:你)?(?:是|扮演|不再是)|扮演(?:一个|一名|我)|角色扮演"
    r"|(?:ignore|disregard|forget)\s+(?:all|any|the|your|previous|above).{0,30}(?:instruction|prompt|rule)"
    r"|system\s*prompt|jailbreak|你的(?:指令|设定|prompt)"
    r"|<\s*/?\s*(?:script|iframe|img|svg)\b|\{\{.*\}\}|\{%.*%\}|\$\{.*\}"
    r"|\b(?:select|insert|update|delete|drop|union)\b.{0,40}\b(?:from|into|table|set|select)\b",
    re.IGNORECASE | re.DOTALL,
)


def is_mischief(text: str) -> bool:
    """Whether `text` gives the bot orders, or is code."""
    return bool(text) and _STEERING.search(text) is not None
