// Choices are kept as they are made, and names of regions offered. The page works without it.

const form = document.querySelector("#choices_form[data-keep]");
const status = document.querySelector(".load-kept");
// How many changes were made, and how many of them are kept.
let made = 0;
let kept = 0;
let waiting;

function say(what) {
  status.textContent = status.dataset[what];
  status.dataset.state = what;
}

async function keep() {
  const sent = made;
  say("keeping");
  const answer = await fetch(form.dataset.keep, { method: "POST", body: new FormData(form) }).catch(() => null);
  // Whoever was logged out meanwhile is led to another page.
  const good = answer?.ok && !answer.redirected;
  if (good) kept = Math.max(kept, sent);
  if (sent === made) say(good ? "kept" : answer?.status === 422 ? "wrong" : "failed");
}

async function offerRegions() {
  const answer = await fetch(form.dataset.regions).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const { regions } = await answer.json();
  const options = regions.map((region) => Object.assign(document.createElement("option"), { value: region }));
  document.querySelector("#regions").replaceChildren(...options);
}

if (form) {
  form.addEventListener("input", ({ target }) => {
    made += 1;
    // Who types a region means it.
    if (target.name.endsWith("-region_typed") && target.value) {
      target.closest("label").querySelector("input[type=radio]").checked = true;
    }
  });
  form.addEventListener("change", () => {
    made += 1;
    clearTimeout(waiting);
    waiting = setTimeout(keep, 300);
  });
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    kept = made;
  });
  form.addEventListener("focusin", function first({ target }) {
    if (!target.name?.endsWith("-region_typed")) return;
    form.removeEventListener("focusin", first);
    offerRegions();
  });
  addEventListener("beforeunload", (event) => {
    if (kept < made) event.preventDefault();
  });
}
