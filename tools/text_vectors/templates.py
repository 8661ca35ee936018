"""Small templates that exercise each construct of the subset, rendered by Jinja2 with the settings
that Hugging Face's apply_chat_template uses."""

import datetime
import json

import jinja2
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

NOW = datetime.datetime(2025, 1, 20)

VARIABLES = {
    "s": "Hello, World",
    "zh": "你好，世界 😀",
    "sp": "  \u3000 padded\t\n",
    "n": 7,
    "neg": -7,
    "f": 2.5,
    "t": True,
    "no": None,
    "empty": "",
    "l": [3, 1, 2],
    "words": ["a", "B", "c", "b"],
    "nested": [[1, "x"], [2, "y"]],
    "d": {"b": 1, "a": {"deep": [10, 20]}, "items": "shadowed", "text": "v"},
    "msgs": [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "1 < 2 & \"q\" 'p' é \u2028"},
        {"role": "assistant", "content": "<think>a\nb</think>\n\nok", "tool_calls": []},
        {"role": "user", "content": None},
    ],
}

EXPRESSIONS = """
s|n|neg|f|t|no|missing
1 + 2 * 3 - 4|(1 + 2) * 3|7 // 2|neg // 2|7 % 3|neg % 3|7 % -3|2 ** 10|2 ** -1|7 / 2|6 / 2|-n|+n|- -n
-2 ** 2|2 ** 3 ** 2|1.5 + 1|0.1 + 0.2|1e3|1e16|1e15|1e-4|1e-5|123456789.125|2.0 * 3|7.5 // 2|-7.5 % 2
neg * -1|t + 1|true + true|1 / 3|100 * 1.1|3.0|-0.0|1e22 / 7
'a' + 'b'|'a' ~ 1 ~ none ~ true ~ 1.5|'ab' * 3|3 * 'ab'|'ab' * -1|[1] + [2]|[0] * 3|(1, 2) + (3,)
1 == 1.0|true == 1|'a' == "a"|'1' == 1|none == none|missing == missing|[1, 2] == [1, 2]|[1] == (1,)
{'a': 1, 'b': 2} == {'b': 2, 'a': 1}|1 != 2|1 < 2 < 3|1 < 2 > 3|3 >= 3|'a' < 'b'|[1, 2] < [1, 3]
'Hello' in s|'x' not in s|1 in l|5 in l|'a' in d|'zz' in d|'' in ''|2 in (1, 2)|'a' in missing
not t|not not s|not empty|t and s|no and s|empty or 'else'|n or 1|t and no or 'c'|not t == false
not n in l|n is not none and n > 3|1 if t else 2|1 if no else 2|(1 if no)|'x' if missing else 'y' if no else 'z'
s[0]|s[-1]|s[100]|zh[0]|zh[-1]|s[1:4]|s[:-1]|s[::-1]|zh[::-1]|s[::2]|s[5:1:-1]|l[0]|l[-1]|l[9]|l[1:]
l[::-1]|l[-2:]|l[:1]|l[5:]|l[:0]|zh[1:3]|s[-100:3]|s[100:]|nested[1][1]|nested.1.0|(1, 2, 3)[1:]
d.b|d['b']|d.a.deep[1]|d['a']['deep'][0]|d.nope|d['nope']|d['items']|d.text|d[1]|s.nope|no.x|n.x
msgs[0].role|msgs[0]['role']|msgs[-1].content|msgs[1:] | length|msgs[0].nope is defined
[1, 'a', none, true, 1.5]|(1,)|()|[]|{}|{'a': 1, 'b': [1, {'c': none}]}|{1: 2, none: 3}|[1, 2,]|['it\\'s', "q\\"q"]
['\\n\\t\\\\\\x00\\x7f\\xa0é😀\\u200b\\ufeff']|['a\\'b"c']|"a" "b" 'c'|'\\u00e9\\x41\\101\\q\\U0001F600'|'{{ no }}'|"{%"
n is defined|missing is defined|missing is undefined|no is none|n is none|s is string|n is string
n is number|f is number|t is number|n is integer|t is integer|f is float|t is boolean|n is boolean
d is mapping|l is mapping|l is iterable|s is iterable|n is iterable|d is iterable|missing is iterable
l is sequence|d is sequence|n is sequence|t is true|t is false|no is false|n is odd|n is even
n is divisibleby 7|n is divisibleby(2)|n is eq 7|n is equalto(7)|n is ne 7|n is gt 3|n is lt(3)|n is ge 7
n is le 7|n is sameas n|1 is sameas true|'a' is in d|n is in [7]|s is not string|n is not odd
namespace is callable|s is callable|missing is not defined and true|n is odd or n is even
s | upper|s | lower|s | title|s | capitalize|zh | upper|'straße ÉÀ' | upper|'ÀÉ x-y z9a' | title|'hELLO wORLD' | capitalize
sp | trim|sp | trim | length|'xxaxx' | trim('x')|' a ' | trim(' a')|missing | trim|7 | trim|s | length
zh | length|l | length|d | length|missing | length|s | count|s | replace('l', 'L')|s | replace('l', 'L', 1)
'aaa' | replace('', '-')|'a.b' | replace('.', '')|l | join|l | join(', ')|l | join(d='-')|s | join('.')
nested | map('join', '=') | join(';')|msgs | map(attribute='role') | join(',')|d | items | list|d.items() | list
d | list|l | list|s | list|l | first|l | last|[] | first|'' | last|s | first|l | reverse | list|s | reverse
missing | default('x')|no | default('x')|empty | default('x')|empty | default('x', true)|no | d('x', true)
missing | default|s | default('x')|'12' | int|'x' | int|'x' | int(5)|'3.9' | int|3.9 | int|-3.9 | int|' 4 ' | int
neg | abs|f | abs|1.5 | string|no | string|l | string|s | safe|words | unique | join|[1, 1, 2] | unique | list
l | select('odd') | list|l | reject('odd') | list|l | select | list|[0, 1, '', 'a'] | reject | list
l | select('gt', 1) | list|l | select('>', 1) | list|l | select('in', [1, 2]) | list
msgs | selectattr('role', 'equalto', 'user') | list | length|msgs | rejectattr('role', '==', 'user') | map(attribute='role') | list
msgs | selectattr('tool_calls') | list|msgs | selectattr('tool_calls', 'defined') | map(attribute='role') | list
msgs | map(attribute='content.x', default='?') | list|words | map('upper') | join|nested | map(attribute=1) | list|words | map('replace', 'a', 'z') | list
d | tojson|d | tojson(indent=2)|l | tojson|s | tojson|zh | tojson|msgs | tojson|no | tojson|t | tojson|f | tojson|1e100 | tojson
"\\u0000\\u001f\\u007f\\u2028\\"\\\\/" | tojson|[] | tojson(indent=4)|{} | tojson(indent=4)|{'a': []} | tojson(indent=4)|(1, 2) | tojson
zh | tojson(ensure_ascii=true)|d | tojson(sort_keys=true)|d | tojson(separators=(',', ':'))|{1: 2, none: 3, true: 4, 1.5: 5} | tojson
d | tojson(indent=2, separators=(',', ':'))|'a\\nb\\n\\nc' | indent|'a\\nb' | indent(2, true)|'a\\n\\nb' | indent(2, blank=true)|'a\\nb' | indent('>> ')
s.upper()|s.lower()|s.title()|'abc def'.capitalize()|sp.strip()|sp.lstrip()|sp.rstrip()|'xxaxx'.strip('x')
'xyaxy'.lstrip('yx')|'abcba'.rstrip('ab')|'你a你'.strip('你')|'a,b,,c'.split(',')|'a,b,c'.split(',', 1)|' a  b '.split()
'a b c'.split(none, 1)|' a  b  c '.split(maxsplit=1)|''.split()|''.split(',')|'a,b,c'.rsplit(',', 1)|s.startswith('Hell')|s.endswith('x')
s.startswith(('x', 'H'))|s.replace('l', 'L', 2)|s.find('World')|zh.find('世')|s.find('zz')|s.count('l')|', '.join(words)
'x-y'.removeprefix('x')|'x-y'.removesuffix('y')|d.get('b')|d.get('zz')|d.get('zz', 5)|d.keys() | list|d.values() | list | length
l.count(1)|msgs[2].content.split('</think>')[-1].lstrip('\\n')|msgs[2].content.split('<think>')[0]
range(3) | list|range(1, 4) | list|range(5, 0, -2) | list|range(0) | list|range(3) | length
dict(a=1, b=2)|dict(d, z=1) | length|namespace(a=5).a|strftime_now('%d %b %Y')|strftime_now('%Y-%m-%d %A')
s | upper | lower | length|(s ~ 'x') | length|s ~ 'x' | upper|- n | abs|'a' in 'b' ~ 'a'|1 + 2 ~ 3 + 4
[1, 2] | map('string') | join('+')|[x for x in l]|1, 2|s.|(|]|s |  | upper|'open|1 2|n is|{1|a.b.c|7 | nofilter
'a' + 1|1 + 'a'|1 + none|'a' + none|none + 'a'|missing + 'a'|'a' + missing|missing.x|missing['x']|d.nope.x|missing()|s()|no()
[1] + 'a'|'a' in 1|1 in 'a'|'a' in none|1 < 'a'|none < 1|missing < 1|-s|s - 1|s / 2|1 / 0|1 // 0|1 % 0|1.5 / 0|0 ** -1
no | length|7 | length|7 | list|no | join|missing | tojson|'a'.split('')|'a'.split(1)|'a'.strip(1)|'a'.join([1])|s.startswith(1)
raise_exception('No: ' ~ s)|raise_exception('')|range(1000000)|{[1]: 2}|namespace(1)|'x' | int('y')|l[::0]|l['a']|l.x
"""

