// The title and the summary in sight, those of the translation below, with the evidence marked in them:
// words are taken here, of one language at a time.
//
// Hears "desk:codings" {spans: [{field, start, end, number, aspect}]}, "desk:take" {ranges, key} and
// "desk:drop"; says "desk:taken" {ranges: [{field, start, end, words}], key} and "desk:choose".
// Places are counted as JavaScript does, in UTF-16, and never leave the page.

// A full stop of the translation ends a sentence only before a blank.
const CLAUSE = /(?:[^，。；：！？、…—\n,;!?.]|\.(?!\s|$))+/g;
const ONLY_MARKS = /^[，。；：！？、…—\s,;!?.]*$/;
const FIELDS = ["title", "summary", "title_en", "summary_en"];

const text = {};
let box;
let clauses = [];
let at = 0;
let spans = [];
let taken = [];
// The range that Shift and arrows change.
let last;
// Whether the browser itself shows what is selected.
let native = false;
let wait;

const say = (name, detail) => document.dispatchEvent(new CustomEvent(`desk:${name}`, { detail }));
const passage = (field) => box.querySelector(`[data-field=${field}]`);
const isEnglish = ({ field }) => field.endsWith("_en");
const covers = (range, part) => range.field === part.field && range.start <= part.start && part.end <= range.end;

function read() {
  for (const field of FIELDS) text[field] = document.getElementById(`id_${field}`)?.value ?? "";
  for (const field of FIELDS) passage(field).hidden = !text[field];
  clauses = Object.entries(text).flatMap(([field, words]) =>
    [...words.matchAll(CLAUSE)]
      .map((found) => {
        const start = found.index + found[0].length - found[0].trimStart().length;
        return { field, start, end: start + found[0].trim().length };
      })
      .filter(({ start, end }) => start < end),
  );
  at = Math.min(at, Math.max(clauses.length - 1, 0));
}

// Drawing

function draw() {
  for (const field of FIELDS) {
    const parts = [];
    let done = 0;
    clauses.forEach((clause, number) => {
      if (clause.field !== field) return;
      parts.push(...pieces(field, done, clause.start), option(clause, number));
      done = clause.end;
    });
    passage(field).replaceChildren(...parts, ...pieces(field, done, text[field].length));
  }
  if (clauses.length) box.setAttribute("aria-activedescendant", `desk-clause-${at}`);
  else box.removeAttribute("aria-activedescendant");
}

function option(clause, number) {
  const element = document.createElement("span");
  element.id = `desk-clause-${number}`;
  element.setAttribute("role", "option");
  element.setAttribute("aria-selected", taken.some((range) => covers(range, clause)));
  element.classList.toggle("desk-at", number === at);
  element.append(...pieces(clause.field, clause.start, clause.end));
  return element;
}

function pieces(field, start, end) {
  const here = [...spans, ...taken].filter((one) => one.field === field);
  const cuts = [start, end, ...here.flatMap((one) => [one.start, one.end])]
    .filter((cut) => start <= cut && cut <= end)
    .sort((one, other) => one - other);
  return [...new Set(cuts)].slice(0, -1).flatMap((from, number, all) => piece(field, from, all[number + 1] ?? end));
}

function piece(field, start, end) {
  const part = { field, start, end };
  const showing = spans.filter((span) => covers(span, part));
  const element = document.createElement("span");
  element.textContent = text[field].slice(start, end);
  if (showing.length) element.classList.add("ev", showing[0].aspect);
  if (taken.some((range) => covers(range, part))) element.classList.add("desk-took");
  element.dataset.codings = showing.map((span) => span.number).join(" ");
  const ending = showing.filter((span) => span.end === end).map((span) => span.number);
  if (!ending.length) return [element];
  // Empty, so that places are counted right: its number is drawn by the style.
  const number = document.createElement("span");
  number.className = "number";
  number.dataset.number = [...new Set(ending)].join(" ");
  return [element, number];
}

// Taking

function tell(key) {
  say("taken", { ranges: taken.map((range) => ({ ...range, words: text[range.field].slice(range.start, range.end) })), key });
}

function take(ranges, key) {
  taken = ranges.map((range) => ({ ...range }));
  last = taken.at(-1);
  draw();
  tell(key);
}

function toggle(clause) {
  const holding = taken.find((range) => covers(range, clause));
  const alike = taken.filter((range) => isEnglish(range) === isEnglish(clause));
  const ranges = holding ? taken.filter((range) => range !== holding) : joined([...alike, clause]);
  // A line of evidence has one passage of the translation.
  take(isEnglish(clause) ? ranges.filter((range) => covers(range, clause)) : ranges);
  last = taken.find((range) => covers(range, clause)) ?? last;
}

// Neighbouring clauses are one stretch of words, the mark between them included.
function joined(ranges) {
  const order = (one, other) => (one.field === other.field ? one.start - other.start : one.field < other.field ? 1 : -1);
  const all = [];
  for (const range of [...ranges].sort(order)) {
    const before = all.at(-1);
    if (before?.field === range.field && ONLY_MARKS.test(text[range.field].slice(before.end, range.start))) {
      before.end = Math.max(before.end, range.end);
    } else {
      all.push({ ...range });
    }
  }
  return all;
}

