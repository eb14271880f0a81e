// Items of an agenda are dragged, moved by buttons, timed while somebody types, and added without the page being loaded anew.
// Without this every button of the form does its work on the server, and nothing but Save writes.
import { drag } from "./agenda-drag.js";

const HOUR = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

class Agenda {
  constructor(form) {
    this.form = form;
    this.said = document.getElementById("agenda-said");
    this.clock = new Intl.DateTimeFormat("en-GB", { ...HOUR, timeZone: form.dataset.zone });
    form.addEventListener("input", (event) => this.typed(event.target));
    form.addEventListener("click", (event) => this.clicked(event));
    form.addEventListener("submit", (event) => this.sent(event));
    drag(form, { moved: (row) => this.moved(row) });
    addEventListener("beforeunload", (event) => !this.isLeaving && "unsaved" in form.dataset && event.preventDefault());
    this.refresh();
  }

  /* After the form's content was drawn. */
  refresh() {
    for (const part of this.form.querySelectorAll("[data-handle], [data-find]")) part.hidden = false;
    this.form.querySelector("[autofocus]")?.focus();
    this.count();
  }

  say(word, values) {
    return Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), this.form.dataset[word]);
  }

  get sections() {
    return [...this.form.querySelectorAll("[data-session]")];
  }

  titleOf(row) {
    const title = row.querySelector("[data-title]");
    return title.value || row.querySelector(".agenda-topic")?.textContent.trim() || this.form.dataset.untitled;
  }

  changed() {
    this.form.dataset.unsaved = "";
    this.form.querySelector("[data-unsaved-note]").hidden = false;
    this.count();
  }

  typed(field) {
    if (field.matches("[data-needle]")) return this.find(field);
    const row = field.closest("[data-row]");
    if (row && field.matches("[data-remove]")) row.classList.toggle("is-removed", field.checked);
    if (row && field.matches("[data-to]")) this.moveTo(row, field.value);
    if (row) row.querySelector("[data-legend]").textContent = this.titleOf(row);
    if (field.name) this.changed();
  }

  find(field) {
    const panel = field.closest("[data-offers]");
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let number = 0;
    for (const offer of panel.querySelectorAll("[data-offer]")) {
      const text = offer.textContent.toLowerCase();
      offer.hidden = !words.every((word) => text.includes(word));
      number += offer.hidden ? 0 : 1;
    }
    panel.querySelector("[data-number]").value = words.length ? this.say("found", { number }) : "";
  }

  // --- Moving ---

  clicked(event) {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("[data-row]");
    if (this.step(row, Number(button.dataset.move))) this.moved(row);
    else this.said.textContent = this.say("edge", { title: this.titleOf(row) });
    button.focus();
  }

  step(row, step) {
    const beside = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (beside) return beside[step < 0 ? "before" : "after"](row), true;
    const sections = this.sections;
    const section = sections[sections.indexOf(row.closest("[data-session]")) + step];
    section?.querySelector("[data-rows]")[step < 0 ? "append" : "prepend"](row);
    return Boolean(section);
  }

  moveTo(row, key) {
    this.form.querySelector(`[data-session="${key}"] [data-rows]`)?.append(row);
    this.moved(row);
  }

  moved(row) {
    const section = row.closest("[data-session]");
    const rows = [...section.querySelectorAll("[data-row]")];
    row.querySelector("[data-to]").value = section.dataset.session;
    this.changed();
    const session = section.querySelector("[data-session-name]").textContent;
    this.said.textContent = this.say("moved", { title: this.titleOf(row), place: rows.indexOf(row) + 1, number: rows.length, session });
  }

  // --- Sums ---

  count() {
    for (const section of this.sections) {
      const rows = [...section.querySelectorAll("[data-row]")];
      const left = rows.filter((row) => !row.classList.contains("is-removed"));
      const lengths = left.map((row) => Math.max(0, parseInt(row.querySelector("[data-minutes]").value, 10) || 0));
      for (const row of rows) row.querySelector("[data-start]").value = "–";
      let at = section.dataset.starts ? Date.parse(section.dataset.starts) : NaN;
      left.forEach((row, number) => {
        if (!Number.isNaN(at)) row.querySelector("[data-start]").value = this.clock.format(at);
        at = lengths[number] ? at + lengths[number] * 60_000 : NaN;
      });
      section.querySelector("[data-empty]").hidden = rows.length > 0;
      this.sum(section, lengths);
    }
  }

  sum(section, lengths) {
    const sum = lengths.reduce((total, each) => total + each, 0);
    const length = "length" in section.dataset ? Number(section.dataset.length) : null;
    const rest = length === null ? 0 : length - sum;
    const gaps = lengths.filter((each) => !each).length;
    const word = length === null ? (sum === 1 ? "one" : "many") : rest > 0 ? "free" : "full";
    const part = (name) => section.querySelector(`[data-${name}]`);
    part("sum").classList.toggle("is-over", rest < 0);
    part("phrase").textContent = this.say(word, { sum, length, rest });
    part("over").hidden = rest >= 0;
    part("excess").textContent = rest < 0 ? this.say(rest === -1 ? "overOne" : "overMany", { over: -rest }) : "";
    part("gap").hidden = !gaps;
    part("gap").textContent = gaps ? this.say(gaps === 1 ? "gapOne" : "gapMany", { number: gaps }) : "";
  }

  // --- Adding: the server draws the form anew, and writes nothing ---

  sent(event) {
    const act = event.submitter?.name === "act" ? event.submitter : null;
    if (!act) {
      this.isLeaving = true;
      return;
    }
    event.preventDefault();
    this.redraw(new FormData(this.form, act)).catch(() => {
      this.isLeaving = true; // no answer: let the browser send it, and say what is wrong
      const hidden = Object.assign(document.createElement("input"), { type: "hidden", name: "act", value: act.value });
      this.form.append(hidden);
      this.form.submit();
    });
  }

  async redraw(body) {
    const response = await fetch(location.pathname, { method: "POST", body });
    const drawn = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("agenda-form");
    if (!response.ok || !drawn) throw new Error("no form");
    this.form.replaceChildren(...drawn.childNodes);
    this.refresh();
    this.changed();
  }
}

document.querySelectorAll("form[data-agenda]").forEach((form) => new Agenda(form));
