"""The case that a sentence speaks of: opened goods, members, express delivery, Saturdays. Rules for two cases contradict nothing."""

import re
from functools import lru_cache

from rag.facts.calendar_date import find_calendar_facts

CASES: dict[str, str] = {
    "opened": r"\bopened\b|\bopen box\b|(?<!未)(?<!没有)(?<!没)拆封|已拆|打开过|激活后",
    "unopened": r"\bunopened\b|\bsealed\b|\bunused\b|未拆|没有?拆封|未使用|未激活",
    "used": r"\b(?:used|worn) (?:goods|items?|mattress\w*|clothes|shoes|devices?|ones?)\b|\bslept on\b|已使用|用过|睡过|穿过",
    "member": r"\bmembers?\b|\bclub\b|\bgold\b|\bsilver\b|\bplatinum\b|\bpremium\b|\bvip\b|会员|金卡|银卡|黑卡"
    r"|mitglied\w*|adhérents?|membres?",
    "express": r"\bexpress\b|\bnext[- ]day\b|\bsame[- ]day\b|\bovernight\b|加急|特快|次日达|当日达|隔日达|极速达|即日达",
    "standard": r"\bstandard (?:delivery|shipping|parcel)\b|\beconomy\b|普通(?:快递|配送)|标准(?:快递|配送)",
    "collected": r"\bpick[- ]?up\b|\bcollect(?:ed|ion|ing)?\b|\bclick and collect\b|自提|上门取件|取件",
    "refurbished": r"\brefurbished\b|\bsecond[- ]hand\b|\boutlet\b|\bpre-?owned\b|翻新|二手|官翻|样机",
    "new": r"\bnew (?:devices?|goods|items?|products?)\b|全新",
    "defective": r"\bdefect\w*|\bfault\w*|\bbroken\b|\bdamaged\b|\bwrong item\b|质量问题|性能故障|损坏|瑕疵|破损|发错"
    r"|défectueu\w+|defekt\w*",
    "no reason": r"\bchange of mind\b|\bchanged? (?:your|my) mind\b|\bfor any reason\b|无理由",
    "business": r"\bbusiness (?:customers?|accounts?|orders?)\b|\bcompan(?:y|ies)\b|\bwholesale\b|企业|公司|批发",
    "private": r"\bprivate (?:customers?|persons?)\b|\bconsumers\b|个人用户|个人客户",
    "standby": r"\bstand-?by\b|\bidle\b|待机|休眠",
    "mode": r"\b(?:quiet|eco|silent|turbo|boost|max|fast|night|sport|auto)[- ](?:mode|setting|speed|program\w*)\b"
    r"|\bin (?:quiet|eco|turbo|boost|max)\b|(?:静音|安静|节能|强力|标准|睡眠|自动|快速|夜间|运动)(?:模式|档)",
    "workday": r"\bweekdays\b|\bworkdays\b|(?<![个\d一二三四五六七八九十])工作日",
    "weekend": r"\bweekends?\b|周末|双休日",
    "holiday": r"\bpublic holidays?\b|\bbank holidays?\b|节假日|法定假",
    "unsent": r"\bbefore (?:it|they|the order|dispatch|shipping)\b.{0,20}|\bnot yet (?:sent|shipped|dispatched)\b|发货前|未发货|出库前",
    "sent": r"\b(?:been|already|once|after) (?:sent|shipped|dispatched|dispatch|shipping)\b|\bon its way\b|发货后|已发货|出库后",
    "above": r"\border value\b|\borders? (?:over|above|of|from)\b|\bfrom \S+ \S+ (?:on|up)\b|(?<!不)满 ?\d|\d ?元以上",
    "below": r"\borders? (?:below|under)\b|\bbelow\b|\bless than\b|不满|\d ?元以下|不足",
    "bulky": r"\bbulky\b|\boversized?\b|\bfurniture\b|大件|家具",
    "sale": r"\bsale\b|\bpromotions?\b|\bblack friday\b|\bchristmas\b|\bholiday season\b|大促|双十一|双11|双十二|活动期间|活动商品|618",
    "total": r"\bin total\b|\baltogether\b|\boverall\b|总共|合计|总承重|一共",
    "each": r"\beach\b|\bper (?:board|shelf|room|device|person|item)\b|每层|每件|每个|每台|每人",
    "store": r"\bin[- ](?:the |our |a )?(?:store|shop)s?\b|\bat (?:the|a|any) (?:store|shop|counter)\b|门店|到店|线下",
    "online": r"\bonline\b|\bwebsite\b|线上|网上|官网",
    "outdoors": r"\boutdoors?\b|\boutside\b|户外|室外",
    "indoors": r"\bindoors?\b|\binside\b|室内",
    "first": r"\bfirst (?:use|time|order|charge|year)\b|\bbefore first\b|\binitial\b|首次|首单|第一次|首年",
    "students": r"\bstudents?\b|学生",
    "children": r"\bchild(?:ren)?\b|\bkids?\b|儿童|小孩|孩子",
    "extended": r"\bextended\b|\bextension\b|\bplus cover\b|延长|延保",
    "goodwill": r"\bgoodwill\b|\bexceptions?\b|\boverrid\w+|\bteam lead\b|\bsupervisor\b|\bmanager\b|\bagents?\b|特批|主管|例外|客服可",
    "gift": r"\bgifts?\b|赠品|礼物|礼品",
    "parts": r"\bspare parts?\b|\baccessor(?:y|ies)\b|\bconsumables?\b|\bwear parts?\b|配件|备件|耗材|易损件",
    "digital": r"\bdigital\b|\bdownloads?\b|\bsoftware\b|数字商品|虚拟商品",
}
"""What makes a case of its own, and its words in English and Chinese (some in German and French)."""


def differ_in_case(one: str, one_heading: str, other: str, other_heading: str) -> bool:
    """Whether two sentences speak of different cases: what either of them names, the other does too, itself or in its heading.

    So what only a heading names parts nothing: "Express delivery" above a sentence about both.
    """
    ours, theirs = cases_in(one), cases_in(other)
    return bool((ours - theirs - cases_in(other_heading)) or (theirs - ours - cases_in(one_heading)))


@lru_cache(maxsize=8192)
def cases_in(text: str) -> frozenset[str]:
    """The cases that ``text`` names, weekdays among them."""
    folded = text.casefold()
    named = {name for name, pattern in _patterns().items() if pattern.search(folded)}
    days = {f"weekday {fact.value[0]}" for fact in find_calendar_facts(text) if fact.kind == "weekday"}
    return frozenset(named | days)


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in CASES.items()}
