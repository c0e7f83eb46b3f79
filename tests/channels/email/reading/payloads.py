"""A battery of hostile HTML, made from families: each way to run something times each thing that could run."""

from itertools import product
from typing import Final

RUN: Final = "window.__ran=1"

_HANDLERS: Final = (
    "onload onerror onclick onmouseover onfocus onanimationstart ontoggle onpageshow onbegin onpointerover onscroll"
    " onwheel onbeforeinput oncontentvisibilityautostatechange onscrollend"
    " onsecuritypolicyviolation onresize onhashchange"
)
_ELEMENTS: Final = (
    "img src=x|svg|body|video src=x|audio src=x|iframe src=x|input autofocus|details open|marquee"
    "|object data=x|a href=x"
    "|div|p|style|link rel=stylesheet href=x|math|table background=x|td|form|button|select autofocus|textarea autofocus"
    "|custom-tag"
)
_SCRIPT_ADDRESSES: Final = (
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}",
    f"java\tscript:{RUN}",
    f"java&#10;script:{RUN}",
    f"&#106;avascript:{RUN}",
    f"&#x6A;avascript&colon;{RUN}",
    f"\x01javascript:{RUN}",
    f" javascript:{RUN}",
    f"javascript&Tab;:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    "data:text/html;base64,PHNjcmlwdD53aW5kb3cudG9wLl9fcmFuPTE8L3NjcmlwdD4=",
    f"vbscript:{RUN}",
    f"view-source:javascript:{RUN}",
    f"feed:javascript:{RUN}",
    "//tracker.invalid/x",
    "/logout",
    "logout",
    "?logout=1",
    "https:evil.invalid",
)
_ADDRESS_PLACES: Final = (
    '<a href="{}">x</a>',
    "<a href='{}' target=_self>x</a>",
    '<iframe src="{}"></iframe>',
    '<img src="{}">',
    '<form action="{}"><button>x</button></form>',
    '<object data="{}"></object>',
    '<embed src="{}">',
    '<base href="{}">',
    '<link rel=stylesheet href="{}">',
    '<meta http-equiv=refresh content="0;url={}">',
    '<body background="{}">',
    '<table background="{}"><tr><td background="{}">x</table>',
    '<svg><a xlink:href="{}"><text>x</text></a></svg>',
    '<svg><use href="{}"/></svg>',
    '<svg><image href="{}"/></svg>',
    '<math href="{}">x</math>',
    '<video poster="{}" src="{}"></video>',
    '<input type=image src="{}">',
    '<img srcset="{} 1x">',
    '<picture><source srcset="{}"><img></picture>',
    '<div style="background:url({})">x</div>',
    '<style>@import url("{}");body{{background:url({})}}</style>',
    '<a ping="{}" href="https://fine.invalid/">x</a>',
    '<frameset><frame src="{}"></frameset>',
    '<isindex action="{}" type=image>',
    '<q cite="{}">x</q>',
    '<button formaction="{}">x</button>',
    '<track src="{}">',
    '<script src="{}"></script>',
)
_MUTATIONS: Final = (
    '<noscript><p title="</noscript><img src=x onerror=RUN>">',
    '<svg><style><img src=x onerror=RUN></style></svg>',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=RUN&gt;">',
    "<svg></p><style><a id=\"</style><img src=1 onerror=RUN>\">",
    "<math><annotation-xml encoding=text/html><script>RUN</script></annotation-xml></math>",
    '<form><math><mtext></form><form><mglyph><style></math><img src onerror=RUN>',
    "<select><style></select><script>RUN</script></style>",
    "<textarea><img title='</textarea><img src=x onerror=RUN>'></textarea>",
    "<xmp><img title='</xmp><img src=x onerror=RUN>'></xmp>",
    "<title><img title='</title><script>RUN</script>'></title>",
    "<!--><img src=x onerror=RUN>-->",
    "<!--!><img src=x onerror=RUN>--!>",
    "<![CDATA[><img src=x onerror=RUN>]]>",
    "<?xml ?><img src=x onerror=RUN>",
    "<template><img src=x onerror=RUN></template>",
    "<template shadowrootmode=open><img src=x onerror=RUN></template>",
    "<svg><foreignObject><iframe srcdoc='<script>parent.RUN</script>'></iframe></foreignObject></svg>",
    "<svg><animate onbegin=RUN attributeName=x dur=1s>",
    "<svg><set attributeName=href to=javascript:RUN><a id=x><text>x</text></a></svg>",
    "<svg><script>RUN</script></svg>",
    "<svg><script href='data:,RUN'/></svg>",
    "<plaintext><script>RUN</script>",
    "<iframe srcdoc='&lt;script&gt;parent.RUN&lt;/script&gt;'></iframe>",
    "<img src=\"x` `<script>RUN</script>\"` `>",
    "<img src='1' o\\x00nerror=RUN>",
    "<img/src/onerror=RUN>",
    "<img src=x onerror\x0b=RUN>",
    "<a title='<img src=x onerror=RUN>'>x</a>",
    '<a href="https://fine.invalid/" title="&quot;><img src=x onerror=RUN>">x</a>',
    '<img alt="&quot; onerror=RUN src=x ">',
    '<img alt=\'"><script>RUN</script>\' src="https://fine.invalid/">',
    '<img src="https://fine.invalid/&quot; onerror=&quot;RUN">',
    '<img src="cid:&quot; onerror=&quot;RUN">',
    '<a href="https://fine.invalid/&quot; onmouseover=&quot;RUN">x</a>',
    "<p id=x name=x class=x hx-get=/logout hx-trigger=load x-data x-init=RUN @click=RUN data-hx-get=/logout>x</p>",
    "<script type=module>RUN</script>",
    "<script>RUN//</script\n>",
    "<scr<script>ipt>RUN</scr</script>ipt>",
    "<<script>RUN//<</script>",
    "<b <script>RUN</script>0",
    "<div style='x:expression(RUN)'>x</div>",
    "<div style='animation:x' onanimationstart=RUN>x</div><style>@keyframes x{}</style>",
    "<xml id=x><x><c><![CDATA[<img src=x onerror=RUN>]]></c></x></xml>",
    "<object type=text/html data='data:text/html,<script>RUN</script>'></object>",
    "<embed code=x type=text/html src='data:text/html,<script>RUN</script>'>",
    "<meta http-equiv=refresh content='0;javascript:RUN'>",
    "<meta http-equiv=Content-Security-Policy content='default-src *'><script>RUN</script>",
    "<link rel=import href='data:text/html,<script>RUN</script>'>",
    "<link rel=prefetch href=https://tracker.invalid/><link rel=dns-prefetch href=//tracker.invalid>",
    "<img src=https://tracker.invalid/a.png width=1 height=1>",
    "<img lowsrc=https://tracker.invalid/ dynsrc=https://tracker.invalid/ src=https://tracker.invalid/b.png>",
    "<bgsound src=https://tracker.invalid/>",
    "<layer src=https://tracker.invalid/></layer>",
    "<portal src=https://tracker.invalid/></portal>",
    "<fencedframe src=https://tracker.invalid/></fencedframe>",
    "<audio autoplay src=https://tracker.invalid/></audio>",
    "<font face='x' style='src:url(https://tracker.invalid/)'>x</font>",
    "+ADw-script+AD4-RUN+ADw-/script+AD4-",
    "\ufeff<script>RUN</script>",
    "%3Cscript%3ERUN%3C/script%3E",
    "&lt;script&gt;RUN&lt;/script&gt;",
    "<img src=x:alert(alt) onerror=eval(src) alt=RUN>",
    "<input onfocus=RUN autofocus>",
    "<details open ontoggle=RUN><summary>x</summary></details>",
    "<dialog open onclose=RUN>x</dialog>",
    "<p popover id=p>x</p><button popovertarget=p>x</button>",
    "<a href='https://fine.invalid' download>x</a>",
    "<img usemap=#m src=x><map name=m><area shape=default href=javascript:RUN></map>",
    "<table><img src=x onerror=RUN></table>",
    "<ul><li><svg onload=RUN></ul>",
)  # fmt: skip


def payloads() -> list[str]:
    """All of them, some thousand."""
    handled = [
        f"<{element} {handler}={quote}{RUN}{quote}>x"
        for element, handler, quote in product(_ELEMENTS.split("|"), _HANDLERS.split(), ('"', "", "'"))
    ]
    addressed = [place.replace("{}", address) for place, address in product(_ADDRESS_PLACES, _SCRIPT_ADDRESSES)]
    return [*handled, *addressed, *(mutation.replace("RUN", RUN) for mutation in _MUTATIONS)]
