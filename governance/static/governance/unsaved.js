// Leaving what is not saved asks first.

const form = document.querySelector("#content-main > form[novalidate]");
const now = () => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, value.name ?? value]));
let before;
let sent = false;

if (form) {
  // When the admin's own scripts have made their fields, but before anybody writes into one.
  const remember = () => { before ??= now(); };
  addEventListener("load", remember);
  form.addEventListener("focusin", remember);
  form.addEventListener("submit", () => {
    sent = true;
  });
  // A page that came back with errors holds what nobody has saved.
  const faulty = document.getElementById("faults");
  addEventListener("beforeunload", (event) => {
    if (!sent && before && (faulty || now() !== before)) event.preventDefault();
  });
}
