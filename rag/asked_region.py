"""The region that a question names as the one it is about: "Does it hold in France?", "法国的订单". Not every name of a country is one."""

import re

from kb.scope import country_of, region_contains
from rag.facts.region import Region, find_regions

_LOOKED_BACK = 40
_ORIGIN_BEFORE = re.compile(
    r"(?:\b(?:made|manufactured|produced|designed|assembled|built|imported|developed)\s(?:\w+\s)?(?:in|from)"
    r"|\b(?:ship|ships|shipped|sent|send|dispatched?|comes?|coming|come)\s(?:\w+\s)?from|\bbank of"
    r"|\b(?:hergestellt|gefertigt|produziert|entwickelt)\s(?:in|aus)|\b(?:fabriqué|produit|conçu)\w*\s(?:en|au|aux)"
    r"|\b(?:fabricad|hech|producid)\w+\sen|\b(?:fatto|prodotto)\sin|从|产自|来自)\s*(?:the\s|der\s|den\s|la\s|le\s)?$",
    re.IGNORECASE,
)
_MADE_AFTER = re.compile(
    r"\s?(?:制造|生产|产的|产地|进口|插头|插座|标准|尺码|码|版|发货|寄出|发出"
    r"|(?:[\s-](?:plug|socket|adapter|adaptor|size|sizing|voltage|layout|keyboard|version|standard|model|dollars?)s?\b)"
    r"|[- ]?(?:Stecker|Größe|Version|Modell)|\s?\$|\s\d)",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"\s*(?:\b(?:in|to|for|from|within|nach|für|aus|en|au|aux|à|pour|dans|per|a|in die|in der)(?:\s(?:the|die|der|den|la|le|les|l['’]|el))?"
    r"|在|到|往)\s*$",
    re.IGNORECASE,
)
_PARTICLE = re.compile(r"^(?:的|那边|地区)")
_PLACED_BEFORE = re.compile(
    r"(?:\b(?:in|to|for|from|within|into|across|outside|about|and|with|customers?|live|nach|für|aus|und|en|au|à|pour|et|dans|y|per|e)\s"
    r"|[,(]\s?|[在到往寄发送至给去对住]|人在)$",
    re.IGNORECASE,
)
_PLACED_AFTER = re.compile(
    r"\s?(?:[,.;:!?)，。！？；]|-based|$)|\s(?:customers?|residents?|shoppers?|buyers?|orders?|address(?:es)?|law|deliver(?:y|ies)|shipping)\b"
    r"|的|地区|境内|这边|那边|这里|用户|客户|顾客|买家|订单|地址|居民|能|可以|要|会|需要|有没有|有|是|也|包邮|几|多|怎么|什么|为什么|[一二三四五六七八九十\d]"
)
""""Montana" is a state in "deliveries to Montana" and "Montana?", and more likely a product's name in "Is the Montana tent waterproof?"."""


def asked_region(text: str) -> str | None:
    """The code of the one region whose rules ``text`` asks for; None when it names none, several, or only where a thing comes from."""
    codes = {region.code for region in find_regions(text) if _is_asked_for(region, text)}
    codes -= {group for group in codes if any(code != group and region_contains(group, code) for code in codes)}
    return codes.pop() if len(codes) == 1 else None


def without_region(text: str) -> str:
    """``text`` without the regions that it asks for: a rule for the EU does not say "France"."""
    for region in reversed(find_regions(text)):
        if _is_asked_for(region, text):
            text = f"{_PREPOSITION.sub('', text[: region.start])}{_PARTICLE.sub('', text[region.end :])}"
    return text.strip()


def _is_asked_for(region: Region, text: str) -> bool:
    before, after = text[max(0, region.start - _LOOKED_BACK) : region.start], text[region.end :]
    if country_of(region.code) is not None and not (_PLACED_BEFORE.search(before) or _PLACED_AFTER.match(after)):
        return False
    return not _ORIGIN_BEFORE.search(before) and not _MADE_AFTER.match(after)
