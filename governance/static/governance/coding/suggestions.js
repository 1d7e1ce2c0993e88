// Mechanisms that the entry's own words suggest, as the preview of a load has them.
//
// Hears "desk:codings" {numbers}; says "desk:take" {ranges, key}.

const desk = document.getElementById("desk");
const box = document.querySelector(".desk-suggested");
let coded = new Map();

// The server counts characters, JavaScript the halves of rare ones.
const place = (text, characters) => [...text].slice(0, characters).join("").length;

function range({ field, start, end }) {
  const text = document.getElementById(`id_${field}`).value;
  return { field, start: place(text, start), end: place(text, end) };
}

function row({ key, name, spans }) {
  const made = box.querySelector("template").content.cloneNode(true).firstElementChild;
  const button = made.querySelector("button");
  button.textContent = name;
  made.dataset.key = key;
  const words = spans.map((span) => {
    const mark = Object.assign(document.createElement("mark"), { textContent: span.words });
    const why = Object.assign(document.createElement("small"), { textContent: span.because });
    const quote = document.createElement("span");
    quote.append(span.before, mark, span.after, " ", why);
    return quote;
  });
  made.querySelector("span").append(...words);
  button.addEventListener("click", () => {
    document.dispatchEvent(new CustomEvent("desk:take", { detail: { ranges: spans.map(range), key } }));
  });
  return made;
}

function hideCoded() {
  const rows = [...box.querySelectorAll("li")];
  for (const one of rows) one.hidden = coded.has(one.dataset.key);
  box.hidden = rows.every((one) => one.hidden);
}

async function ask() {
  const form = box.closest("form");
  const body = new FormData();
  for (const name of ["csrfmiddlewaretoken", "title", "summary"]) body.set(name, form.elements[name]?.value ?? "");
  const answer = await fetch(desk.dataset.suggestions, { method: "POST", body }).catch(() => null);
  // Whoever was logged out meanwhile is led to another page.
  if (!answer?.ok || answer.redirected) return;
  const { suggestions } = await answer.json();
  box.querySelector("ul").replaceChildren(...suggestions.map(row));
  hideCoded();
}

if (box) {
  document.addEventListener("desk:codings", ({ detail }) => {
    coded = detail.numbers;
    hideCoded();
  });
  for (const field of ["title", "summary"]) document.getElementById(`id_${field}`)?.addEventListener("change", ask);
  ask();
}
