// The mechanisms to choose from, and beside them what the codebook says of each.
//
// Hears "desk:taken" {ranges, key}, "desk:choose" and "desk:codings" {numbers}; says "desk:chosen"
// {ranges, key, name, weight, aspect}, "desk:setting" {ranges, setting} and "desk:drop". A key is that of
// a mechanism. Words of the translation are another's (translation.js).

const panel = document.querySelector(".desk-choice");
const find = document.getElementById("desk-find");
const options = [...(panel?.querySelectorAll("[role=option]") ?? [])];
const [primary, secondary, extend] = panel?.querySelectorAll(".desk-judge button") ?? [];
const setting = document.getElementById("desk-setting");
let ranges = [];
let coded = new Map();
let chosen;

const say = (name, detail) => document.dispatchEvent(new CustomEvent(`desk:${name}`, { detail }));
const shown = () => options.filter((option) => !option.hidden);
const aspect = () => panel.querySelector("[type=radio]:checked").value;

function explain(option) {
  for (const rule of panel.querySelectorAll(".desk-rules > *")) {
    rule.hidden = option ? rule.dataset.key !== option.dataset.key : "key" in rule.dataset;
  }
}

function activate(option) {
  for (const one of options) one.classList.toggle("desk-at", one === option);
  if (option) {
    find.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else find.removeAttribute("aria-activedescendant");
  explain(option ?? chosen);
}

function choose(option) {
  chosen = option;
  for (const one of options) one.setAttribute("aria-selected", one === option);
  const has = Boolean(option) && coded.has(option.dataset.key);
  primary.hidden = secondary.hidden = has;
  extend.hidden = !has;
  primary.disabled = secondary.disabled = !option;
  panel.querySelector("fieldset").disabled = has;
  // What the rules of coding would say of words in the title; the person may think otherwise.
  const likely = ranges.some(({ field }) => field === "title") ? primary : secondary;
  for (const button of [primary, secondary]) button.classList.toggle("default", button === likely);
  activate(option);
  return has ? extend : likely;
}

function narrow() {
  const words = find.value.trim().toLowerCase();
  for (const option of options) option.hidden = rank(option, words) < 0;
  for (const group of panel.querySelectorAll("[role=group]")) group.hidden = !group.querySelector("[role=option]:not([hidden])");
  panel.querySelector(".desk-none").hidden = shown().length > 0;
  if (chosen) choose(undefined);
  activate(words ? best(words) : undefined);
}

// Which of a mechanism's names, its own first, the words begin or, if they are Chinese, stand in; -1 for none.
function rank(option, words) {
  const latin = /^[\x20-\x7f]*$/.test(words);
  const names = option.dataset.find.split("\n");
  return names.findIndex((name) => name.startsWith(words) || name.includes(latin ? ` ${words}` : words));
}

function best(words) {
  return shown().sort((one, other) => rank(one, words) - rank(other, words))[0];
}

function open({ ranges: taken, key }) {
  const opening = panel.hidden;
  ranges = taken.filter(({ field }) => !field.endsWith("_en"));
  panel.hidden = !ranges.length;
  panel.querySelector(".desk-taken").replaceChildren(
    ...ranges.map(({ words }) => Object.assign(document.createElement("q"), { textContent: words })),
  );
  if (opening || panel.hidden) {
    find.value = "";
    panel.querySelector("[type=radio]").checked = true;
    chosen = undefined;
    if (setting) setting.value = document.getElementById("id_setting")?.value;
    narrow();
    choose(undefined);
  }
  if (key) choose(options.find((option) => option.dataset.key === key)).focus();
}

function commit(weight) {
  say("chosen", { ranges, key: chosen.dataset.key, name: chosen.dataset.name, weight, aspect: aspect() });
  say("drop");
}

function onKey(event) {
  const list = shown();
  const now = list.findIndex((option) => option.classList.contains("desk-at"));
  if (event.isComposing) return;
  if (event.key === "ArrowDown") activate(list[Math.min(now + 1, list.length - 1)]);
  else if (event.key === "ArrowUp") activate(list[Math.max(now - 1, 0)]);
  else if (event.key === "Enter") {
    if (list[now]) choose(list[now]).focus();
  } else return;
  event.preventDefault();
}

if (panel) {
  document.addEventListener("desk:taken", ({ detail }) => open(detail));
  document.addEventListener("desk:choose", () => {
    if (!panel.hidden) find.focus();
  });
  document.addEventListener("desk:codings", ({ detail }) => {
    coded = detail.numbers;
    for (const option of options) option.dataset.number = coded.get(option.dataset.key) ?? "";
  });
  find.addEventListener("input", narrow);
  find.addEventListener("keydown", onKey);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) say("drop");
  });
  for (const option of options) {
    option.addEventListener("mouseenter", () => explain(option));
    option.addEventListener("mouseleave", () => explain(chosen));
    option.addEventListener("click", () => choose(option));
  }
  panel.querySelector(".desk-drop").addEventListener("click", () => say("drop"));
  for (const button of [primary, secondary, extend]) button.addEventListener("click", () => commit(button.value));
  panel.querySelector(".desk-setting button")?.addEventListener("click", () => {
    say("setting", { ranges, setting: setting.value });
    say("drop");
  });
}
