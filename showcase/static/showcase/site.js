// What works without a script, made easier: copying, printing, a tray that is kept from page to page,
// evidence that lights up without a jump, and lists that change in place.

/** A table of the page as a word processor keeps it: three lines, nothing else. */
function threeLine(table) {
  const title = table.caption.textContent.trim();
  const rows = [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
  const lines = rows.map((row, at) => `<tr>${row.map((text, column) => cell(text, at, column, rows.length)).join("")}</tr>`);
  const beneath = [...(document.getElementById(table.dataset.beneath)?.children ?? [])].map((line) => line.textContent.trim());
  const font = "font-family: 'Times New Roman', SimSun, serif; font-size: 10.5pt";
  return {
    html: `<p style="text-align: center; ${font}">${escape(title)}</p><table style="border-collapse: collapse; margin: auto; ${font}">${lines.join("")}</table>${beneath.map((line) => `<p style="${font}">${escape(line)}</p>`).join("")}`,
    text: [title, ...rows.map((row) => row.join("\t")), ...beneath].join("\n"),
  };
}

function cell(text, row, column, rows) {
  const above = row === 0 ? "1.5pt solid black" : "none";
  const below = row === rows - 1 ? "1.5pt solid black" : row === 0 ? "0.75pt solid black" : "none";
  const side = column === 0 ? "left" : "center";
  return `<td style="border-left: none; border-right: none; border-top: ${above}; border-bottom: ${below}; padding: 2pt 6pt; text-align: ${side}">${escape(text)}</td>`;
}

function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** Puts a text, and the same as HTML, on the clipboard; whether it did. */
function put({ html, text }) {
  const listen = (event) => {
    event.preventDefault();
    event.clipboardData.setData("text/plain", text);
    if (html) event.clipboardData.setData("text/html", html);
  };
  // The newer navigator.clipboard is missing on plain http, which institutes still serve.
  document.addEventListener("copy", listen);
  const done = document.execCommand("copy");
  document.removeEventListener("copy", listen);
  return done;
}

/** Buttons that need a script, on the page and on what is put in place of a part of it. */
function showButtons() {
  for (const button of document.querySelectorAll("button[data-copy], button[data-print]")) button.hidden = false;
  if (navigator.share) for (const button of document.querySelectorAll("button[data-share]")) button.hidden = false;
}
showButtons();

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button[data-copy], button[data-print], button[data-share]");
  if (!button) return;
  if ("print" in button.dataset) return print();
  const source = document.getElementById(button.dataset.copy ?? button.dataset.share);
  const text = source.textContent.trim();
  // Whoever shuts the system's list of ways has shared nothing, which is no fault.
  if (button.dataset.share) return navigator.share({ title: document.title, url: text }).catch(() => {});
  const done = put(source.rows ? threeLine(source) : { text });
  const status = button.parentElement.querySelector("[role=status]");
  status.textContent = done ? status.dataset.copied : status.dataset.failed;
});

/** The {code, title}s in the tray. Storage may be closed to us; then the tray lasts as long as the page. */
const tray = {
  get entries() {
    try {
      // An earlier version kept codes alone.
      return (JSON.parse(localStorage.getItem("compare")) ?? []).filter((entry) => entry.code);
    } catch {
      return [];
    }
  },
  set entries(entries) {
    try {
      localStorage.setItem("compare", JSON.stringify(entries));
    } catch {
      // The form still sends the boxes of this page.
    }
  },
};

const compared = document.querySelector("[data-compared]");
if (compared) {
  const codes = compared.dataset.compared.split(" ");
  const titles = compared.querySelectorAll("thead .title .long");
  tray.entries = codes.map((code, at) => ({ code, title: titles[at].textContent }));
}
// What is gone can be compared no more.
const gone = [...document.querySelectorAll("[data-gone]")].map((notice) => notice.dataset.gone);
if (gone.length) tray.entries = tray.entries.filter((entry) => !gone.includes(entry.code));

const form = document.getElementById("tray");
if (form) fill(form);

function fill(form) {
  const status = form.querySelector("[role=status]");
  const most = Number(form.dataset.most);
  // An empty tray need not stand there any more: a box that is ticked brings it.
  form.classList.add("scripted");

  const show = () => {
    const entries = tray.entries;
    const codes = entries.map((entry) => entry.code);
    const boxes = [...document.querySelectorAll("input[name=code][form=tray]")];
    for (const box of boxes) box.checked = codes.includes(box.value);
    // What was chosen on other pages goes along.
    form.querySelectorAll("input[type=hidden]").forEach((input) => input.remove());
    for (const code of codes.filter((code) => !boxes.some((box) => box.value === code))) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "code", value: code }));
    }
    status.textContent = codes.length ? form.dataset.chosen.replace("%(count)s", codes.length) : "";
    form.querySelector("ol").replaceChildren(
      ...entries.map(({ title }) => {
        const lang = /[\u3400-\u9fff]/.test(title) ? "zh-Hans" : "en";
        return Object.assign(document.createElement("li"), { textContent: title, title, lang });
      }),
    );
    form.querySelector("[data-empty]").hidden = !codes.length;
    form.classList.toggle("filled", codes.length > 0);
  };

  // On the document, since lists change in place.
  document.addEventListener("change", ({ target: box }) => {
    if (!box.matches("input[name=code][form=tray]")) return;
    const others = tray.entries.filter((entry) => entry.code !== box.value);
    const title = box.labels[0].querySelector(".unseen").textContent;
    const full = box.checked && others.length >= most;
    tray.entries = box.checked && !full ? [...others, { code: box.value, title }] : others;
    show();
    if (full) status.textContent = form.dataset.full;
  });
  form.querySelector("[data-empty]").addEventListener("click", () => {
    tray.entries = [];
    show();
  });
  document.addEventListener("htmx:afterSettle", show);
  // Also when a page comes back from the browser's memory.
  addEventListener("pageshow", show);
}

