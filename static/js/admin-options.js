// Options that are found by typing get the names of their fields, so that a screen reader says which field it is in.
"use strict";

function nameOf(select) {
  return select.getAttribute("aria-label") || document.querySelector(`label[for="${select.id}"]`)?.textContent.replace(/:\s*$/, "").trim() || "";
}

function nameFields(root) {
  for (const select of root.querySelectorAll("select.admin-autocomplete")) {
    const box = select.nextElementSibling;
    if (!box?.classList.contains("select2")) continue;
    const name = nameOf(select);
    for (const part of box.querySelectorAll(".select2-selection--single, [role='textbox'], .select2-search__field")) part.setAttribute("aria-label", name);
    box.querySelector("ul.select2-selection__rendered")?.setAttribute("role", "presentation");
  }
}

// After the same library has made the fields: its callbacks run in the order in which they were given.
window.django?.jQuery?.(() => nameFields(document));
document.addEventListener("formset:added", (event) => setTimeout(() => nameFields(event.target)));
