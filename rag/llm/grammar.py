"""What a constrained decoder may write, as grammars in the extended Backus-Naur form that vLLM's ``structured_outputs`` takes.

With a grammar, vLLM masks every token that would leave it (xgrammar; its documentation, "EBNF"): a model then cannot forget a marker,
cite a passage that it was not given, or, where only quotes are allowed, say anything that stands in no document.
"""

from collections.abc import Iterable, Sequence

MOST_SENTENCES = 8
MOST_QUOTES = 3
"""As many as the extractive generator takes."""


def marked_grammar(passages: int, refusal: str) -> str:
    """Sentences in the model's own words, each with the markers of one or two of ``passages``; or ``refusal`` alone."""
    numbers = " | ".join(_literal(f"[{number}]") for number in range(1, passages + 1))
    return "\n".join(
        (
            f"root ::= {_literal(refusal)} | sentence (gap sentence){{0,{MOST_SENTENCES - 1}}}",
            r"sentence ::= [^\[\]\n【】［］] [^\[\]\n【】［］]* [.!?。！？：:] ' '? marker ' '? marker?".replace("'", '"'),
            f"marker ::= {numbers}",
            r'gap ::= " " | "\n"',
        )
    )


def quoted_grammar(lines: Iterable[str], most: int = MOST_QUOTES) -> str:
    """One to ``most`` of ``lines``, each on a line of its own."""
    quotes: Sequence[str] = list(dict.fromkeys(lines))
    choice = " | ".join(map(_literal, quotes))
    return f'root ::= quote ("\\n" quote){{0,{most - 1}}}\nquote ::= {choice}'


def _literal(text: str) -> str:
    """``text`` as a terminal. Control characters are written as escapes."""
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"
