// The attendance grid by keyboard: arrows move, a letter chooses, space clears; the changed cells are counted. Without this the selects work as everywhere.
const LETTERS = { p: "present", e: "excused", a: "absent", " ": "", u: "", Delete: "", Backspace: "" };
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function enhance(table) {
  const form = table.closest("form");
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("select")]);
  const selects = rows.flat();
  const keys = form.querySelector("[data-grid-keys]");
  const output = form.querySelector("[data-grid-changed]");

  // What a cell had when the page was drawn; the browser's own memory of the form plays no part.
  const isChanged = (select) => ![...select.options].find((option) => option.defaultSelected)?.selected;
  function count() {
    const changed = selects.filter(isChanged);
    selects.forEach((select) => select.classList.toggle("is-changed", isChanged(select)));
    output.value = changed.length === 0 ? "" : changed.length === 1 ? output.dataset.one : output.dataset.many.replace("%d", changed.length);
  }

  function choose(select, value) {
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function move(select, [down, right]) {
    const row = rows.findIndex((cells) => cells.includes(select));
    const column = rows[row].indexOf(select);
    rows[row + down]?.[column + right]?.focus();
  }

  table.addEventListener("keydown", (event) => {
    const select = event.target;
    if (!(select instanceof HTMLSelectElement) || event.altKey || event.ctrlKey || event.metaKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key in STEPS) move(select, STEPS[key]);
    else if (key in LETTERS) choose(select, LETTERS[key]);
    else return;
    event.preventDefault();
  });
  table.addEventListener("change", count);
  if (selects.length) keys.hidden = false;
  count();
}

document.querySelectorAll("[data-attendance-grid]").forEach(enhance);
