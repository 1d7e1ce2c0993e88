// Words taken in the translation: of which evidence they are the English.
//
// Hears "desk:taken" {ranges}, "desk:choose" and "desk:codings" {lines: [{number, row, words, english}]};
// says "desk:translated" {number, row, words} and "desk:drop".

const panel = document.querySelector(".desk-english");
let lines = [];
let words;

const say = (name, detail) => document.dispatchEvent(new CustomEvent(`desk:${name}`, { detail }));

function row(line) {
  const made = panel.querySelector("template").content.cloneNode(true).firstElementChild;
  made.querySelector("b").textContent = line.number;
  made.querySelector("span").textContent = line.words;
  made.querySelector("small").textContent = line.english;
  made.querySelector("button").addEventListener("click", () => {
    say("translated", { number: line.number, row: line.row, words });
    say("drop");
  });
  return made;
}

function isThereTwice() {
  const texts = ["title_en", "summary_en"].map((field) => document.getElementById(`id_${field}`)?.value ?? "");
  return texts.reduce((count, text) => count + text.split(words).length - 1, 0) > 1;
}

function open({ ranges }) {
  const english = ranges.find(({ field }) => field.endsWith("_en"));
  // Told once more when the mouse is let go: what is being pressed must still be there.
  if (english?.words === words) return;
  words = english?.words;
  panel.hidden = !english;
  if (!english) return;
  panel.querySelector(".desk-taken q").textContent = words;
  const twice = isThereTwice();
  panel.querySelector(".desk-twice").hidden = !twice;
  panel.querySelector(".desk-none").hidden = twice || lines.length > 0;
  panel.querySelector("ul").replaceChildren(...(twice ? [] : lines.map(row)));
}

if (panel) {
  document.addEventListener("desk:taken", ({ detail }) => open(detail));
  document.addEventListener("desk:choose", () => {
    if (!panel.hidden) (panel.querySelector("li button") ?? panel.querySelector("button")).focus();
  });
  document.addEventListener("desk:codings", ({ detail }) => {
    lines = detail.lines;
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") say("drop");
  });
  panel.querySelector(".desk-drop").addEventListener("click", () => say("drop"));
}
