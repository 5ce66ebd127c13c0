"""Chinese place names in a text, by the part-of-speech tags of jieba's dictionary, and the customary names of groups of provinces."""

import re
from dataclasses import dataclass
from functools import lru_cache

from jieba.posseg import POSTokenizer

from kb.text.tokens import segmenter

PLACE = "ns"
_NO_PLACES = frozenset("东西 新旧 上下 南北 前海 大海".split())
"""Words that the dictionary takes for places, and shops do not."""
_WITHIN = re.compile("内(?!蒙|江|丘|乡)")
""" "30 天内拿" is not about a 内拿."""
_GROUPS = {
    name: frozenset(members.split())
    for name, members in {
        "江浙沪皖": "江苏 浙江 上海 安徽",
        "江浙沪": "江苏 浙江 上海",
        "江浙": "江苏 浙江",
        "长三角": "江苏 浙江 上海 安徽",
        "京津冀": "北京 天津 河北",
        "京津": "北京 天津",
        "粤港澳": "广东 香港 澳门",
        "港澳台": "香港 澳门 台湾",
        "港澳": "香港 澳门",
        "珠三角": "广东",
        "北上广深": "北京 上海 广州 深圳",
        "北上广": "北京 上海 广州",
        "广深": "广州 深圳",
        "云贵川": "云南 贵州 四川",
        "云贵": "云南 贵州",
        "川渝": "四川 重庆",
        "川藏": "四川 西藏",
        "陕甘宁": "陕西 甘肃 宁夏",
        "新藏": "新疆 西藏",
        "两广": "广东 广西",
        "两湖": "湖北 湖南",
        "东北三省": "黑龙江 吉林 辽宁",
        "东三省": "黑龙江 吉林 辽宁",
        "黑吉辽": "黑龙江 吉林 辽宁",
    }.items()
}
_GROUP = re.compile("|".join(sorted(_GROUPS, key=len, reverse=True)))
_SUFFIX = re.compile(r"(?<=..)(?:省|市|地区|自治区|特别行政区)$")


@dataclass(frozen=True, slots=True)
class Place:
    """A place name at ``text[start:end]``; ``names`` are the places it means: several for a group of provinces."""

    start: int
    end: int
    names: frozenset[str]


def find_places(text: str) -> list[Place]:
    """The place names of two characters and more, from left to right."""
    found = [Place(*match.span(), _GROUPS[match.group()]) for match in _GROUP.finditer(text)]
    spared = [(place.start, place.end) for place in found]
    at = 0
    for pair in tagger().cut(text):
        start = text.index(pair.word, at)
        at = start + len(pair.word)
        apart = all(at <= begin or end <= start for begin, end in spared)
        if apart and pair.flag == PLACE and len(pair.word) > 1 and pair.word not in _NO_PLACES and not _WITHIN.match(pair.word):
            found.append(Place(start, at, frozenset({_SUFFIX.sub("", pair.word)})))
    return sorted(found, key=lambda place: place.start)


@lru_cache(maxsize=1)
def tagger() -> POSTokenizer:
    """Chinese words with their parts of speech; made on first use."""
    return POSTokenizer(segmenter())
