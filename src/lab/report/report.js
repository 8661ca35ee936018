"use strict";
// Leafs through the questions. Everything that came from a model is set as text, never as markup.
(() => {
  const data = document.getElementById("data");
  if (!data) return;
  const { models, problems } = JSON.parse(data.textContent);
  const get = (id) => document.getElementById(id);
  const filters = ["type", "level", "lang", "verdict"].map(get);
  const [type, level, lang, verdict] = filters;
  const differ = get("differ"), strip = get("strip"), view = get("question");
  const names = { en: "English", zh: "Chinese" };
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
  addOptions(type, problems.map((p) => p.type));
  addOptions(level, problems.map((p) => String(p.level)));
  addOptions(lang, problems.map((p) => p.lang), (value) => names[value]);
  models.forEach((model, i) => {
    const verdicts = problems.map((p) => p.by[i] && p.by[i].verdict).filter(Boolean);
    addOptions(verdict, verdicts.map((v) => `${i} ${v}`), (value) => `${model.letter}: ${value.slice(value.indexOf(" ") + 1)}`);
  });
  get("strip-key").textContent =
    `One column per question, ${models.map((m) => m.letter).join(", ")} from the top: full means right, ring wrong. Arrow keys leaf.`;

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
      textContent: right ? "✓ right" : `✗ ${answer.verdict}`,
    });
    const facts = [];
    if (answer.extracted) facts.push(`read as “${answer.extracted}” (${answer.path})`);
    facts.push(`${answer.tokens} tokens`);
    if (answer.finish === "length") facts.push("cut at the limit");
    if (answer.finish === "loop") facts.push("stopped in a loop");
    if (answer.thinkingEnd === "loop") facts.push("thinking closed in a loop");
    if (answer.thinkingEnd.startsWith("budget")) facts.push("thinking closed at its budget");
    return element("p", { className: "verdict-line" }, badge,
      element("span", { className: "quiet", textContent: facts.join(", ") }));
  };

  const answerBox = (model, index, answer, language) => {
    const head = element("h4", {},
      element("span", { className: `chip series${index}`, textContent: model.letter }), ` ${model.name}`);
    if (!answer) return element("article", {}, head, element("p", { textContent: "No answer was recorded." }));
    const text = element("pre", { lang: language, tabIndex: 0 });
    if (answer.reasoning) text.append(element("span", { className: "thinking", textContent: `${answer.reasoning}\n\n` }));
    text.append(answer.answer);
    return element("article", {}, head, verdictLine(answer), text);
  };

  const show = (index) => {
    if (shown.length === 0) {
      get("position").textContent = "No question matches.";
      get("previous").disabled = get("next").disabled = true;
      view.replaceChildren();
      return;
    }
    current = Math.min(Math.max(index, 0), shown.length - 1);
    const problem = shown[current];
    get("position").textContent = `${current + 1} of ${shown.length}`;
    get("previous").disabled = current === 0;
    get("next").disabled = current === shown.length - 1;
    [...strip.children].forEach((cell, i) => {
      cell.classList.toggle("current", i === current);
      cell.setAttribute("aria-selected", String(i === current));
    });
    view.replaceChildren(
      element("p", { className: "quiet", textContent: `${problem.type}, level ${problem.level}, ${names[problem.lang]}` }),
      element("p", { className: "text", lang: problem.lang, textContent: problem.question }),
      element("p", {}, "Right answer: ", element("b", { textContent: problem.answer })),
      element("div", { className: "answers" },
        ...models.map((model, i) => answerBox(model, i, problem.by[i], problem.lang))));
  };

  const filter = () => {
    shown = problems.filter(matches);
    strip.replaceChildren(...shown.map((problem, index) => {
      const cell = element("i", { title: problem.id, onclick: () => show(index) },
        ...problem.by.map((answer) => element("b", { className: isRight(answer) ? "right" : "wrong" })));
      cell.setAttribute("role", "option");
      cell.setAttribute("aria-label",
        `${problem.id}: ` + models.map((m, i) => `${m.letter} ${isRight(problem.by[i]) ? "right" : "wrong"}`).join(", "));
      return cell;
    }));
    show(0);
  };

  for (const control of [...filters, differ]) control.addEventListener("change", filter);
  get("previous").addEventListener("click", () => show(current - 1));
  get("next").addEventListener("click", () => show(current + 1));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^(SELECT|INPUT|PRE)$/.test(event.target.tagName)) return;
    if (event.key === "ArrowLeft") show(current - 1);
    else if (event.key === "ArrowRight") show(current + 1);
    else return;
    event.preventDefault();
  });
  get("browser").hidden = false;
  filter();
})();
