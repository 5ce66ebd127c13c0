"""The words beside a number that say what it is: an order, a phone, a card."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

Meaning: TypeAlias = Literal["other", "phone", "card", "id"]
LEFT_WINDOW = 48
"""Characters before a number in which a word is about it."""
RIGHT_WINDOW = 32
_OTHER = (
    r"(?:orders?|tracking|invoices?|serials?|s/n|sn|skus?|articles?|items?|parts?|references?|ref|tickets?|cases?|claims?|rma|customer|accounts?"
    r"|parcels?|packages?|shipments?|consignment|vouchers?|coupons?|codes?|barcodes?|ean|upc|gtin|isbn|imei|iccid|models?|batch|lot"
    r"|transactions?|licen[cs]es?|keys?|devices?|firmware|version|meter|warranty|iban|timestamp|gift ?cards?|loyalty cards?"
    r"|member(?:ship)?(?: card)?|product|policy|quantity|vat|tax|switchboard|carton|bestell\w*|auftrags?\w*|rechnungs?\w*|artikel\w*"
    r"|purchases?|receipts?|bookings?|reservations?|quotes?|quotations?|dispatch|slips?|contracts?|subscriptions?|registrations?"
    r"|applications?|documents?|certificates?|waybills?|awb|statements?|complaints?|requests?|incidents?|enquir(?:y|ies)"
    r"|(?<!you )(?<!still )(?<!keep )(?<!not )(?<!to )bills?"
    r"|inquir(?:y|ies)|confirmations?|credit notes?|delivery notes? (?:says|numbers?|no)|po|vin|asset|chassis"
    r"|sendungs?\w*|kunden\w*|serien\w*|vorgangs?\w*|commande|facture|suivi|colis|pedido|factura)(?:[ _-]ids?)?"
)
"""With an "id" after it, which is that of the order, the case, the device: nobody's identity. Who is still billed names a card."""
_PHONE = (
    r"tele?phones?|phones?|mobile|mobil|cell(?:phone)?|tel|call(?:s|ed|ing| me| back)*|ring|text(?: me)?|sms|whatsapp|dial"
    r"|reach(?: me)?(?: on| at)?|contact|voicemail|fax|my number|number to|telefon\w*|handy\w*|rufnummer|anrufen|ruf|t[ée]l[ée]phone"
    r"|hold of me|(?:send|sent|forward|push)(?: [a-z]+){1,4}? to"
    r"|portable|tel[ée]fono|m[óo]vil"
)
_CARD = (
    r"(?:credit|debit|bank|payment|my|old|new|this|the|visa|your)[ -]?cards?"
    r"|cards?|visa|master ?card|amex|american express|cc|cvv|cvc|maestro|unionpay"
    r"|pa(?:y|id|ying|yment)|charged?|refund(?:ed)?|kreditkarte|carte|tarjeta"
)
_ID = r"identity|id ?cards?|national id|passport|shenfenzheng|ids?|consignee|customs|personalausweis"
_CHINESE: dict[Meaning, str] = {
    "other": "(?:会员|礼品|购物|积分|储值|门禁|手机|内存)卡(?:卡?号)?|(?:订单|运单|快递|发票|商品|会员|设备|流水|交易|合同|保修|序列)号码?"
    "|(?<=代码\\d{10}[，,、])号码|(?<=代码\\d{12}[，,、])号码|订单|单号|运单|快递单|物流|货单|编号|序列号|串号|条码|条形码"
    "|(?<=[\u4e00-\u9fff])(?<![下买简菜名床传埋])单(?!独|个|位|身|元|价|次|纯|层|门|双|色)|商品|货号|型号|发票|税号|流水|交易|批次|批号|优惠[券码]|券码|激活码|会员|积分|礼品卡|购物卡|工单|案件|退款单|退货单|换货单|保修单|箱码|书号|设备|版本|固件|编码|配件|支付宝|包裹",
    "phone": "手机|电话|联系|拨打|致电|来电|回电|打|短信|座机|号码|微信|固话|热线|移动|换号",
    "card": "银行卡|信用卡|储蓄卡|借记卡|银联卡?|卡号|招行|农行|工行|建行|账号|户名|退[到回]|转到|付|那?张卡|的卡|卡",
    "id": "身份证|证件|实名|公民身份|清关|身份",
}
_LATIN: dict[Meaning, str] = {"other": _OTHER, "phone": _PHONE, "card": _CARD, "id": _ID}
_MEANINGS: dict[str, Meaning] = {"other": "other", "phone": "phone", "card": "card", "id": "id"}
_ALL = re.compile(
    "|".join(f"(?P<{name}>(?<![a-z])(?:{_LATIN[meaning]})(?![a-z])|{_CHINESE[meaning]})" for name, meaning in _MEANINGS.items()),
    re.IGNORECASE,
)
_DIRECT_OTHER = re.compile(
    r"(?:[\s_.:#=\"'“”‘’]|numbers?\b|numéro|nummer|num\b|no\b|nr\b|n°|№|ids?\b|code\b|key\b|is\b|was\b|are\b|my\b"
    r"|号码|单号|编号|编码|号|码|单|是|为|：|填的|我)*$",
    re.IGNORECASE,
)
"""Between a number and a word before it that says it is an order's: what is sent "to" or told "on" a number is none of its own."""
_DIRECT = re.compile(
    r"(?:[\s_.:#=\"'“”‘’]|numbers?\b|numéro|nummer|num\b|no\b|nr\b|n°|№|ids?\b|code\b|key\b|is\b|was\b|are\b|at\b|on\b|to\b|me\b|back\b|my\b"
    r"|号码|单号|编号|编码|号|码|单|是|为|：|填的|我)*$",
    re.IGNORECASE,
)
_SAYS_WHAT_IT_IS = re.compile(
    r"[\s,)\]]*(?:is|was|as|=|这个|这张|这|那个|是|的)?\s*(?:the|my|your|our|an?|right|correct|new|old|我的|你们的|一个|\s)*", re.IGNORECASE
)
"""Between a number and a word after it that tells what it is: "4711 is my order number", not "remove 4711 from my account"."""
_NUMBER = re.compile(r"\d[\d\- ]{2,}\d[A-Z]?(?![\dA-Za-z])")
_LISTED = re.compile(r"\s*(?:,|、|/|and|or|&|和|或|及|与|还有)\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is said beside a number: by the nearest word before it, or else after it. ``direct``: that word stands right before it."""

    meaning: Meaning | None
    direct: bool = False


class Labels:
    """The labels in a clause and in the text before it, looked for once, when first asked for."""

    def __init__(self, before: str, clause: str) -> None:
        """Both as `plain` writes them."""
        self._text = before[-LEFT_WINDOW:] + clause
        self._offset = min(len(before), LEFT_WINDOW)

    @cached_property
    def _matches(self) -> "list[re.Match[str]]":
        return list(_ALL.finditer(self._text))

    def around(self, start: int, end: int) -> Surroundings:
        """What is said of characters ``start`` to ``end`` of the clause."""
        start, end = start + self._offset, end + self._offset
        earliest = self._unspent(max(0, start - LEFT_WINDOW), start)
        following = bisect_right(self._matches, start, key=lambda match: match.end())
        nearest = self._matches[following - 1] if following else None
        if nearest is not None and nearest.start() >= earliest:
            meaning = _meaning(nearest)
            between = _DIRECT_OTHER if meaning == "other" else _DIRECT
            return Surroundings(meaning, between.fullmatch(self._text, nearest.end(), start) is not None)
        after = next((match for match in self._matches[following:] if match.start() >= end), None)
        if after is None or after.start() > end + RIGHT_WINDOW:
            return Surroundings(None)
        meaning = _meaning(after)
        if meaning == "other" and _SAYS_WHAT_IT_IS.fullmatch(self._text, end, after.start()) is None:
            return Surroundings(None)
        return Surroundings(meaning)

    def _unspent(self, earliest: int, start: int) -> int:
        """Where the words begin that are not about an earlier number, unless that one and ours are listed together."""
        numbers = list(_NUMBER.finditer(self._text, earliest, start))
        if not numbers or _LISTED.fullmatch(self._text, numbers[-1].end(), start) is not None:
            return earliest
        return numbers[-1].end()


def _meaning(match: "re.Match[str]") -> Meaning:
    return _MEANINGS[match.lastgroup or "other"]
