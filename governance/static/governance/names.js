// The admin's choosers are named by their labels: what they have chosen may be nothing.

function nameChooser(select) {
  const label = select.id && document.querySelector(`label[for="${select.id}"]`);
  const chooser = select.nextElementSibling?.querySelector(".select2-selection");
  if (!label || !chooser) return;
  label.id ||= `${select.id}_label`;
  const rendered = chooser.querySelector("[role=textbox]");
  rendered?.setAttribute("aria-labelledby", label.id);
  chooser.setAttribute("aria-labelledby", [label.id, rendered?.id].filter(Boolean).join(" "));
}

const nameAll = (part) => part.querySelectorAll("select.admin-autocomplete").forEach(nameChooser);

// When the admin has made them: it waits for jQuery, which may be later than `load`.
django.jQuery(() => nameAll(document));
document.addEventListener("formset:added", ({ target }) => nameAll(target));
