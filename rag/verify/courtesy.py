"""Words of courtesy in a draft: they assert nothing, so no passage has to bear them out."""

import re

_NAME = r"(?:[ ,]+(?:[A-ZÀ-Þ][\w.'’-]*|there|all|team|everyone)){0,4}"
_GREETING = r"(?i:hello|hi|hey|dear|good (?:morning|afternoon|evening)|bonjour|hallo|guten tag|hola|buenos días)"
_THANKS = (
    r"(?i:(?:many )?thanks(?: again| a lot| so much)?|thank you(?: very much| so much| again)?|merci(?: beaucoup)?|(?:vielen )?danke?"
    r"|(?:muchas )?gracias)(?i:,? for (?:your|the) (?:message|question|e?-?mail|patience|[ei]nquiry|order))?"
)
_FAREWELL = (
    r"(?i:you(?:['’]re| are) (?:very )?welcome|(?:(?:kind|best|warm) )?regards|yours (?:sincerely|faithfully|truly)|sincerely"
    r"|have a (?:nice|great|good) day|cordialement|mit freundlichen grüßen|un saludo|saludos(?: cordiales)?)"
)
_CHINESE = (
    r"亲|[您你]好|[早下晚]上?午?好|(?:谢谢|感谢)[您你]?(?:的(?:咨询|来信|耐心|支持|理解))?"
    r"|不客气|祝[您你]?(?:生活|购物)愉快|此致|敬礼"
)
_COURTESY = re.compile(f"{_GREETING}{_NAME}|{_THANKS}|{_FAREWELL}|{_CHINESE}")


def is_courtesy(sentence: str) -> bool:
    """Whether ``sentence`` is a greeting, thanks or a farewell and nothing more."""
    return _COURTESY.fullmatch(sentence.strip(" \t,.!~*，。！～")) is not None
