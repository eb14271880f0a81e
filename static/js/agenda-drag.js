// Rows follow the pointer, a finger too, within a list and from one list to another. Escape puts them back.
const EDGE = 60; // from the window's edge on, it scrolls
const STEP = 12;

export function drag(form, { moved }) {
  let row = null;
  let home = null;
  let pointer = null;

  const lists = () => [...form.querySelectorAll("[data-rows]")];

  function place(y) {
    const list = lists().findLast((each) => each.closest("[data-session]").getBoundingClientRect().top <= y) ?? lists()[0];
    const others = [...list.querySelectorAll("[data-row]")].filter((each) => each !== row);
    const below = others.find((each) => {
      const box = each.getBoundingClientRect();
      return y < box.top + box.height / 2;
    });
    if (below ? row.nextElementSibling !== below : list.lastElementChild !== row) list.insertBefore(row, below ?? null);
  }

  function scroll() {
    if (!row) return;
    const way = pointer < EDGE ? -STEP : pointer > innerHeight - EDGE ? STEP : 0;
    if (way) {
      scrollBy(0, way);
      place(pointer);
    }
    requestAnimationFrame(scroll);
  }

  function end(isKept) {
    if (!row) return;
    const dropped = row;
    const isElsewhere = dropped.parentElement !== home.list || dropped.nextElementSibling !== home.next;
    if (!isKept) home.list.insertBefore(dropped, home.next);
    row = null;
    dropped.classList.remove("is-dragged");
    document.body.classList.remove("is-dragging");
    if (isKept && isElsewhere) moved(dropped);
  }

  form.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-handle]");
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    row = handle.closest("[data-row]");
    home = { list: row.parentElement, next: row.nextElementSibling };
    pointer = event.clientY;
    row.classList.add("is-dragged");
    document.body.classList.add("is-dragging");
    requestAnimationFrame(scroll);
  });
  addEventListener("pointermove", (event) => {
    if (!row) return;
    pointer = event.clientY;
    place(pointer);
  });
  addEventListener("pointerup", () => end(true));
  addEventListener("pointercancel", () => end(false));
  addEventListener("keydown", (event) => event.key === "Escape" && end(false));
}
