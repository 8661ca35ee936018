"""What tests with hostile texts share: a page that is watched from its first moment, and what it must not do.

    class SecurityTest(HostileCase):
        def test_...(self):
            page = self.open_watched()
            ...
            self.check_harmless(page, name)
"""

import re

from page_case import PageCase, ask
from thinking import unguarded

WATCH = r"""
window.ran = [];
window.violations = [];
window.strange = [];
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'hook', 'MsgBox']) {
  window[name] = () => ran.push(name);
}
navigator.sendBeacon = () => ran.push('beacon');
addEventListener('securitypolicyviolation', ({violatedDirective, blockedURI, sample}) =>
  violations.push(`${violatedDirective} ${blockedURI} ${sample}`));

const kRendered = ['a', 'blockquote', 'br', 'button', 'code', 'del', 'div', 'em', 'h1', 'h2', 'h3', 'h4',
  'h5', 'h6', 'hr', 'li', 'ol', 'p', 'path', 'pre', 's', 'span', 'strong', 'svg', 'table', 'tbody', 'td',
  'th', 'thead', 'tr', 'ul'];
const kFrame = [...kRendered, 'app', 'article', 'aside', 'b', 'body', 'circle', 'dd', 'details', 'dialog',
  'dl', 'dt', 'fieldset', 'figcaption', 'figure', 'footer', 'form', 'g', 'head', 'header', 'html', 'input',
  'kbd', 'label', 'legend', 'line', 'main', 'nav', 'optgroup', 'option', 'polyline', 'progress', 'rect',
  'section', 'select', 'small', 'summary', 'text', 'textarea', 'tfoot', 'time', 'title'];
const kTex = [...kRendered, 'line', 'math', 'annotation', 'semantics', 'menclose', 'mfrac', 'mi', 'mn', 'mo',
  'mover', 'mpadded', 'mphantom', 'mroot', 'mrow', 'mspace', 'msqrt', 'mstyle', 'msub', 'msubsup', 'msup',
  'mtable', 'mtd', 'mtext', 'mtr', 'munder', 'munderover', 'merror', 'mlabeledtr'];
const kActive = ['action', 'formaction', 'srcdoc', 'srcset', 'background', 'xlink:href', 'http-equiv',
  'data', 'poster', 'ping', 'is', 'slot'];

function faultsOf(element) {
  const faults = [];
  const tex = element.closest('.katex');
  const rendered = element.parentElement?.closest('.block');
  const tag = element.localName;
  const tags = tex ? kTex : rendered ? kRendered : kFrame;
  const own = element.matches('.brand > img[src="/retort.svg"], body > noscript');
  if (!tags.includes(tag) && !own) faults.push('tag');
  if (tag === 'svg' && !tex && !element.matches('.icon, .plot, .rate-bar')) faults.push('svg');
  for (const {name} of element.attributes) {
    if (name.startsWith('on') || kActive.includes(name)) faults.push(name);
    if (rendered && !tex && ['id', 'style', 'src', 'name'].includes(name)) faults.push(name);
  }
  if (element.hasAttribute('href') && tag === 'a') {
    const {protocol, rel} = element;
    if (!['http:', 'https:', 'mailto:', 'blob:'].includes(protocol)) faults.push(protocol);
    if (rendered && !rel.split(' ').includes('noopener')) faults.push('rel');
    if (rendered && new URL(element.href).origin === location.origin) faults.push('own link');
  }
  return faults.map((fault) => `${fault}: ${element.cloneNode(false).outerHTML.slice(0, 200)}`);
}

window.inspect = (root) => {
  for (const element of [root, ...root.querySelectorAll('*')]) strange.push(...faultsOf(element));
};
new MutationObserver((records) => {
  if (document.readyState === 'loading') return;       // the page's own head and its scripts
  for (const {addedNodes, target} of records) {
    for (const node of addedNodes) if (node.nodeType === 1 && node.isConnected) inspect(node);
    if (target.nodeType === 1 && target.isConnected) strange.push(...faultsOf(target));
  }
}).observe(document, {subtree: true, childList: true, attributes: true});
"""
SETTLED = """() => !document.querySelector(
  '.math:not(.set), pre code[class*="language-"]:not(.coloured)')"""
HARMLESS = """() => {
  inspect(document.body);
  const found = {ran, violations, strange: [...new Set(strange)]};
  window.strange = [];
  return found;
}"""


class HostileCase(PageCase):
    def open_watched(self, hash="", wait="#prompt", **options):
        page = self.open("", wait="#prompt", **options)
        context = page.context
        context.add_init_script(WATCH)
        context.route("**/v1/chat/completions", unguarded)
        self.asked = []
        page.on("request", lambda request: self.asked.append(request.url)
                if re.match(r"https?://[^/]*(/beacon|evil)|data:text", request.url) else None)
        page.on("dialog", lambda dialog: self.asked.append(f"dialog {dialog.message}") or dialog.dismiss())
        context.on("page", lambda other: self.asked.append(f"window {other.url}"))
        page.goto(f"{self.server.url}/{hash}")
        page.reload()
        page.wait_for_selector(wait)
        return page

    def check_harmless(self, page, name=""):
        page.wait_for_function(SETTLED)
        found = page.evaluate(HARMLESS)
        self.assertEqual(found, {"ran": [], "violations": [], "strange": []}, name)
        self.assertEqual(self.asked, [], name)
        self.assertEqual(self.faults, [], name)

    def check_works(self, page):
        """A new chat still answers, whatever was shown before."""
        page.goto(f"{self.server.url}/#/chat")
        page.click("#new-chat")
        ask(page, "hello")
        self.assertEqual(page.inner_text(".message.assistant .text"), "world")
        self.check_harmless(page)

    @staticmethod
    def start(page, path, call, *arguments):
        """Calls a function of one of the page's modules, as the page itself would."""
        return page.evaluate("""async ([path, call, values]) => {
          const module = await import(path);
          return await module[call](...values);
        }""", [path, call, list(arguments)])
