"""Pairs of words that mean the opposite: "left" and "right", 之前 and 之后.

A claim with the one where the passage has the other is turned round.
"""

import re
from functools import lru_cache

from rag.verify.likely_language import UNSPACED

_PAIRS = {
    "en": """
        left/right front/rear front/back front/behind top/bottom above/below above/under over/under before/after
        inside/outside indoors/outdoors indoor/outdoor open/closed opened/closed open/shut on/off hot/cold warm/cool
        warm/cold wet/dry damp/dry minimum/maximum least/most more/less more/fewer north/south east/west
        northern/southern eastern/western earlier/later earliest/latest longer/shorter long/short buyer/seller
        included/excluded include/exclude includes/excludes allowed/forbidden allowed/prohibited permitted/prohibited
        full/empty first/last opened/unopened used/unused registered/unregistered damaged/undamaged covered/uncovered
        with/without upper/lower heavy/light heavier/lighter high/low higher/lower increase/decrease
        increases/decreases increase/reduce increases/reduces summer/winter day/night online/offline
        clockwise/counterclockwise clockwise/anticlockwise always/never add/remove accept/refuse accepts/refuses
        accepted/refused accepted/rejected manual/automatic manually/automatically separately/together
        possible/impossible weekdays/weekends raise/lower tighten/loosen lock/unlock locked/unlocked
        connect/disconnect connected/disconnected start/stop starts/stops faster/slower fast/slow stronger/weaker
        larger/smaller thick/thin keep/lose same/different internal/external fixed/removable removable/built-in
        free/chargeable free/paid both/neither all/none everyone/nobody everything/nothing up/down upward/downward
        upwards/downwards forwards/backwards forward/backward forward/backwards bright/dark brighter/darker soft/hard
        softer/harder horizontal/vertical horizontally/vertically adult/child adults/children lengthens/shortens
        strengthens/weakens valid/invalid
    """,
    "zh": """
        左/右 前/后 之前/之后 以前/以后 以内/以外 之内/之外 室内/室外 户内/户外 打开/关闭 开启/关闭 开机/关机
        热水/冷水 干/湿 最少/最多 至少/至多 至少/最多 最低/最高 少于/多于 不少于/不超过 大于/小于 高于/低于
        以上/以下 买家/商家 买家/卖家 顾客/商家 包含/不含 允许/禁止 首次/末次 已拆封/未拆封 线上/线下
        顺时针/逆时针 手动/自动 增加/减少 增大/减小 升高/降低 调高/调低 接受/拒绝 相同/不同 拧紧/拧松 锁定/解锁
        连接/断开 工作日/周末 夏季/冬季 白天/夜间 快/慢 强/弱 厚/薄 粗/细 深/浅 亮/暗 收费/免费 有偿/无偿
        一起/分开 双方/单方 国内/国外 境内/境外 成人/儿童 有效/无效 正向/反向 向上/向下 朝上/朝下 向左/向右
        向前/向后 偏大/偏小 大一码/小一码 迎风/背风 正面/背面 只退不换/只换不退 潮湿/干燥 可退/不退
    """,
    "fr": """
        gauche/droite avant/après devant/derrière haut/bas dessus/dessous intérieur/extérieur dedans/dehors
        ouvert/fermé ouverte/fermée allumé/éteint chaud/froid humide/sec minimum/maximum plus/moins premier/dernier
        avec/sans supérieur/inférieur lourd/léger été/hiver toujours/jamais inclus/exclu autorisé/interdit plein/vide
        acheteur/vendeur rapide/lent gratuit/payant ensemble/séparément
    """,
}


def opposites_between(ours: str, theirs: str, sentence: str, language: str) -> list[tuple[str, str]]:
    """The pairs of opposites of which the clause ``ours`` has one and ``theirs``, a clause of ``sentence``, the other.

    Where ``ours`` has both words, or the ``sentence`` has, they tell nothing: "every 8 days in summer and every 16 in winter".
    """
    here, there, anywhere = (_held(text, language) for text in (ours, theirs, sentence))
    found = [
        (one, other)
        for one, other in _pairs(language)
        if one in here and other in there and other not in here and one not in anywhere
    ]
    return [pair for pair in found if not any(pair[0] in longer and pair[0] != longer for longer, _ in found)]  # 前 within 之前


@lru_cache(maxsize=8192)  # each clause of a claim is laid beside every clause of a passage
def _held(text: str, language: str) -> frozenset[str]:
    """The words of pairs that ``text`` has."""
    folded = text.casefold()
    words = {word for word, _ in _pairs(language) if word in folded}
    return frozenset(words if language in UNSPACED else {word for word in words if _whole(word).search(text)})


@lru_cache(maxsize=1024)
def _whole(word: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE)


@lru_cache(maxsize=8)
def _pairs(language: str) -> tuple[tuple[str, str], ...]:
    pairs = [pair.partition("/")[::2] for pair in _PAIRS.get(language, "").split()]
    return tuple(pair for one, other in pairs for pair in ((one, other), (other, one)))
