// The attendance desk: a tap or a key sets a cell at once, what other desks set appears by itself. Without this it is a form with a button to save.
import { Finder } from "./desk-finding.js";
import { Sender } from "./desk-sending.js";

const root = document.querySelector("[data-desk]");
const table = root.querySelector("[data-desk-table]");
const status = root.querySelector("[data-desk-status]");
const labels = new Map([...root.querySelector("[data-desk-labels]").content.children].map((each) => [each.dataset.value, each.textContent]));
const LETTERS = { p: "present", e: "excused", a: "absent", " ": "", 0: "", Delete: "", Backspace: "", ...("hybrid" in root.dataset ? { r: "present:room", o: "present:online" } : {}) };
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const EVERY = 3000;
const place = `desk-${root.dataset.user}-${root.dataset.desk}-${root.dataset.channel}`;
// Whoever signed in again in another window has a new one.
const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? root.querySelector("[name=csrfmiddlewaretoken]").value;
const cells = new Map();
const undone = JSON.parse(sessionStorage.getItem(`${place}-undo`) ?? "[]");
const fetching = new Set();
let version = root.dataset.version;
const known = Number(root.querySelector("[data-desk-waiting]")?.dataset.deskWaiting ?? 0);

const rows = () => [...(table?.tBodies[0].rows ?? [])];
const say = (text) => (status.textContent = text);

// --- A cell ---

function enhance(row) {
  row.setAttribute("role", "row");
  row.cells[0].setAttribute("role", "rowheader");
  for (const td of row.querySelectorAll("td")) {
    const buttons = root.querySelector("[data-desk-buttons]").content.cloneNode(true);
    const name = `${row.cells[0].querySelector("span").textContent}, ${root.querySelector(`#column-${td.dataset.column}`).textContent}`;
    for (const button of buttons.querySelectorAll("button")) button.setAttribute("aria-label", `${name}: ${button.dataset.label}`);
    td.querySelector("select").replaceWith(buttons);
    td.setAttribute("role", "gridcell");
    td.tabIndex = -1;
    if (!td.querySelector("small")) td.append(document.createElement("small"));
    cells.set(td.dataset.deskCell, { td, state: td.dataset.state, shown: td.dataset.state, touched: 0, conflict: false });
    draw(td.dataset.deskCell);
  }
}

