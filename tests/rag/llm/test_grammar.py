from rag.llm.grammar import marked_grammar, quoted_grammar


def test_a_quote_is_a_terminal_whatever_stands_in_it() -> None:
    grammar = quoted_grammar(['Say "no" to C:\\x\u200b\U000e0041 – 不退货. [1]', "Two. [2]", "Two. [2]"], most=2)
    assert grammar.splitlines() == [
        r'root ::= quote ("\n" quote){0,1}',
        r'quote ::= "Say \"no\" to C:\\x\u200b\U000e0041 – 不退货. [1]" | "Two. [2]"',
    ]


def test_markers_are_those_of_the_passages() -> None:
    root, sentence, marker, gap = marked_grammar(3, "Nothing.").splitlines()
    assert root == 'root ::= "Nothing." | sentence (gap sentence){0,7}'
    assert sentence.endswith('" "? marker " "? marker?')
    assert marker == 'marker ::= "[1]" | "[2]" | "[3]"'
    assert gap == r'gap ::= " " | "\n"'