BLOCKS = [
    "plain text\n",
    "one trailing newline goes\n",
    "two go to one\n\n",
    "a\r\nb\rc\n",
    "  {% if t %}\n  yes\n  {% endif %}\n  end",
    "  {%- if t -%}\n  yes\n  {%- endif -%}\n  end",
    "  {%+ if t %}\n  yes\n  {%+ endif %}\n  end",
    "a {%- if t +%}\n b {%+ endif -%}\n c",
    "x\n   {# comment #}   \ny",
    "x\n   {# comment #}\ny",
    "x {#- comment -#} y",
    "a{# {{ not run }} {% nor this %} #}b",
    "{{ s }}\n{{ n }}\n",
    "{{- s -}}\n{{ n }}",
    " {{ s }} ",
    "{{s}}{{'}}'}}{{ \"%}\" }}",
    "{{ {'a': {'b': 1}}['a']['b'] }}",
    "{{ '\n' }}|{{ 'a\\\nb' }}",
    "{ not a tag } {x} }} %} #}",
    "{% if no %}a{% elif n == 7 %}b{% elif t %}c{% else %}d{% endif %}",
    "{% if no %}a{% else %}d{% endif %}",
    "{% if l, 1 %}tuple{% endif %}",
    "{% if missing %}a{% endif %}.",
    "{% for x in l %}{{ x }},{% endfor %}",
    "{% for x in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}"
    "{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.depth }}{{ loop.depth0 }};{% endfor %}",
    "{% for x in l %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }};{% endfor %}",
    "{% for x in l %}{{ loop.previtem is defined }}{{ loop.nextitem is defined }};{% endfor %}",
    "{% for x in [] %}x{% else %}empty{% endfor %}",
    "{% for x in l %}x{% else %}empty{% endfor %}",
    "{% for x in missing %}x{% else %}none{% endfor %}",
    "{% for c in zh %}[{{ c }}]{% endfor %}",
    "{% for k in d %}{{ k }};{% endfor %}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}",
    "{% for k, v in d | items %}{{ k }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{% for (a, (b)) in nested %}{{ a }}{{ b }};{% endfor %}",
    "{% for a, b in nested %}{{ b }}{{ a }};{% endfor %}",
    "{% for x in 1, 2, 3 %}{{ x }}{% endfor %}",
    "{% for x in range(10) if x is even %}{{ x }}:{{ loop.index }}/{{ loop.length }} {% endfor %}",
    "{% for m in msgs if m.role == 'user' and m.content %}{{ m.content }}{% else %}none{% endfor %}",
    "{% for x in range(10) %}{% if x == 5 %}{% break %}{% endif %}{% if x is odd %}{% continue %}"
    "{% endif %}{{ x }}{% endfor %}",
    "{% for x in l %}{% for y in l %}{{ loop.index }}{% if y == 1 %}{% break %}{% endif %}"
    "{% endfor %}-{{ loop.index }};{% endfor %}",
    "{% for x in l %}{% for y in [1] %}{{ loop.first }}{% else %}{{ loop.index }}{% endfor %}{% endfor %}",
    "{% for x in l %}{% for y in [] %}{% else %}{{ loop.index }}{% endfor %}{% endfor %}",
    "{% set x = 1 %}{{ x }}",
    "{% set x = 1, 2 %}{{ x }}",
    "{% set a, b = 1, 2 %}{{ b }}{{ a }}",
    "{% set a, (b, c) = 1, (2, 3) %}{{ a }}{{ b }}{{ c }}",
    "{% set a, b = 'xy' %}{{ b }}{{ a }}",
    "{% set x %}\n  block {{ n }}\n{% endset %}[{{ x }}]",
    "{% set x = 1 %}{% if t %}{% set x = 2 %}{% endif %}{{ x }}",
    "{% set x = 1 %}{% for i in l %}{% set x = i %}{{ x }}{% endfor %}{{ x }}",
    "{% for i in l %}{% if loop.first %}{% set y = 'first' %}{% endif %}{{ y is defined }}{% endfor %}"
    "{{ y is defined }}",
    "{% set ns = namespace(n=0, s='') %}{% for i in l %}{% set ns.n = ns.n + i %}"
    "{% set ns.s = ns.s ~ i %}{% endfor %}{{ ns.n }}{{ ns.s }}{{ ns.zz is defined }}",
    "{% set ns = namespace({'a': 1}, b=2) %}{{ ns.a }}{{ ns['b'] }}",
    "{% set ns = namespace() %}{% set ns.x, y = 1, 2 %}{{ ns.x }}{{ y }}",
    "{% set l = [1] %}{% set l.x = 2 %}",
    "{% set messages = msgs[1:] %}{% if msgs[0].role == 'system' %}{% set sys = msgs[0].content | trim %}"
    "{% endif %}{{ sys }}{{ messages | length }}",
    "{% set a, b = 1 %}",
    "{% set a, b = [1] %}",
    "{% set a, b = [1, 2, 3] %}",
    "{% for a, b in l %}{% endfor %}",
    "{% for x in 5 %}{% endfor %}",
    "{% for x in none %}{% endfor %}",
    "{% macro m(a, b=2) %}<{{ a }}{{ b }}>{% endmacro %}{{ m(1) }}{{ m(1, 3) }}{{ m(b=4, a=5) }}",
    "{% macro m(a, b=a ~ '!') %}{{ b }}{% endmacro %}{{ m('x') }}",
    "{% macro m(a) %}{{ a is defined }}{{ a }}{% endmacro %}[{{ m() }}]",
    "{% macro m() %}{{ n }}{{ later }}{% endmacro %}{% set later = 'set' %}{{ m() }}",
    "{% macro fac(k) %}{% if k <= 1 %}1{% else %}{{ k * fac(k - 1) | int }}{% endif %}{% endmacro %}{{ fac(5) }}",
    "{% macro m() %}  x  {% endmacro %}[{{ m() | trim }}]{{ m() | length }}",
    "{% macro m(x) %}{% set y = x %}{{ y }}{% endmacro %}{{ m(1) }}{{ y is defined }}",
    "{% macro a() %}A{{ b() }}{% endmacro %}{% macro b() %}B{% endmacro %}{{ a() }}",
    "{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}",
    "{% macro m(a) %}{% endmacro %}{{ m(z=1) }}",
    "{% for x in l %}{% macro m() %}{{ x }}{% endmacro %}{{ m() }}{% endfor %}",
    "{% macro m(a) %}{{ a.role }}{% for x in l %}{{ x }}{% endfor %}{% endmacro %}{{ m(msgs[0]) }}",
    "{% generation %}inside {{ n }}{% endgeneration %}after",
    "{% for m in msgs %}{% generation %}\n{{ m.role }}\n{% endgeneration %}\n{% endfor %}",
    "{%- for m in msgs %}\n    {%- if m.role == 'user' %}\n        {{- 'U:' + (m.content or '') + '\\n' }}\n"
    "    {%- else -%}\n        {{ m.role }}\n    {%- endif %}\n{%- endfor %}",
    "{% if t %}{% raise_exception('x') %}{% endif %}",
    "{{ raise_exception('Conversation roles must alternate user/assistant/...') }}",
    "{% if msgs[0]['role'] != 'user' %}{{ raise_exception('Only user first!') }}{% endif %}",
    "line one\n{{ 'a'\n + 1 }}",
    "{% if t %}never closed",
    "{% endif %}",
    "{% for x l %}{% endfor %}",
    "{{ s ",
    "{% if t ",
    "{# open",
    "{% set x %}",
    "{% set true = 1 %}",
    "{% else %}",
    "{{ }}",
    "{% %}",
    "{{ s }",
    "{{ 'a }}",
    "{{ (1, 2 }}",
    "{{ 1 ] }}",
    "{% macro m(a=1, b) %}{% endmacro %}",
    "{{ m(a=1, 2) }}",
    "{{ x is defined is none }}",
    "{{ f ? }}",
]