function draw(name) {
  const { td, state, conflict } = cells.get(name);
  td.dataset.state = state;
  td.classList.toggle("is-unsent", Boolean(sender.waiting.get(name)?.failed));
  td.classList.toggle("contested", conflict);
  td.querySelectorAll("[data-wanted]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.wanted === state)));
  const others = td.querySelector("small").textContent;
  td.setAttribute("aria-label", others ? `${labels.get(state)}; ${others}` : labels.get(state));
}

function set(name, wanted) {
  const cell = cells.get(name);
  if (cell.conflict || cell.state === wanted) return;
  cell.state = wanted;
  sender.set(name, cell.shown, wanted);
  draw(name);
}

function saved(name, body, sent, isMore) {
  const cell = cells.get(name);
  if (!cell) return;
  Object.assign(cell, { shown: sent, touched: performance.now() });
  if (!isMore) cell.state = sent;
  if (body.batch) remember(body.batch);
  count(body.here, body.columns);
  draw(name);
}

function refused(name, body, wanted) {
  const cell = cells.get(name);
  if (!cell) return;
  if (body.message || body.is_gone) {
    cell.state = cell.shown;
    say(body.message ?? body.now);
    return draw(name);
  }
  Object.assign(cell, { shown: body.state, state: wanted, conflict: true, touched: performance.now() });
  ask(cell, name, body, wanted);
  draw(name);
}

/* Both words, until a person decides. */
function ask(cell, name, body, wanted) {
  const box = root.querySelector("[data-desk-conflict]").content.cloneNode(true).firstElementChild;
  box.querySelector("[data-now]").textContent = body.now;
  box.querySelector("[data-mine]").textContent = body.mine;
  const decide = (state) => {
    box.remove();
    Object.assign(cell, { conflict: false, state: cell.shown });
    set(name, state);
    draw(name);
    cell.td.focus();
  };
  box.querySelector("[data-keep]").addEventListener("click", () => decide(wanted));
  box.querySelector("[data-take]").addEventListener("click", () => decide(cell.shown));
  cell.td.querySelector(".desk-conflict")?.remove();
  cell.td.append(box);
  say(`${cell.td.parentElement.cells[0].querySelector("span").textContent}: ${box.querySelector("p").textContent}`);
}

// --- What other desks set ---

function count(here, columns) {
  root.querySelector("[data-desk-here]").textContent = here;
  root.querySelector("[data-desk-listed]").textContent = rows().filter((row) => "city" in row.dataset).length;
  root.querySelectorAll("[data-desk-column-count]").forEach((each) => (each.textContent = columns[each.dataset.deskColumnCount] ?? 0));
}

function take(state, asked) {
  let isWhole = true;
  for (const [name, cell] of cells) {
    const [now, others, here] = state.cells[name] ?? ["", "", 0];
    cell.td.toggleAttribute("data-here", Boolean(here));
    cell.td.querySelector("small").textContent = others;
    if (sender.isWaiting(name) || cell.conflict || cell.touched > asked) isWhole = false;
    else Object.assign(cell, { state: now, shown: now });
    draw(name);
  }
  const missing = new Set(Object.keys(state.cells).filter((name) => !cells.has(name)).map((name) => name.split("-")[1]));
  missing.forEach(add);
  count(state.here, state.columns);
  root.querySelector("[data-desk-new]").hidden = state.waiting <= known;
  // What was left out has to be asked for again.
  version = isWhole && !missing.size ? state.version : "";
}

async function look() {
  const asked = performance.now();
  try {
    const answer = await fetch(`${root.dataset.stateUrl}?${new URLSearchParams({ version, channel: root.dataset.channel })}`, { redirect: "error" });
    if (answer.status === 200) take(await answer.json(), asked);
    sender.retry();
  } catch {
    // No network: the next look finds out.
  }
}

async function add(key, { isWanted = false } = {}) {
  if (fetching.has(key) || !table) return isWanted && location.assign(`?${new URLSearchParams({ channel: root.dataset.channel, also: key })}`);
  fetching.add(key);
  try {
    const answer = await fetch(`${root.dataset.rowUrl}?${new URLSearchParams({ organisation: key, channel: root.dataset.channel })}`, { redirect: "error" });
    const made = new DOMParser().parseFromString(`<table><tbody>${await answer.text()}</tbody></table>`, "text/html").querySelector("tr");
    if (answer.ok && made) put(made, isWanted);
  } catch {
    // Asked for again when something changes.
  }
  fetching.delete(key);
}

function put(made, isWanted) {
  const row = document.adoptNode(made);
  table.tBodies[0].prepend(row);
  enhance(row);
  narrow();
  if (!isWanted) return;
  finder.input.value = "";
  finder.apply();
  row.querySelector("td:not([hidden])").focus();
}

// --- Taking back ---

const undo = root.querySelector("[data-desk-undo]");

function remember(batch) {
  undone.push(batch);
  keepUndo();
}

function keepUndo() {
  sessionStorage.setItem(`${place}-undo`, JSON.stringify(undone.slice(-50)));
  undo.hidden = !undone.length;
}

async function takeBack() {
  const batch = undone.at(-1);
  if (!batch) return;
  try {
    const answer = await fetch(root.dataset.undoUrl, { method: "POST", body: new URLSearchParams({ batch }), headers: { "X-CSRFToken": token(), Accept: "application/json" }, redirect: "error" });
    if (![200, 409].includes(answer.status)) return;
    undone.splice(undone.lastIndexOf(batch), 1);
    say(answer.ok ? status.dataset.undone : (await answer.json()).message);
  } catch {
    return;
  }
  keepUndo();
  version = "";
  await look();
}

// --- Keys, taps, columns ---

const columns = root.querySelector("[data-desk-columns]");

function narrow() {
  const shown = columns.value;
  root.classList.toggle("is-narrowed", shown !== "");
  table?.querySelectorAll("[data-column]").forEach((each) => (each.hidden = shown !== "" && each.dataset.column !== shown));
  stop();
}

/* One cell is a stop of the tabulator: the one last used, else the first. */
function stop(td = table?.querySelector("tbody tr:not([hidden]) td:not([hidden])")) {
  table?.querySelectorAll('td[tabindex="0"]').forEach((each) => (each.tabIndex = -1));
  if (td) td.tabIndex = 0;
}

function move(td, [down, right]) {
  const shown = rows().filter((row) => !row.hidden);
  const row = shown[shown.indexOf(td.parentElement) + down];
  const beside = [...(row?.querySelectorAll("td:not([hidden])") ?? [])];
  const column = [...td.parentElement.querySelectorAll("td:not([hidden])")].indexOf(td);
  beside[column + right]?.focus();
}

function key(event) {
  const td = event.target.closest("td");
  if (!td || event.altKey || event.ctrlKey || event.metaKey || event.target.closest(".desk-conflict")) return;
  const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.target.matches("button") && [" ", "Enter"].includes(event.key)) return;
  if (pressed in STEPS) move(td, STEPS[pressed]);
  else if (pressed in LETTERS) set(td.dataset.deskCell, LETTERS[pressed]);
  else return;
  event.preventDefault();
}

