"""Whether a turn of a conversation leans on the turns before it: by its words, in English, Chinese, French, German and Spanish."""

import re
from enum import Enum
from functools import lru_cache

from kb.text.tokens import estimate_tokens
from rag.slots import products_in


class Reference(Enum):
    """How a turn relates to those before it."""

    SMALL_TALK = "small talk"
    """Asks nothing: "ok, thanks"."""
    NONE = "none"
    """Says itself what it is about."""
    POSSIBLE = "possible"
    """Short and names no product, so that it may be about the one before: "How long is the warranty?"."""
    CERTAIN = "certain"
    """Refers back, goes on, or corrects: "and its battery?", "那 320 呢？", "no, I meant the heater"."""


POSSIBLE_TOKENS = 14
"""A question that is longer says itself what it is about."""
FRAGMENT_TOKENS = 2

_PAUSE = r"[\s,.;:!?~…，。；：！？、-]"
_CHINESE_POLITE = (
    r"好[的滴哒吧嘞]?|可以的|不用谢|行|嗯+|哦+|啊+|呃+|喂+|嗨|嘿+|哈+|呵+|哈喽|谢谢[你您]?了?啦?|多谢|感谢|辛苦了?|明白了?|知道了?|收到|了解了?|[你您]好[呀啊]?|大家好|"
    r"(?:早上|上午|中午|下午|晚上)好|早安?|晚安|再见|拜拜|不客气|没关系|没事儿?了?|不用了?|亲|在[吗嘛么不]|在不在|有人在?[吗嘛么]|客服在[吗嘛么]"
)
_POLITE = (
    r"good (?:morning|afternoon|evening|day|night)|(?:is )?any(?:one|body) (?:there|here)|(?:are )?you there|greetings|cheers|yep|yup|nope|"
    r"have a (?:nice|good|great) (?:day|evening|weekend)|never ?mind|no problem|no worries|that['’]?s all|lol|(?:ha|he){2,}h?|"
    r"ok(?:ay)?|thank (?:you|u)|thanks?|thx|ty|so much|very much|a lot|great|perfect|nice|cool|got it|alright|"
    r"all right|fine|good|sure|yes|yeah|no|"
    r"i see|understood|that helps|(?:hi|hello|hey)(?: there| all| again)?|yo|huh|(?:good ?)?bye(?: bye| for now)?|see you|hm+|oh|ah|"
    rf"(?:{_CHINESE_POLITE})+|"
    r"merci|beaucoup|d['’]accord|parfait|super|très bien|bonjour|bonsoir|salut|au revoir|oui|non|danke|schön|vielen dank|alles klar|gut|"
    r"verstanden|hallo|guten (?:morgen|tag|abend)|moin|servus|tschüss|auf wiedersehen|ja|nein|"
    r"(?:muchas )?gracias|vale|perfecto|de acuerdo|genial|entendido|hola|buen[oa]s(?: (?:días|tardes|noches))?|adiós|sí|"
    r"ciao|buongiorno|buonasera|salve|grazie(?: mille)?|arrivederci|olá|bom dia|obrigad[oa]|hoi|dank je(?: wel)?|bedankt"
)
_SMALL_TALK = re.compile(rf"(?:(?<!\w)(?:{_POLITE})(?:{_PAUSE}+|$)|[好行嗯哦]{_PAUSE}*)*", re.IGNORECASE)
_NEW_TOPIC = re.compile(
    r"by the way|btw\b|(?:another|different|new|unrelated) (?:question|thing|topic|matter)|something else|one more (?:question|thing)|"
    r"对了|顺便|另外|换个|再问|还(?:有个|想问)|übrigens|(?:noch )?eine (?:andere|weitere) frage|etwas anderes|"
    r"au fait|(?:une )?autre (?:question|chose)|por cierto|otra (?:cosa|pregunta)",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"(?:and|but|or|so|then|what about|how about|what if|in that case|if so|if not|"
    r"et|mais|ou|alors|donc|qu['’]en est-il|und|aber|oder|dann|was ist mit|wie (?:sieht|steht|ist) es|"
    r"¿?y|¿?pero|¿?o|¿?entonces|¿?qué (?:tal|pasa))\b"
    r"|那(?![个款种台件家边本些天])|还有|可是|但是?|不过|而(?!且)",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    r"\bi meant?\b|^(?:no|not that|not the|sorry|actually|wait|oops)\b|\bmy mistake\b|[说看打搞问]错|不对|我[说问指]的?是|^不是.{1,8}是"
    r"|\bich mein(?:t?e)\b|\bje (?:voulais dire|parlais)|\bje me suis tromp|\bquer[ií]a decir|\bme refer[ií]a|\bme equivoqu",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:its?|they|them|theirs?|the (?:same|other|former|latter)|there(?= (?:as well|too)\b|\W*$)|then(?=\W*$)|"
    r"(?:that|this|these|those)(?=\s*(?:$|[?.,!;]|['’]s\b|(?:one|ones|way|case|time|is|was|are|does|do|will|would|also|too|as|stay|last|mean|apply)\b))|"
    r"ones?(?=\W*$))\b"
    r"|它|[这那][样时]|[这那][个款种台件](?=$|\W|[多怎能可要会有是的也几还呢吗什贵保])|也一样|上面|刚才|呢(?=\W|$)"
    r"|\b(?:ça|cela|ceci|celui|celle|ceux|celles|dedans)\b|(?:^|combien |qu['’])(?:il|elle)s?\b(?! y a| faut)"
    r"|\b(?:dafür|damit|davon|dabei|dazu|dort|dieser|dieses|ihn|ihm|er)\b|\b(?:es|sie)\b(?=\W*$)"
    r"|\b(?:eso|esto|ese|esa|ellos|ellas|allí|ahí)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"\W*\w+(?:\W+\w+)?(?:[^\w\s]\s*)?[^,;:.!?，；：。！？]*")
"""What comes first: a pronoun after it means something said in it ("The lid is cracked, can it be replaced?")."""
_INTRODUCES = re.compile(
    r"\b(?:an?|my|our|your|un|une|mon|ma|mes|ein|eine|einen|mein|meine|meinen|mi|una)\s+\w|[我你您]的?\w*的", re.IGNORECASE
)
"""What a pronoun after it means: "I bought a heater, can I return it?"."""


@lru_cache(maxsize=256)  # one answer asks nine times, of two texts
def reference_of(text: str) -> Reference:
    """How ``text`` relates to the turns before it."""
    asked = text.strip()
    asked = asked[len(_opening(_SMALL_TALK, asked)) :]
    if not re.search(r"\w", asked):
        return Reference.SMALL_TALK
    turns_away = _NEW_TOPIC.match(asked)
    if not turns_away and (_GOES_ON.match(asked) or _CORRECTS.search(text)):
        return Reference.CERTAIN
    if _points_back(asked):
        return Reference.CERTAIN
    if turns_away or products_in(asked):
        return Reference.NONE
    tokens = estimate_tokens(asked)
    if tokens <= FRAGMENT_TOKENS:
        return Reference.CERTAIN
    return Reference.POSSIBLE if tokens <= POSSIBLE_TOKENS else Reference.NONE


def _points_back(text: str) -> bool:
    pointer = _POINTS_BACK.search(_opening(_CLAUSE, text))
    return pointer is not None and not _INTRODUCES.search(text[: pointer.start()]) and not products_in(text[: pointer.start()])


def _opening(pattern: re.Pattern[str], text: str) -> str:
    """What of ``text`` matches ``pattern`` from its start."""
    match = pattern.match(text)
    return match.group() if match else ""