def split_expressions():
    """The lines' expressions: separated by a bar that has no space around it."""
    import re
    for line in EXPRESSIONS.strip().splitlines():
        yield from re.split(r"(?<! )\|(?! )", line)


class Generation(Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_render"), [], [], body).set_lineno(line)

    def _render(self, caller):
        return caller()


def environment():
    env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True,
                                        extensions=[Generation, loopcontrols])

    def raise_exception(message):
        raise jinja2.exceptions.TemplateError(message)

    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators,
                          sort_keys=sort_keys)

    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = NOW.strftime
    return env


def render(env, source, variables):
    try:
        return {"rendered": env.from_string(source).render(**variables)}
    except jinja2.exceptions.TemplateSyntaxError as error:
        # Every parser words these in its own way: the line is what must agree.
        return {"error": f"line {error.lineno}"}
    except Exception as error:  # noqa: BLE001: whatever Jinja says is the expectation
        return {"error": str(error)}


def cases():
    env = environment()
    sources = ["{{ " + e + " }}" for e in split_expressions()] + BLOCKS
    rows = [{"template": source} | render(env, source, VARIABLES) for source in sources]
    return [{"variables": VARIABLES}] + rows  # the first line is what all of them see


TOOLS = [{"type": "function", "function": {
    "name": "get_weather", "description": "Weather of a \"city\"",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}},
                   "required": ["city"]}}}]