function tap(event) {
  const button = event.target.closest("[data-wanted]");
  if (!button) return;
  const cell = cells.get(button.closest("td").dataset.deskCell);
  set(cell.td.dataset.deskCell, cell.state === button.dataset.wanted ? "" : button.dataset.wanted);
}

function everywhere(event) {
  const isTyping = event.target.matches?.("input[type=search], input[type=text], textarea, select");
  if (event.key === "/" && !isTyping) finder.input.focus();
  else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !isTyping && !event.shiftKey) takeBack();
  else return;
  event.preventDefault();
}

function isMissing(row) {
  return ![...row.querySelectorAll("td:not([hidden])")].some((td) => "here" in td.dataset || td.dataset.state.startsWith("present"));
}

function show() {
  const parts = [];
  if (sender.isSignedOut) parts.push(status.dataset.signedOut);
  if (sender.unsent) parts.push(status.dataset.unsent + sender.unsent);
  if (parts.length || status.classList.contains("is-trouble")) say(parts.join(" "));
  status.classList.toggle("is-trouble", parts.length > 0);
  root.dataset.unsent = sender.waiting.size;
  for (const name of cells.keys()) if (sender.isWaiting(name)) draw(name);
}

const sender = new Sender({ url: root.dataset.cellUrl, token, channel: root.dataset.channel, place, onSaved: saved, onRefused: refused, onChange: show });
const finder = new Finder({ root, rows, isMissing, onAdd: (each) => add(String(each), { isWanted: true }) });

function start() {
  root.querySelectorAll("[data-desk-live]").forEach((each) => (each.hidden = false));
  root.querySelectorAll("[data-desk-plain], [data-desk-save]").forEach((each) => (each.hidden = true));
  root.classList.add("is-live");
  const url = new URL(location);
  if (url.searchParams.has("undo")) remember(url.searchParams.get("undo"));
  url.searchParams.delete("undo");
  history.replaceState(null, "", url);
  table?.setAttribute("role", "grid");
  rows().forEach(enhance);
  for (const [name, entry] of sender.restore()) if (cells.has(name)) Object.assign(cells.get(name), { state: entry.wanted, shown: entry.shown });
  for (const name of sender.waiting.keys()) if (cells.has(name)) draw(name);
  columns.value = sessionStorage.getItem(`${place}-column`) ?? (matchMedia("(width < 48rem)").matches ? root.dataset.now : "");
  narrow();
  columns.addEventListener("change", () => {
    sessionStorage.setItem(`${place}-column`, columns.value);
    narrow();
    finder.apply();
  });
  root.querySelector("[data-desk-channel]").addEventListener("change", (event) => location.assign(`?${new URLSearchParams({ channel: event.target.value })}`));
  table?.addEventListener("keydown", key);
  table?.addEventListener("click", tap);
  table?.addEventListener("focusin", (event) => event.target.matches("td") && stop(event.target));
  undo.addEventListener("submit", (event) => {
    event.preventDefault();
    takeBack();
  });
  addEventListener("keydown", everywhere);
  keepUndo();
  setInterval(() => document.visibilityState === "visible" && look(), EVERY);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
  root.dataset.ready = "";
}

start();
