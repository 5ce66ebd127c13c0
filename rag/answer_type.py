"""What kind of quantity a question asks for, and whether a sentence holds one of that kind."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnswerType:
    """A kind of quantity: how questions ask for it, and what it looks like in a text (en, zh, fr, de, es, it)."""

    name: str
    asked: re.Pattern[str]
    held: re.Pattern[str]


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_NUMBER = (
    r"(?:\d+(?:[.,]\d+)*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen|twenty|thirty|sixty|ninety"
    r"|une?|deux|trois|quatre|cinq|sept|huit|neuf|dix|quinze|trente"
    r"|eine[mnrs]?|ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf|vierzehn|dreißig"
    r"|un[oa]|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|quince|treinta|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|trenta)\b"
    r"|[一二两三四五六七八九十百千半几])"
)
_TIME_UNITS = (
    r"(?:business |working |calendar )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|mins?|hrs?|h|s"
    r"|jours?|mois|ans?|années?|heures?|semaines?"
    r"|(?:werk|arbeits|kalender|bank|geschäfts)?tage?[ns]?|wochen?|monate?[ns]?|jahre?[ns]?|(?:betriebs)?stunden?|minuten?|sekunden?"
    r"|días?|semanas?|meses|mes|años?|horas?|minutos?|giorn[oi]|settiman[ae]|mes[ei]|ann[oi]|or[ae]|minut[oi])\b"
    r"|个?(?:工作日|小时|分钟|月|星期|周)|天|日|年|秒"
)

TYPES = (
    AnswerType(
        "duration",
        _compile(
            r"\bhow (long|often|soon|quick(ly)?|fast|late)\b|\bhow many (days|weeks|months|hours|minutes|years)\b|\bwhen\b|\btoo late\b"
            r"|\bdeadline\b|\bexpire|\brun out\b|\bvalid\b|\bdays\b"
            r"|\bcombien de (temps|jours|mois)\b|\bquand\b|\bdélai\b|\bdurée\b|\bdate limite\b"
            r"|\bwie (lange|oft|schnell)\b|\bwann\b|\bbis wann\b|\bcuánto (tiempo|tarda|dura)\b|\bcuándo\b|\bquanto tempo\b|\bquando\b"
            r"|多久|多长时间|几天|多少天|几个月|几年|几小时|几个小时|几分钟|多少分钟|什么时候|何时|最晚|哪天|到期|过期|多快|期限"
        ),
        _compile(rf"{_NUMBER}[\s-]*(?:to|-|–|至|到)?[\s-]*(?:\d+[\s-]*)?(?:{_TIME_UNITS})|\b(?:daily|weekly|monthly|yearly|every)\b|每"),
    ),
    AnswerType(
        "money",
        _compile(
            r"\b(cost|costs|price|fee|fees|expensive|postage)\b|\b(what|how much) (do|does|will|would) .{0,40}\b(charge|pay)\b"
            r"|\bhow much (is|are|does|do|did|would|will|to|for)\b|\bfor free\b|\bis .* free\b"
            r"|\b(coûte|prix|frais|payer|gratuit|rembours)|\b(kostet|kosten|preis|gebühr|bezahlen|teuer)\b|\b(cuesta|precio|coste|pagar)\b|\b(costa|prezzo)\b"
            r"|多少钱|几块|邮费|运费|费用|价格|收费|免费|价钱|赔付|最多能抵"
        ),
        _compile(r"[$€£¥]\s?\d|\d[\d.,]*\s?(?:[$€£¥]|USD|EUR|GBP|CHF|CNY|RMB|dollars?|euros?|pounds?|fran[ck]\w*|美元|元|块|英镑|法郎)|\bfree\b|gratuit|kostenlos|gratis|免费|包邮"),
    ),
    AnswerType(
        "weight",
        _compile(r"\b(weigh|weighs|weight|heavy|poids|pèse|schwer|wiegt|gewicht|pesa|peso)\b|多重|重量|几公斤"),
        _compile(r"\d\s?(?:kg|g|lbs?|公斤|千克|克)\b|\d\s?(?:公斤|千克|克)"),
    ),
    AnswerType(
        "length",
        _compile(
            r"\bhow (far|wide|tall|high|big|deep|close|near|thick)\b"
            r"|\b(size|dimensions?|distance|height|width|depth|range|reach|clearance|inches)\b"
            r"|\b(distance|taille|hauteur|portée)\b|\bwie (weit|groß|hoch|breit)\b|\babstand\b"
            r"|\b(distancia|altura|tamaño|alcance)\b|多高|多远|多宽|距离|尺寸|多大|面积"
        ),
        _compile(r"\d\s?(?:mm|cm|m|km|inch(?:es)?|in|ft|m²|㎡|平方米|米|厘米|毫米)(?![a-z])"),
    ),
    AnswerType(
        "temperature",
        _compile(r"\b(temperature|degrees|hot|cold|freez|frost|température|froid|temperatur|grad|kalt|heiß|temperatura|frío)|温度|多少度|零下|几度"),
        _compile(r"\d\s?(?:°\s?[CF]?|℃|degrees|度)"),
    ),
    AnswerType(
        "loudness", _compile(r"\b(loud|noise|noisy|quiet|decibels?|bruit|laut|lärm|ruido)\b|噪音|分贝|吵"), _compile(r"\d\s?(?:dB|分贝)")
    ),
    AnswerType(
        "power",
        _compile(r"\b(watts?|wattage|power|voltage|volts?|suction|pressure|puissance|leistung|potencia)\b|功率|瓦|吸力|压力|电压"),
        _compile(r"\d\s?(?:W|kW|V|Pa|kPa|bar|A|瓦|伏)(?![a-z])"),
    ),
    AnswerType(
        "capacity",
        _compile(r"\b(capacity|holds?|litres?|liters?|volume|tank|battery|memory|storage|capacité|inhalt|capacidad)\b|容量|多少升|几升|多大的卡"),
        _compile(r"\d\s?(?:l|ml|mAh|GB|TB|MB|m³/h|升|毫升)(?![a-z])"),
    ),
    AnswerType(
        "count",
        _compile(r"\bhow many\b|\bmaximum\b|\bmost\b|\bcombien d|\bwie viele\b|\bcuánt[oa]s\b|几个|多少个|最多|几台|几次|几人"),
        _compile(r"\d"),
    ),
)
_ANY_NUMBER = re.compile(rf"\d|{_NUMBER}", re.IGNORECASE)


def asked_types(question: str) -> tuple[AnswerType, ...]:
    """The kinds of quantity that ``question`` asks for; empty when it asks for none."""
    return tuple(kind for kind in TYPES if kind.asked.search(question))


def match(kinds: tuple[AnswerType, ...], text: str) -> float:
    """How well ``text`` could answer: 1 when it holds a quantity of an asked kind, 0.5 for any other number, else 0.

    0.5 as well when no quantity is asked for: then a number speaks neither for nor against.
    """
    if not kinds:
        return 0.5
    if any(kind.held.search(text) for kind in kinds):
        return 1.0
    return 0.5 if _ANY_NUMBER.search(text) else 0.0
