// The codings as Django's form has them: what is chosen is written into their fields, and what stands
// in the fields, typed or chosen, is marked in the text.
//
// Hears "desk:chosen" {ranges, key, name, weight, aspect}, "desk:setting" {ranges, setting} and
// "desk:translated" {number, row, words}; says "desk:codings" {spans: [{field, start, end, number, aspect}],
// numbers: Map of a mechanism's key to its number, lines: [{number, row, words, english}]}. A number is
// that of a coding, a row that of a line of its evidence.

const BREAK = "⏎";
const AROUND = 12;
const group = document.querySelector("#codings-group.at-desk");

const passage = (field) => document.getElementById(`id_${field}`)?.value ?? "";
// What a form was opened with may stand beside its fields, as hidden ones.
const part = (card, name) => card.querySelector(`:is([name$="-${name}"], [name="${name}"]):not([type=hidden])`);
const cards = () => [...group.querySelectorAll(".inline-related:not(.empty-form)")];
const deleted = (card) => card.querySelector("[name$=-DELETE]")?.checked ?? false;
const lines = (field) => (field?.value ?? "").split("\n");

const written = (card) => lines(part(card, "words")).filter((line) => line.trim());

// Every place where words stand, the title's first, as governance.admin.evidence counts them.
function occurrences(words, fields = ["title", "summary"]) {
  const found = [];
  for (const field of fields) {
    const text = passage(field);
    for (let start = text.indexOf(words); words && start >= 0; start = text.indexOf(words, start + 1)) {
      found.push({ field, start, end: start + words.length });
    }
  }
  return found.map((place, number) => ({ ...place, value: `${number + 1}/${found.length} ${words}` }));
}

// As they stand in a text: a space at their edge may be a slip.
function asWritten(line) {
  const words = line.replaceAll(BREAK, "\n");
  return occurrences(words).length ? words : words.trim();
}

const ticked = (card) => new Set([...card.querySelectorAll("[name$=places]:checked")].map((box) => box.value));

function spansOf(card, line) {
  const found = occurrences(asWritten(line));
  return found.length > 1 ? found.filter(({ value }) => ticked(card).has(value)) : found;
}

// Words that stand more than once, each place to be ticked.
function offerPlaces(card) {
  const list = card.querySelector(".field-places [id$=places]");
  if (!list) return;
  const chosen = ticked(card);
  const several = [...new Set(lines(part(card, "words")).map(asWritten))].map((words) => occurrences(words)).filter((found) => found.length > 1);
  const name = part(card, "words").name.replace(/words$/, "places");
  list.replaceChildren(
    ...several.flat().map((place, number) => {
      const row = document.createElement("div");
      const label = document.createElement("label");
      const box = Object.assign(document.createElement("input"), { type: "checkbox", name, value: place.value, id: `${list.id}_${number}` });
      box.checked = chosen.has(place.value);
      label.append(box, " ", ...around(place));
      row.append(label);
      return row;
    }),
  );
}

function around({ field, start, end }) {
  const text = passage(field);
  const words = Object.assign(document.createElement("mark"), { textContent: text.slice(start, end) });
  const label = document.querySelector(`.desk-text [data-field=${field}]`).getAttribute("aria-label");
  return [`${label} …${text.slice(Math.max(start - AROUND, 0), start)}`, words, `${text.slice(end, end + AROUND)}…`];
}

function tick(card, value) {
  for (const box of card.querySelectorAll("[name$=places][type=checkbox]")) if (box.value === value) box.checked = true;
}

// Writing

// Takes the place of words within it; says whether anything changed.
function add(card, range) {
  const words = part(card, "words");
  const english = part(card, "words_en");
  const within = (inner, outer) => inner.field === outer.field && outer.start <= inner.start && inner.end <= outer.end;
  const all = written(card).map((line, number) => ({ line, english: lines(english)[number] ?? "" }));
  if (all.some(({ line }) => spansOf(card, line).some((span) => within(range, span)))) return false;
  const text = range.words.replaceAll("\n", BREAK);
  const inside = all.filter(({ line }) => {
    const spans = spansOf(card, line);
    return spans.length && spans.every((span) => within(span, range));
  });
  const kept = all.filter((one) => !inside.includes(one));
  const there = kept.some(({ line }) => asWritten(line) === range.words);
  const next = there ? kept : [...kept, { line: text, english: inside[0]?.english ?? "" }];
  words.value = next.map(({ line }) => line).join("\n");
  if (english) english.value = next.map((one) => one.english).join("\n").trimEnd();
  offerPlaces(card);
  const here = occurrences(range.words).find(({ field, start }) => field === range.field && start === range.start);
  tick(card, here?.value);
  return true;
}

