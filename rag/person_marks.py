"""Words that often tell an own affair from a general question, as yes-or-no marks beside the encoder's vector.

None of them decides alone: `rag.person_need` learns from written examples what they mean together. Each mark is a list of
patterns, by language, over folded text.
"""

import re
import unicodedata

import numpy as np

from kb.encoder import FloatArray

MARKS: dict[str, tuple[str, ...]] = {
    "reference": (
        r"(?:order|parcel|package|ticket|case|reference|tracking|invoice|code|number)\D{0,14}?[a-z#]*[-#]?\d{3,}",
        r"(?:订单|单号|快递|运单|维修单)\D{0,14}?[a-z#]*[-#]?\d{3,}",
        r"(?:bestell\w*|commande|pedido|numéro|colis)\D{0,14}?[a-z#]*[-#]?\d{3,}",
        r"\d{6,}",
    ),
    "own": (
        r"\b(?:my|our) (?:last |recent |\w+ )?(?:order|parcel|package|refund|account|payment|delivery|return|repair|invoice)\b",
        r"\b(?:my|our) (?:last |recent |\w+ )?(?:points|profile|card was|ticket|appointment|replacement)\b",
        r"我的(?:订单|快递|退款|账号|包裹|积分|维修|礼品卡|钱|退货)|我(?:这|那)个?(?:单|订单)",
        r"\b(?:ma commande|mon colis|meine? (?:bestellung|paket|geld)|mi (?:pedido|paquete))\b",
    ),
    "request": (
        r"\bplease\b|\b(?:can|could|would|will) you\b|\bi (?:need|want|would like)\b|\bi'd like\b",
        r"帮我|帮忙|麻烦|请(?!问)|给我",
        r"\bbitte\b|s'il vous|\bpor favor\b|\bpouvez-vous\b",
    ),
    "not_yet": (
        r"\b(?:still|yet|never|hasn't|haven't|isn't here|didn't|nothing|nobody)\b",
        r"还没|没收到|没到|一直|没动|未收|没拿到",
        r"\bnoch nicht\b|\bimmer noch\b|\btoujours pas\b|\btodavía\b|\bno he\b",
    ),
    "done_to_me": (
        r"\byou (?:sent|charged|refunded|cancelled|gave|promised)\b|\b(?:was|were) charged\b|\bi (?:received|got|was)\b|\barrived\b",
        r"发错|少发|扣了|退了|收到的|你们(?:发|扣|退)",
    ),
    "general": (
        r"\bhow (?:long|many|much|soon|do|does|can|often|far|hot|loud|is|are|should|big|heavy)\b|\bwhich\b|\buntil when\b",
        r"\bwhat (?:happens|is|are|does|do|if|should|type|size|temperature)\b",
        r"^(?:can|may|do|does|is|are|should|could|must) (?:i|my|the|a|it|there|we|children|you|someone|some)\b",
        r"一般|多久|多长|几天|多少|怎么(?!还|没|少|回)|能不能|可以.{0,12}吗|能.{0,12}吗|会.{0,12}吗|有没有|哪里|哪个|什么时候扣",
        r"\bwie (?:lange|viel|kann)\b|\bwann\b|\bdarf\b|\bcombien\b|\bquand\b|\bpeut-on\b|\bquel(?:le)?\b",
        r"\bcuánto\b|\bpuedo\b|\bqu[eé] (?:dice|es)\b",
    ),
    "lawyer": (
        r"\b(?:lawyers?|attorneys?|solicitors?|barrister|su(?:e|ing) (?:you|your)|lawsuit|legal (?:action|steps|proceedings))\b",
        r"\b(?:class action|take you to court|to court|in court|courts? (?:papers|order|involved)|small claims|tribunal)\b",
        r"\b(?:chargeback|prosecut\w+|pressing charges|subpoena|ombudsman|cease and desist|settlement)\b",
        r"律师|起诉|法院|法庭|传票|打官司|告你们|法律途径|法律程序|司法程序|法务|追究|仲裁",
        r"12315|工商局|消费者协会|消协|监管局|举报|报警|退一赔",
        r"\b(?:avocat|tribunal|anwalt|anwältin|abogado|verklage\w*|denunci\w+|demandar\w*|gericht)\b",
        r"\b(?:avvocato|advocaat|adwokat|sądu|advogado|processar)\b",
    ),
    "data": (
        r"\bgdpr\b|\bdsgvo\b|\brgpd\b|\barticle 1[57]\b|\bart\. ?1[57]\b|\bpersonal data\b|\bdata protection\b",
        r"\b(?:erase|delete) (?:all )?(?:of )?(?:the |my )?(?:personal )?(?:data|information)\b",
        r"个人信息|个人数据|隐私|泄露",
        r"personenbezogen|données personnelles|datos personales|dati personali|persoonsgegevens|dane osobowe|dados pessoais",
    ),
    "authority": (
        r"\b(?:report(?:ed|ing)? (?:you|your)|trading standards|authorit(?:y|ies)|regulator|police|consumer protection)\b",
        r"\b(?:fraud|scammers?|dispute|compensation|damages|breach|infring\w+|unlawful|illegal)\b",
        r"投诉|曝光|欺诈|赔偿|侵权|侵犯|违法|维权|拒付|争议",
    ),
    "incident": (
        r"\b(?:smok(?:e|ing)|(?:on|caught|catch) fire|set .{0,20} on fire|flames?|burn(?:ed|t|ing)|spark(?:s|ed|ing)?|glowing)\b",
        r"\b(?:shock(?:ed)?|electrocuted|zapped|exploded?|explosion|swollen|leak(?:ed|ing)|melt(?:ed|ing)|hissing)\b",
        r"\b(?:swallowed|drank|hurt|injur\w+|bleed\w*|cut my|broke my|my eyes?|scald\w*|blister\w*|dizzy|fainted|hospital)\b",
        r"\b(?:gas smell|smell gas|fumes)\b",
        r"着火|起火|喷火|冒烟|冒黑烟|火花|打火|触电|电了一下|被电|漏电|麻|爆炸|炸了|烧起|烧着|烧焦|熏黑|融化|烧了",
        r"漏液|鼓包|鼓起|吞|误喝|误食|喝了|烫伤|割|流血|煤气|燃气味|头晕|恶心|中毒|起泡|摔伤|受伤|夹住|卡在|溅到",
        r"\b(?:fumée|feu|brûl\w+|avalé|décharge|humo|quemad\w+|tragad\w+|descarga|incendi\w+)\b",
        r"\b(?:brennt|rauch\w*|stromschlag|verschluckt|verbrannt|explodiert)\b",
        r"\b(?:fuoco|fumo|scossa|ingoiato|ustionat\w+|rook|vonken|ingeslikt|fogo|choque|engoliu|dymi|dym|połkn\w+|poraził)\b",
    ),
    "now": (
        r"\b(?:right now|help|just (?:caught|now|exploded)|yesterday|last night|this morning|today|when i|whenever i|as soon as i)\b",
        r"刚才|刚刚|突然|昨天|今天|现在|一插|[!！]",
        r"\bgerade\b",
    ),
    "hypothetical": (
        r"\b(?:can it|could it|would it|risk|safe|if (?:i|it|my)|does it|will it|normal|protect\w*|allowed|detector|alarm)\b",
        r"\b(?:first (?:time|use)|recall\w*)\b",
        r"会不会|能不能|安全吗|防|正常吗|报警器|召回|童锁|有毒吗|有没有",
    ),
}
ALARMING = ("lawyer", "data", "authority", "incident")
"""Marks that make a sentence inside a longer message worth looking at by itself."""

_PATTERNS = {name: re.compile("|".join(patterns)) for name, patterns in MARKS.items()}


def marks_of(text: str) -> FloatArray:
    """One number a mark [marks], 1 where ``text`` bears it and 0 where not."""
    folded = _fold(text)
    return np.array([bool(pattern.search(folded)) for pattern in _PATTERNS.values()], np.float32)


def is_alarming(text: str) -> bool:
    """Whether ``text`` has a word of law or of an accident."""
    folded = _fold(text)
    return any(_PATTERNS[name].search(folded) for name in ALARMING)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
