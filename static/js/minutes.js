// Notes are saved while somebody types. Without this the page's own button saves them; with it, what is not saved yet is said, and kept.
const PAUSE = 1500; // after the last key
const AGAIN = [3000, 6000, 12000, 30000]; // after a save that did not come through

const cookie = (name) => document.cookie.split("; ").find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);

class Note {
  constructor(form, area) {
    this.form = form;
    this.area = area;
    this.key = area.dataset.note;
    this.from = form.querySelector(`[name="from-${this.key}"]`);
    this.state = form.querySelector(`[data-note-state="${this.key}"]`);
    this.revisions = form.querySelector(`[data-note-revisions="${this.key}"]`);
    this.aside = form.querySelector(`[data-note-stale="${this.key}"]`);
    this.saved = area.defaultValue; // what the record holds, as far as this page knows
    this.isStale = this.aside.childElementCount > 0;
    this.tries = 0;
    area.addEventListener("input", () => this.typed());
    area.addEventListener("blur", () => this.isDirty && this.save());
  }

  get isDirty() {
    return this.area.value !== this.saved || this.isStale;
  }

  say(word, detail = "") {
    this.state.value = this.form.dataset[word].replace("%s", detail);
    this.state.classList.toggle("is-unsaved", word !== "saved");
  }

  typed() {
    if (this.isStale) return;
    this.say("typing");
    this.later(PAUSE);
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  async save() {
    clearTimeout(this.timer);
    if (this.isSaving || this.isStale || !this.isDirty) return;
    this.isSaving = true;
    const text = this.area.value;
    this.say("saving");
    const answer = await this.send(text).catch(() => null);
    this.isSaving = false;
    if (answer === null) {
      this.say("trying");
      this.later(AGAIN[Math.min(this.tries++, AGAIN.length - 1)]);
      return;
    }
    this.answered(text, answer);
    if (this.area.value !== text && !this.isStale) this.later(PAUSE); // typed on meanwhile
  }

  async send(text) {
    const body = new URLSearchParams({ [`note-${this.key}`]: text, [`from-${this.key}`]: this.from.value });
    const token = cookie("csrftoken") ?? this.form.querySelector("[name=csrfmiddlewaretoken]").value;
    const response = await fetch(this.form.dataset.minutes, { method: "POST", body, headers: { "X-CSRFToken": token } });
    const isOurs = response.headers.get("Content-Type")?.startsWith("application/json");
    if (response.status >= 500) throw new Error("try again");
    return isOurs ? { status: response.status, ...(await response.json()) } : { status: 401 };
  }

  answered(text, answer) {
    if (answer.status === 200) {
      this.tries = 0;
      this.saved = text;
      this.from.value = answer.number;
      this.revisions.hidden = answer.number === 0;
      this.revisions.querySelector("[data-number]").textContent = answer.number;
      const now = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
      this.say(this.area.value === text ? "saved" : "typing", now);
    } else if (answer.status === 409) {
      this.collided(answer);
    } else if (answer.status === 401) {
      this.say("signedOut");
      this.later(AGAIN.at(-1));
    } else {
      this.state.value = answer.refusal;
      this.state.classList.add("is-unsaved");
    }
  }

  // Both texts are shown; what was typed stays in its field until a person decides.
  collided(answer) {
    this.isStale = true;
    this.say("stale");
    this.aside.innerHTML = answer.comparison; // drawn and escaped by our own server
    const settle = (text) => {
      this.from.value = answer.number;
      this.aside.replaceChildren();
      this.isStale = false;
      this.saved = answer.text;
      this.area.value = text;
      this.area.focus();
      this.save();
      if (!this.isDirty) this.say("saved", "");
    };
    this.aside.querySelector("[data-keep-mine]")?.addEventListener("click", () => settle(this.area.value));
    this.aside.querySelector("[data-take-theirs]")?.addEventListener("click", () => settle(answer.text));
  }
}

function enhance(form) {
  const notes = [...form.querySelectorAll("textarea[data-note]")].map((area) => new Note(form, area));
  const isTyped = (field) => field.type !== "hidden" && !field.dataset.note && field.value !== (field.defaultValue ?? [...field.options].find((option) => option.defaultSelected)?.value ?? "");
  const others = () => [...form.elements].some((field) => field.matches("input:not([type=submit]), textarea, select") && isTyped(field));
  let isLeaving = false;

  form.addEventListener("submit", () => { isLeaving = true; });
  window.addEventListener("online", () => notes.forEach((note) => note.save()));
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && (form.hasAttribute("data-refused") || notes.some((note) => note.isDirty) || others())) event.preventDefault();
  });
}

document.querySelectorAll("form[data-minutes]").forEach(enhance);
