"""What the channel itself says, before and around the conversation. Everything else stands in domain.yml."""

from __future__ import annotations

TOO_FAST = "您发得有点快,我来不及看。请歇一分钟再发,前面的问题我都收到了。"
TOO_LONG = "这段话太长,我怕看漏。请用一两句话说您想办什么事,例如:身份证到期了怎么换。"
NO_WORDS = "我看不懂这条消息里的意思。请用文字说您想办什么事,例如:怎么换身份证。回复“帮助”看我能做什么。"
VOICE_UNHEARD = "这段语音我没听清。请再说一遍,或者打字告诉我想办什么事。"
PICTURE = "照片收到了。我还不能看图办事,请用文字说您想办什么,我告诉您要带哪些材料。"
VIDEO = "我看不了视频。请用文字说您想办什么事。"
LINK = "我打不开别处的链接。请用文字说您想办什么事。"
UNKNOWN_KIND = "这种消息我还看不懂。请用文字说您想办什么事,回复“帮助”看我能做什么。"
WELCOME = (
    "您好,这里是政务服务中心的办事助手。\n"
    "问我怎么办、带什么、几点开门,或者约号、取号、看排队,一句话就行,例如:身份证到期了怎么换。\n"
    "回复“人工”找工作人员,回复“帮助”看更多。"
)
WELCOME_BACK = "欢迎回来。想办什么事,直接说就行,例如:身份证到期了怎么换。"
MORE = "(还有下文,回复“继续”接着看)"
NO_MORE = "前面的话都说完了。想办什么事,直接说就行。"
HELD_BACK = "前面有一条回复可能没送到,补发如下:"


def not_offered(number: int, most: int) -> str:
    """A number that the last list does not have."""
    span = "1" if most == 1 else f"1 到 {most}"
    return f"没有第 {number} 项,请回复 {span},或者直接说您想办什么事。"


def apology(number: str) -> str:
    """Something broke inside a turn; `number` finds it in the log."""
    return f"抱歉,刚才这句没处理成(编号 {number}),我们会去查。请再发一次,或回复“人工”找工作人员。"
