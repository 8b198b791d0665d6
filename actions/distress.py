"""Words of somebody who may want to end their life: answered first, whatever intent was seen."""

from __future__ import annotations

import re

_DESPAIR = re.compile(
    r"(?<![店司厂意摊])不想(?:再|继续)?活(?![动跃血力络期])|(?<![店司厂意摊])活不下去"
    r"|活着(?:还|也|真|太|好)?(?:没|冇)(?:什么|啥|有|得)?(?:意思|意义|劲|盼头|用)|活(?:着|得)(?:太|好|真)?(?:累|痛苦)"
    r"|(?:好|真|就|只|都|我)想死(?!亡|后|者)|不如死了|死了算了|(?:想|要|准备|打算)(?:去)?(?:自杀|轻生|寻短见|寻死|上吊|割腕|跳楼|跳河|跳桥)"
    r"|(?:结束|了结|了断)(?:自己|我|这条)(?:的)?(?:生命|性命|一生|命)?|(?:我|真|都|就)(?:有点)?想不开|自残"
)


def is_despair(text: str) -> bool:
    """Whether `text` speaks of not wanting to live. A business that cannot go on (店活不下去) is none."""
    return bool(text) and _DESPAIR.search(text) is not None