CALL = {"type": "function", "function": {"name": "get_weather", "arguments": {"city": "北京", "n": 1.5}}}

CONVERSATIONS = [
    {"messages": [{"role": "user", "content": "Hi & <b>你好</b>"}]},
    {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "1+1?"}]},
    {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"},
                  {"role": "user", "content": "c\n\n"}]},
    {"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "Weather?"}],
     "tools": TOOLS},
    {"messages": [{"role": "user", "content": "Weather?"}], "tools": TOOLS},
    {"messages": [{"role": "user", "content": "Weather?"},
                  {"role": "assistant", "content": "", "tool_calls": [CALL, CALL]},
                  {"role": "tool", "content": "{\"t\": 21}"}, {"role": "tool", "content": "22"},
                  {"role": "assistant", "content": "Mild."}], "tools": TOOLS},
]


def real_cases(models_folder):
    """The templates of the real files, by name of the file."""
    import gguf
    env = environment()
    rows = []
    for path in sorted(models_folder.glob("*.gguf")):
        source = gguf.GGUFReader(path).fields["tokenizer.chat_template"].contents()
        for conversation in CONVERSATIONS:
            for prompt in (True, False):
                variables = {"tools": None, "add_generation_prompt": prompt} | conversation
                row = {"file": path.name, "variables": variables}
                rows.append(row | render(env, source, variables))
    return rows