function made({ key, name, weight, aspect }) {
  group.querySelector(".add-row a").click();
  const card = cards().at(-1);
  const mechanism = part(card, "mechanism");
  mechanism.append(new Option(name, key, true, true));
  mechanism.dispatchEvent(new Event("change", { bubbles: true }));
  part(card, "weight").value = weight;
  part(card, "aspect").value = aspect;
  return card;
}

function write(chosen) {
  const old = cards().find((card) => part(card, "mechanism")?.value === chosen.key);
  const card = old ?? made(chosen);
  if (old && deleted(old)) part(old, "DELETE").checked = false;
  const changed = chosen.ranges.map((range) => add(card, range)).some(Boolean);
  report(old ? (changed ? "extended" : "held") : "made", chosen.name);
  tell();
  card.classList.remove("desk-new");
  // Read, so that the style sees a change when it comes back.
  card.getBoundingClientRect();
  card.classList.add("desk-new");
}

function report(what, words) {
  const said = document.querySelector(".desk-said");
  said.textContent = `${said.dataset[what]}${words}`;
}

// The words that show whether a place is town or country stand in the entry's own form.
function writeSetting({ ranges, setting }) {
  const own = document.getElementById("id_words")?.closest("fieldset");
  if (!own) return;
  for (const range of ranges) add(own, range);
  document.getElementById("id_setting").value = setting;
  report("setting", ranges.map(({ words }) => words).join(" / "));
}

function translate({ number, row, words }) {
  const english = part(cards()[number - 1], "words_en");
  const all = lines(english);
  while (all.length <= row) all.push("");
  all[row] = words.replaceAll("\n", BREAK);
  english.value = all.join("\n");
  report("translated", words);
  tell();
}

// Reading

function tell() {
  const spans = [];
  const rows = [];
  const numbers = new Map();
  cards().forEach((card, index) => {
    const number = index + 1;
    card.dataset.number = number;
    card.classList.toggle("desk-gone", deleted(card));
    const aspect = part(card, "aspect")?.value;
    if (part(card, "mechanism")?.value && !deleted(card)) numbers.set(part(card, "mechanism").value, number);
    if (deleted(card)) return;
    written(card).forEach((words, row) => {
      const english = (lines(part(card, "words_en"))[row] ?? "").trim();
      const there = occurrences(english.replaceAll(BREAK, "\n"), ["title_en", "summary_en"]);
      spans.push(...[...spansOf(card, words), ...there].map((span) => ({ ...span, number, aspect })));
      rows.push({ number, row, words, english });
    });
  });
  document.dispatchEvent(new CustomEvent("desk:codings", { detail: { spans, numbers, lines: rows } }));
}

function light(card) {
  for (const piece of document.querySelectorAll("#desk-text [data-codings]")) {
    piece.classList.toggle("lit", Boolean(card) && piece.dataset.codings.split(" ").includes(card.dataset.number));
  }
}

if (group) {
  // Django makes the link that adds a row only when jQuery says that the page is ready, which may be
  // after somebody's first keys.
  const rows = new Promise((resolve) => django.jQuery(resolve));
  document.addEventListener("desk:chosen", ({ detail }) => rows.then(() => write(detail)));
  document.addEventListener("desk:setting", ({ detail }) => writeSetting(detail));
  document.addEventListener("desk:translated", ({ detail }) => translate(detail));
  document.addEventListener("formset:added", tell);
  document.addEventListener("formset:removed", tell);
  document.addEventListener("input", ({ target }) => {
    if (target.id === "id_title" || target.id === "id_summary") cards().forEach(offerPlaces);
    if (target.name?.endsWith("-words")) offerPlaces(target.closest(".inline-related"));
    tell();
  });
  group.addEventListener("change", tell);
  for (const kind of ["mouseover", "focusin"]) group.addEventListener(kind, ({ target }) => light(target.closest(".inline-related")));
  group.addEventListener("mouseleave", () => light(undefined));
  tell();
}
