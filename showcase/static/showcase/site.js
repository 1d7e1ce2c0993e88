// What works without a script, made easier: copying, and a tray that is kept from page to page.

const BLACK = "solid #000";

/** The table as a word processor keeps it: three lines, nothing else. */
function threeLine(table) {
  const copy = table.cloneNode(true);
  const title = copy.caption.textContent.trim();
  copy.caption.remove();
  copy.style.cssText = "border-collapse: collapse; margin: auto; font-size: 10.5pt";
  const rows = [...copy.rows];
  rows.forEach((row, at) => {
    for (const cell of row.cells) {
      const top = at === 0 ? `1.5pt ${BLACK}` : "none";
      const below = at === rows.length - 1 ? `1.5pt ${BLACK}` : at === 0 ? `0.75pt ${BLACK}` : "none";
      const side = cell.cellIndex === 0 ? "left" : "center";
      cell.style.cssText = `border: none; border-top: ${top}; border-bottom: ${below}; padding: 2pt 6pt; font-weight: normal; text-align: ${side}`;
    }
  });
  const heading = document.createElement("p");
  heading.style.cssText = "text-align: center; font-size: 10.5pt";
  heading.textContent = title;
  const lines = rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim()).join("\t"));
  return { html: heading.outerHTML + copy.outerHTML, text: [title, ...lines].join("\n") };
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

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const source = document.getElementById(button.dataset.copy);
    const done = put(source.rows ? threeLine(source) : { text: source.textContent.trim() });
    const status = button.parentElement.querySelector("[role=status]");
    status.textContent = done ? status.dataset.copied : status.dataset.failed;
  });
}

/** The codes in the tray. Storage may be closed to us; then the tray lasts as long as the page. */
const tray = {
  get codes() {
    try {
      return JSON.parse(localStorage.getItem("compare")) ?? [];
    } catch {
      return [];
    }
  },
  set codes(codes) {
    try {
      localStorage.setItem("compare", JSON.stringify(codes));
    } catch {
      // The form still sends the boxes of this page.
    }
  },
};

const compared = document.querySelector("[data-compared]");
if (compared) tray.codes = compared.dataset.compared.split(" ");

const form = document.getElementById("tray");
if (form) fill(form);

function fill(form) {
  const boxes = [...document.querySelectorAll('input[name=code][form=tray]')];
  const status = form.querySelector("[role=status]");
  const most = Number(form.dataset.most);

  const show = () => {
    const codes = tray.codes;
    for (const box of boxes) box.checked = codes.includes(box.value);
    // What was chosen on other pages goes along.
    form.querySelectorAll("input[type=hidden]").forEach((input) => input.remove());
    for (const code of codes.filter((code) => !boxes.some((box) => box.value === code))) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "code", value: code }));
    }
    status.textContent = codes.join(" · ");
    form.querySelector("[data-empty]").hidden = !codes.length;
  };

  for (const box of boxes) {
    box.addEventListener("change", () => {
      const others = tray.codes.filter((code) => code !== box.value);
      const full = box.checked && others.length >= most;
      tray.codes = box.checked && !full ? [...others, box.value] : others;
      show();
      if (full) status.textContent = form.dataset.full;
    });
  }
  form.querySelector("[data-empty]").addEventListener("click", () => {
    tray.codes = [];
    show();
  });
  // Also when a page comes back from the browser's memory.
  addEventListener("pageshow", show);
}
