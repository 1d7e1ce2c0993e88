// The focus goes where the work goes on: to what is wrong, to a row that was added, and after
// "save and continue" to where one was.

const CONTROL = "input:not([type=hidden]), select:not(.select2-hidden-accessible), textarea, button, [tabindex='0'], .select2-selection";
const WAS_AT = "governance-was-at";
const form = document.querySelector("#content-main > form[novalidate]");
let latest = "";
let byHand = false;
// Whoever works before all is loaded is not called away.
let atWork = false;

function enter(element) {
  for (let part = element; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
  const hidden = element.matches(".select2-hidden-accessible") ? element.parentElement : element;
  const control = hidden.matches(CONTROL) ? hidden : hidden.querySelector(CONTROL);
  (control ?? element).focus();
}

function follow(event) {
  const link = event.target.closest("#faults a, .skip-to-content-link");
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target || target.id === "content-start") return;
  event.preventDefault();
  target.scrollIntoView({ block: "start" });
  enter(target);
}

if (form) {
  for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, () => { atWork = true; }, true);
  document.addEventListener("click", follow);
  // Not for rows that a script adds, after which the work goes on elsewhere.
  document.addEventListener("click", ({ isTrusted }) => { byHand = isTrusted; }, true);
  document.addEventListener("formset:added", ({ target }) => { if (byHand) enter(target); });
  document.addEventListener("formset:removed", ({ detail }) => {
    document.querySelector(`#${detail.formsetName}-group .add-row a`)?.focus();
  });
  form.addEventListener("focusin", ({ target }) => {
    if (!target.closest(".submit-row")) latest = target.id;
  });
  form.addEventListener("submit", ({ submitter }) => {
    if (submitter?.name === "_continue") sessionStorage.setItem(WAS_AT, latest);
  });
  addEventListener("load", () => {
    const faults = document.getElementById("faults");
    const back = document.getElementById(sessionStorage.getItem(WAS_AT) ?? "");
    sessionStorage.removeItem(WAS_AT);
    if (atWork) return;
    if (faults) faults.focus();
    else if (back && document.querySelector(".messagelist .success")) enter(back);
  });
}
