"""What the server tells browsers about the page, and that they keep to it."""

import unittest
import urllib.request

from page_case import PageCase

# In the page, not through the debugger, which may do more.
TRY = """(work) => new Promise((resolve) => {
  const violated = [];
  const note = ({effectiveDirective}) => violated.push(effectiveDirective);
  addEventListener('securitypolicyviolation', note);
  window.ran = false;
  setTimeout(async () => {
    let thrown = null;
    try {
      await tries[work]();
    } catch (error) {
      thrown = error.name;
    }
    setTimeout(() => {
      removeEventListener('securitypolicyviolation', note);
      resolve({thrown, violated: [...new Set(violated)], ran: window.ran});
    }, 200);
  });
})"""
TRIES = """() => {
  const put = (tag, properties) => {
    const element = Object.assign(document.createElement(tag), properties);
    document.body.append(element);
    return element;
  };
  window.tries = {
    eval: () => eval('ran = true'),
    function: () => new Function('ran = true')(),
    timer: () => setTimeout('ran = true'),
    script: () => put('script', {textContent: 'ran = true'}),
    address: () => put('script', {src: 'https://evil.invalid/x.js'}),
    markup: () => { document.body.innerHTML = '<b>x</b>'; },
    policy: () => trustedTypes.createPolicy('mine', {createHTML: (text) => text}),
    handler: () => put('button', {}).setAttribute('onclick', 'ran = true'),
    link: () => { const a = put('a', {}); a.setAttribute('href', 'javascript:ran=true'); a.click(); },
    style: () => put('style', {textContent: 'body { outline: 9px solid red }'}),
    attribute: () => put('p', {}).setAttribute('style', 'outline: 9px solid red'),
    frame: () => put('iframe', {src: '/'}),
    object: () => put('object', {data: '/retort.svg'}),
    picture: () => put('img', {src: 'https://evil.invalid/x.png'}),
    request: () => fetch('https://evil.invalid/'),
    worker: () => new Worker(URL.createObjectURL(new Blob(['1']))),
    base: () => document.head.append(Object.assign(document.createElement('base'), {href: '/x/'})),
    form: () => put('form', {action: '/x', method: 'post'}).submit(),
  };
}"""


class PolicyTest(PageCase):
    def headers(self, path):
        request = urllib.request.Request(f"{self.server.url}{path}")
        try:
            return urllib.request.urlopen(request).headers
        except urllib.error.HTTPError as error:
            return error.headers

    def policy(self, path):
        parts = self.headers(path)["Content-Security-Policy"].split(";")
        return {name: rest for name, *rest in (part.split() for part in parts)}

    def test_the_page_is_served_under_a_strict_policy(self):
        for path in ("/", "/js/main.js", "/css/base.css", "/lib/purify.js", "/retort.svg"):
            with self.subTest(path):
                policy = self.policy(path)
                self.assertEqual(policy["default-src"], ["'none'"])
                self.assertEqual(policy["frame-ancestors"], ["'none'"])
                self.assertEqual(policy["base-uri"], ["'none'"])
                self.assertEqual(policy["form-action"], ["'none'"])
                self.assertEqual(policy["require-trusted-types-for"], ["'script'"])
                self.assertEqual(policy["trusted-types"], ["dompurify"])
                for kind in ("script-src", "style-src", "connect-src", "font-src"):
                    self.assertEqual(policy[kind], ["'self'"])
                self.assertNotIn("unsafe", self.headers(path)["Content-Security-Policy"])
                headers = self.headers(path)
                self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
                self.assertEqual(headers["Referrer-Policy"], "no-referrer")
                self.assertEqual(headers["Cross-Origin-Opener-Policy"], "same-origin")

    def test_reports_run_in_a_sandbox(self):
        policy = self.policy("/retort/v1/runs/any/report")
        self.assertIn("sandbox", policy)
        self.assertNotIn("allow-same-origin", policy["sandbox"])
        self.assertEqual(policy["default-src"], ["'none'"])
        self.assertNotIn("connect-src", policy)

    def test_a_report_reaches_nothing_of_the_page(self):
        page = self.open()
        page.evaluate("() => sessionStorage.setItem('retort.key', 'secret')")
        page.goto(f"{self.server.url}/retort/v1/runs/any/report")
        self.assertEqual(page.evaluate("() => self.origin"), "null")
        self.assertEqual(page.evaluate("() => { try { return sessionStorage.length } catch (e) { return e.name } }"),
                         "SecurityError")

    def test_browsers_refuse_what_the_policy_forbids(self):
        page = self.open()
        page.evaluate(TRIES)
        for work, directive in (
                ("eval", "script-src"), ("function", "script-src"), ("timer", "script-src"),
                ("script", "script-src-elem"), ("address", "script-src-elem"),
                ("markup", "require-trusted-types-for"), ("policy", "trusted-types"),
                ("handler", "script-src-attr"), ("link", "script-src-elem"), ("style", "style-src-elem"),
                ("attribute", "style-src-attr"), ("frame", "frame-src"), ("object", "object-src"),
                ("picture", "img-src"), ("request", "connect-src"), ("worker", "worker-src"),
                ("base", "base-uri"), ("form", "form-action")):
            with self.subTest(work):
                found = page.evaluate(TRY, work)
                self.assertFalse(found["ran"])
                self.assertTrue({directive, "require-trusted-types-for"} & set(found["violated"]), found)
        self.assertEqual(page.evaluate("() => getComputedStyle(document.body).outlineStyle"), "none")
        self.faults.clear()      # all of it was told on the console


if __name__ == "__main__":
    unittest.main()
