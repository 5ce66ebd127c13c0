"""Sentences of our own that a shopper may read: declining, offering a person, and calling for help where there is danger."""

from rag.answer import AbstainReason

DEFAULT_LANGUAGE = "en"

_DECLINE: dict[str, dict[AbstainReason, str]] = {
    "en": {
        "not_in_knowledge_base": "I could not find this in our documents, so I would rather not guess.",
        "conflicting_passages": "Our documents disagree about this, so I would rather not guess.",
        "outside_scope": "Our documents hold no rule for this region or date.",
        "needs_person": "This needs a member of our team.",
        "nothing_verified": "I could not verify an answer to this against our documents.",
        "frozen": "We are looking into this matter at the moment and cannot say anything about it here yet.",
    },
    "zh": {
        "not_in_knowledge_base": "我在我们的资料中没有找到相关内容，因此不便猜测。",
        "conflicting_passages": "我们的资料对此说法不一，因此不便猜测。",
        "outside_scope": "我们的资料中没有适用于该地区或日期的规定。",
        "needs_person": "这个问题需要由我们的工作人员处理。",
        "nothing_verified": "我无法依据我们的资料核实这个问题的答案。",
        "frozen": "我们正在核查此事，目前暂时无法在这里答复。",
    },
    "fr": {
        "not_in_knowledge_base": "Je n'ai pas trouvé cette information dans nos documents et je préfère ne pas deviner.",
        "conflicting_passages": "Nos documents se contredisent à ce sujet et je préfère ne pas deviner.",
        "outside_scope": "Nos documents ne contiennent aucune règle pour cette région ou cette date.",
        "needs_person": "Cette question doit être traitée par un membre de notre équipe.",
        "nothing_verified": "Je n'ai pas pu vérifier de réponse dans nos documents.",
        "frozen": "Nous examinons ce sujet en ce moment et ne pouvons pas encore en parler ici.",
    },
    "de": {
        "not_in_knowledge_base": "Dazu habe ich in unseren Unterlagen nichts gefunden und möchte nicht raten.",
        "conflicting_passages": "Unsere Unterlagen widersprechen sich hierzu; ich möchte nicht raten.",
        "outside_scope": "Unsere Unterlagen enthalten keine Regel für diese Region oder dieses Datum.",
        "needs_person": "Darum sollte sich jemand aus unserem Team kümmern.",
        "nothing_verified": "Ich konnte keine Antwort anhand unserer Unterlagen bestätigen.",
        "frozen": "Wir prüfen diese Angelegenheit gerade und können hier noch nichts dazu sagen.",
    },
    "es": {
        "not_in_knowledge_base": "No he encontrado esta información en nuestros documentos y prefiero no suponer.",
        "conflicting_passages": "Nuestros documentos se contradicen en esto y prefiero no suponer.",
        "outside_scope": "Nuestros documentos no contienen ninguna regla para esa región o fecha.",
        "needs_person": "Esto debe atenderlo una persona de nuestro equipo.",
        "nothing_verified": "No he podido verificar una respuesta con nuestros documentos.",
        "frozen": "Estamos revisando este asunto y todavía no podemos decir nada al respecto aquí.",
    },
}
_OFFER = {
    "en": "Would you like me to pass your question to a person?",
    "zh": "需要为您转接人工客服吗？",
    "fr": "Souhaitez-vous que je transmette votre question à une personne ?",
    "de": "Soll ich Ihre Frage an eine Person weitergeben?",
    "es": "¿Quiere que pase su pregunta a una persona?",
}
_EMERGENCY = {
    "en": "If anyone is in danger, call the emergency services now.",
    "zh": "如果有人处于危险之中，请立即拨打急救或报警电话。",
    "fr": "Si quelqu'un est en danger, appelez immédiatement les secours.",
    "de": "Wenn jemand in Gefahr ist, rufen Sie sofort den Notruf an.",
    "es": "Si alguien corre peligro, llame ahora mismo a los servicios de emergencia.",
}
SPACELESS = frozenset({"zh", "ja", "th"})


def decline(reason: AbstainReason, language: str, text: str | None = None) -> str:
    """Two sentences in ``language`` (English when we have none): why there is no answer, and the offer of a person.

    ``text`` stands in the place of the first one.
    """
    known = language if language in _DECLINE else DEFAULT_LANGUAGE
    return f"{text or _DECLINE[known][reason]}{space(known)}{_OFFER[known]}"


def emergency(language: str) -> str:
    """What comes first where an accident is told of, in ``language`` (English when we have none).

    All other advice has to come from documents.
    """
    return _EMERGENCY.get(language, _EMERGENCY[DEFAULT_LANGUAGE])


def space(language: str) -> str:
    """What stands between two sentences of ``language``."""
    return "" if language in SPACELESS else " "