function step(words, place, forward) {
  // Never between the halves of a rare character.
  if (forward) return place + (words.codePointAt(place) > 0xffff ? 2 : 1);
  return place - (words.codePointAt(place - 2) > 0xffff ? 2 : 1);
}

function adjust(edge, forward) {
  if (!taken.length) return clauses.length ? toggle(clauses[at]) : undefined;
  const words = text[last.field];
  const moved = { ...last, [edge]: step(words, last[edge], forward) };
  if (moved.start < 0 || moved.end > words.length || moved.start >= moved.end) return;
  Object.assign(last, moved);
  draw();
  tell();
}

// Keys

function move(key) {
  const rects = clauses.map((_clause, number) => document.getElementById(`desk-clause-${number}`).getClientRects()[0]);
  const here = rects[at];
  const down = key === "ArrowDown";
  const beyond = [...rects.keys()].filter((number) => (down ? rects[number].top > here.top + 4 : rects[number].top < here.top - 4));
  const away = (number) => Math.abs(rects[number].top - here.top) * 1000 + Math.abs(rects[number].left - here.left);
  const line = { ArrowUp: true, ArrowDown: true }[key] ? beyond.sort((one, other) => away(one) - away(other))[0] : undefined;
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: clauses.length - 1 }[key] ?? line ?? at;
  at = Math.max(0, Math.min(next, clauses.length - 1));
  draw();
  document.getElementById(`desk-clause-${at}`)?.scrollIntoView({ block: "nearest" });
}

function onKey(event) {
  const { key, shiftKey } = event;
  if (event.ctrlKey || event.altKey || event.metaKey || !clauses.length) return;
  if (shiftKey && key.startsWith("Arrow")) {
    const end = key === "ArrowLeft" || key === "ArrowRight";
    adjust(end ? "end" : "start", key === "ArrowRight" || key === "ArrowDown");
  } else if (key === " ") toggle(clauses[at]);
  else if (key === "Enter") {
    if (!taken.length) toggle(clauses[at]);
    say("choose");
  } else if (key === "Escape") take([]);
  else if (key.startsWith("Arrow") || key === "Home" || key === "End") move(key);
  else return;
  event.preventDefault();
}

// Mouse and touch

function selected() {
  const selection = getSelection();
  if (selection.isCollapsed || !selection.rangeCount) return undefined;
  const range = selection.getRangeAt(0);
  const inside = FIELDS.find((field) => passage(field).contains(range.startContainer));
  if (!inside) return undefined;
  const within = passage(inside);
  const place = (node, offset) => {
    const before = document.createRange();
    before.selectNodeContents(within);
    before.setEnd(node, offset);
    return before.toString().length;
  };
  const all = text[inside];
  const until = within.contains(range.endContainer) ? place(range.endContainer, range.endOffset) : all.length;
  const words = all.slice(place(range.startContainer, range.startOffset), until);
  const start = until - words.trimStart().length;
  return words.trim() ? { field: inside, start, end: start + words.trim().length } : undefined;
}

function adopt() {
  const range = selected();
  if (!range) return;
  native = true;
  taken = [range];
  last = range;
  // Not drawn anew, which would end the browser's own selection.
  tell();
}

function watch() {
  clearTimeout(wait);
  if (selected()) wait = setTimeout(adopt, 250);
  else if (native) {
    native = false;
    draw();
  }
}

function start() {
  box = document.getElementById("desk-text");
  if (!box) return;
  let selecting = false;
  read();
  draw();
  box.addEventListener("keydown", onKey);
  box.addEventListener("pointerdown", () => {
    selecting = native;
  });
  addEventListener("pointerup", () => {
    clearTimeout(wait);
    adopt();
  });
  box.addEventListener("click", ({ target }) => {
    if (selected()) return;
    const clause = target.closest("[role=option]");
    if (selecting || !clause) return take([]);
    at = Number(clause.id.slice("desk-clause-".length));
    return toggle(clauses[at]);
  });
  document.addEventListener("selectionchange", watch);
  document.addEventListener("desk:codings", ({ detail }) => {
    spans = detail.spans;
    if (!native) draw();
  });
  document.addEventListener("desk:take", ({ detail }) => take(detail.ranges, detail.key));
  document.addEventListener("desk:drop", () => {
    getSelection().removeAllRanges();
    native = false;
    take([]);
    box.focus({ preventScroll: true });
  });
  document.addEventListener("input", ({ target }) => {
    if (!FIELDS.some((field) => target.id === `id_${field}`)) return;
    read();
    take([]);
  });
}

// The desk is unfolded before the scripts that use it: this is the first of them.
const desk = document.getElementById("desk");
if (desk) {
  const group = document.getElementById("codings-group");
  group.prepend(desk.content.cloneNode(true));
  group.classList.add("at-desk");
}
start();
