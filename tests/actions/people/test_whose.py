from __future__ import annotations

from tests.actions.people.conftest import Asking

OWN = "110101199001011237"
MOTHER = "340104195603154327"
CHILD = "340104201801011237"


async def test_from_consent_to_phone_one_question_at_a_time(asking: Asking) -> None:
    print(await asking.start())
    for words in ["同意", "张三", OWN]:
        print(await asking.say(words))
    print(await asking.say("13800138000"))
    assert asking.found
