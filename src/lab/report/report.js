"use strict";
// Leafs through the questions and opens wrong answers. Everything that came from a model is set as
// text, never as markup.
(() => {
  const data = document.getElementById("data");
  if (!data) return;
  const { models, problems, words } = JSON.parse(data.textContent);
  const get = (id) => document.getElementById(id);
  // The reader's language; fields {0}, {1} are filled in.
  const say = (text, ...values) =>
    (words[text] ?? text).replace(/\{(\d)\}/g, (_, index) => values[Number(index)]);
  const filters = ["type", "level", "lang", "verdict"].map(get);
  const [type, level, lang, verdict] = filters;
  const differ = get("differ"), strip = get("strip"), view = get("question");
  const languages = { en: say("English"), zh: say("Chinese") };
  const types = { algebra: say("algebra"), geometry: say("geometry"), word: say("word problems") };
  const verdicts = {
    "correct": say("right"), "wrong": say("wrong value"), "no answer": say("no answer found"),
    "truncated": say("cut at the token limit"), "looped": say("ran in circles"),
  };
  const paths = {
    "boxed": say("boxed"), "final answer phrase": say("after “final answer”"),
    "last equation": say("last equation"), "last formula": say("last formula"),
    "last number": say("last number"),
  };
  let shown = [], current = 0;

  const element = (tag, properties = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  };
  const isRight = (answer) => answer !== null && answer.verdict === "correct";
  const differs = (problem) => new Set(problem.by.map(isRight)).size > 1;

  const addOptions = (select, values, name = (value) => value) => {
    for (const value of [...new Set(values)].sort())
      select.append(element("option", { value, textContent: name(value) }));
  };
  addOptions(type, problems.map((p) => p.type), (value) => types[value]);
  addOptions(level, problems.map((p) => String(p.level)));
  addOptions(lang, problems.map((p) => p.lang), (value) => languages[value]);
  models.forEach((model, i) => {
    const given = problems.map((p) => p.by[i] && p.by[i].verdict).filter(Boolean);
    addOptions(verdict, given.map((v) => `${i} ${v}`),
      (value) => `${model.letter}: ${verdicts[value.slice(value.indexOf(" ") + 1)]}`);
  });
  get("strip-key").textContent = say(
    "One column per question, {0} from the top: full means right, ring wrong. Arrow keys leaf.",
    models.map((m) => m.letter).join(", "));

  const matches = (problem) => {
    if (type.value && problem.type !== type.value) return false;
    if (level.value && String(problem.level) !== level.value) return false;
    if (lang.value && problem.lang !== lang.value) return false;
    if (verdict.value) {
      const space = verdict.value.indexOf(" ");
      const answer = problem.by[Number(verdict.value.slice(0, space))];
      if (!answer || answer.verdict !== verdict.value.slice(space + 1)) return false;
    }
    return !differ.checked || differs(problem);
  };

  const verdictLine = (answer) => {
    const right = isRight(answer);
    const badge = element("em", {
      className: right ? "badge" : "badge bad",
      textContent: `${right ? "✓" : "✗"} ${verdicts[answer.verdict]}`,
    });
    const facts = [];
    if (answer.extracted)
      facts.push(say("read as “{0}” ({1})", answer.extracted, paths[answer.path] ?? answer.path));
    facts.push(say("{0} tokens", answer.tokens));
    if (answer.finish === "length") facts.push(say("cut at the limit"));
    if (answer.finish === "loop") facts.push(say("stopped in a loop"));
    if (answer.thinkingEnd === "loop") facts.push(say("thinking closed in a loop"));
    if (answer.thinkingEnd.startsWith("budget")) facts.push(say("thinking closed at its budget"));
    return element("p", { className: "verdict-line" }, badge,
      element("span", { className: "quiet", textContent: facts.join(", ") }));
  };

  // The thought folded, then the answer.
  const texts = (answer, language) => {
    const answered = element("pre", { lang: language, tabIndex: 0, textContent: answer.answer });
    if (!answer.answer) answered.textContent = say("(no answer)");
    if (!answer.reasoning) return [answered];
    const thought = element("details", { className: "thought" },
      element("summary", { textContent: say("Thought, {0} tokens", answer.thoughtTokens) }),
      element("pre", { lang: language, tabIndex: 0, textContent: answer.reasoning }));
    return [thought, answered];
  };

  const answerBox = (model, index, answer, language) => {
    const head = element("h3", {},
      element("span", { className: `chip series${index}`, textContent: model.letter }), ` ${model.name}`);
    if (!answer)
      return element("article", {}, head, element("p", { textContent: say("No answer was recorded.") }));
    return element("article", {}, head, verdictLine(answer), ...texts(answer, language));
  };

  const questionHead = (problem) => [
    element("p", {
      className: "quiet",
      textContent: say("{0}, level {1}, {2}", types[problem.type], problem.level, languages[problem.lang]),
    }),
    element("p", { className: "text", lang: problem.lang, textContent: problem.question }),
    element("p", {}, say("Right answer: "), element("b", { textContent: problem.answer })),
  ];

  const show = (index) => {
    if (shown.length === 0) {
      get("position").textContent = say("No question matches.");
      get("previous").disabled = get("next").disabled = true;
      view.replaceChildren();
      return;
    }
    current = Math.min(Math.max(index, 0), shown.length - 1);
    const problem = shown[current];
    get("position").textContent = say("{0} of {1}", current + 1, shown.length);
    get("previous").disabled = current === 0;
    get("next").disabled = current === shown.length - 1;
    [...strip.children].forEach((cell, i) => {
      cell.classList.toggle("current", i === current);
      cell.setAttribute("aria-selected", String(i === current));
    });
    view.replaceChildren(...questionHead(problem),
      element("div", { className: "answers" },
        ...models.map((model, i) => answerBox(model, i, problem.by[i], problem.lang))));
  };

  const filter = () => {
    shown = problems.filter(matches);
    strip.replaceChildren(...shown.map((problem, index) => {
      const cell = element("i", { title: problem.id, onclick: () => show(index) },
        ...problem.by.map((answer) => element("b", { className: isRight(answer) ? "right" : "wrong" })));
      cell.setAttribute("role", "option");
      cell.setAttribute("aria-label", `${problem.id}: ` + models.map((m, i) =>
        `${m.letter} ${isRight(problem.by[i]) ? say("right") : say("wrong")}`).join(", "));
      return cell;
    }));
    show(0);
  };

  for (const control of [...filters, differ]) control.addEventListener("change", filter);
  get("previous").addEventListener("click", () => show(current - 1));
  get("next").addEventListener("click", () => show(current + 1));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(SELECT|INPUT|PRE|DIV|SUMMARY)$/.test(event.target.tagName) && event.target !== strip) return;
    if (event.key === "ArrowLeft") show(current - 1);
    else if (event.key === "ArrowRight") show(current + 1);
    else return;
    event.preventDefault();
  });

  // A wrong answer's texts are put in where they are first asked for.
  for (const entry of document.querySelectorAll("details.answer")) {
    entry.addEventListener("toggle", () => {
      if (!entry.open || entry.children.length > 1) return;
      const problem = problems[Number(entry.dataset.problem)];
      const answer = problem.by[Number(entry.dataset.model)];
      entry.append(...questionHead(problem), verdictLine(answer), ...texts(answer, problem.lang));
    });
  }
  get("browser").hidden = false;
  filter();
})();