/** Evidence and coding: a click lights both sides; what is in sight stays where it is. A key goes to
 * the other side, whose link says what it is about and leads back. */
document.querySelector(".read")?.closest("article").addEventListener("click", (event) => {
  const link = event.target.closest("a.ev, a.no");
  if (!link) return;
  event.preventDefault();
  const other = document.querySelector(link.hash);
  history.replaceState(null, "", link.hash);
  other.scrollIntoView({ block: "nearest" });
  // No click of a mouse or a finger.
  if (event.detail === 0) (other.querySelector("a.no") ?? other).focus({ preventScroll: true });
  const numbers = [...link.closest("[class*=k]").classList].filter((name) => /^k[0-9]+$/.test(name));
  const lit = link.classList.contains("lit");
  document.querySelectorAll(".lit").forEach((item) => item.classList.remove("lit"));
  if (lit) return;
  link.classList.add("lit");
  for (const name of numbers) document.querySelectorAll(`.${name}`).forEach((item) => item.classList.add("lit"));
});

// Lists change in place where htmx is loaded. The browser's own memory goes back, not htmx's copy.
// htmx runs after this module, and starts at the same event with a listener that comes after this one.
document.addEventListener("DOMContentLoaded", () => {
  if (!window.htmx) return;
  Object.assign(htmx.config, {
    allowEval: false,
    historyCacheSize: 0,
    includeIndicatorStyles: false,
    refreshOnHistoryMiss: true,
    selfRequestsOnly: true,
  });
});

// The filters are a sheet on a phone, a state of the address (`#filters`). A script adds that nothing
// behind it can be reached, that Escape closes it, and that the way back passes over its states.
const sheet = document.getElementById("filters");
const onPhone = matchMedia("(max-width: 56rem)");
// What of the address the page shows.
let shown = location.pathname + location.search;

function isOpen() {
  return Boolean(sheet) && onPhone.matches && location.hash === "#filters";
}

function setSheet() {
  const opened = isOpen();
  for (const part of document.querySelectorAll(".skip, .bar, footer, #found, #rail, #tray, #dock")) part.inert = opened;
  // While it is open, each choice takes the place of the one before.
  if (opened) sheet.setAttribute("hx-replace-url", "true");
  else sheet.removeAttribute("hx-replace-url");
  return opened;
}

/** Close the sheet onto the results. */
function close() {
  location.replace("#found");
}

if (sheet) {
  setSheet();
  onPhone.addEventListener("change", setSheet);
  addEventListener("hashchange", () => {
    if (setSheet()) sheet.focus({ preventScroll: true });
    else if (location.hash === "#found") document.getElementById("heading").focus({ preventScroll: true });
  });
  sheet.addEventListener("click", (event) => {
    if (!isOpen() || !event.target.closest("a[href='#found']")) return;
    event.preventDefault();
    close();
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && isOpen()) close();
  });
  // From what was put in place back to the page before it: htmx loads its own states by itself. Two
  // loads that cross ask twice, and let a renderer of Chromium 156 that was driven by tests die, 11 of 40 times.
  addEventListener("popstate", ({ state }) => {
    if (!state?.htmx && location.pathname + location.search !== shown) location.reload();
  });
}

let focused, open, scrolled;

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const active = document.activeElement.closest(".three [href]");
  focused = active && { place: placeOf(active), words: wordsOf(active) };
  open = [...document.querySelectorAll(".three details[open]")].map((item) => item.id);
  scrolled = sheet.querySelector(".within").scrollTop;
  // htmx would take the reader to the filters.
  detail.pathInfo.anchor = undefined;
});
document.addEventListener("htmx:afterSwap", () => {
  for (const id of open ?? []) document.getElementById(id)?.setAttribute("open", "");
  sheet.querySelector(".within").scrollTop = scrolled;
  shown = location.pathname + location.search;
  showButtons();
  setSheet();
});
document.addEventListener("htmx:afterSettle", () => {
  // The link that was used, where it still is; else the heading, which says what is shown now.
  const heading = document.getElementById("heading");
  const same = focused && [...document.querySelectorAll(`${focused.place} [href]`)].find((link) => wordsOf(link) === focused.words);
  if (focused) (same ?? (isOpen() ? sheet : heading)).focus({ preventScroll: true });
  const { top, bottom } = heading.getBoundingClientRect();
  if (!isOpen() && (top < 0 || bottom > innerHeight)) document.getElementById("main").scrollIntoView();
  document.getElementById("said").textContent = heading.textContent;
});
// What cannot be put in place, such as an error's page, is shown as a page of its own.
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:swapError"]) {
  document.addEventListener(name, ({ detail }) => location.assign(detail.pathInfo.finalRequestPath));
}

function placeOf(link) {
  return `#${link.closest("section[id], aside[id]").id}`;
}

function wordsOf(link) {
  // In a facet the number beside the words may be another one now.
  return (link.closest(".facet") && link.querySelector("span") ? link.querySelector("span") : link).textContent;
}
