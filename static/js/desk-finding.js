// Narrows the desk's list by whatever is typed: at once by the spellings that each row carries, else by what the register knows.
const LETTERS = { đ: "d", ð: "d", ħ: "h", ł: "l", ø: "o", ß: "ss", ı: "i", ς: "σ" };

export function plain(text) {
  const stripped = text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  return stripped.replace(/[đðħłøßıς]/g, (letter) => LETTERS[letter]).trim();
}

function bears(row, text) {
  row.deskSpellings ??= plain(row.dataset.spellings).split("\n").filter(Boolean);
  return row.deskSpellings.some((name) => name.startsWith(text) || name.includes(` ${text}`));
}

export class Finder {
  constructor({ root, rows, isMissing, onAdd }) {
    Object.assign(this, { root, rows, isMissing, onAdd });
    this.input = root.querySelector("[data-desk-find]");
    this.missing = root.querySelector("[data-desk-missing]");
    this.others = root.querySelector("[data-desk-others]");
    this.input.addEventListener("input", () => this.apply());
    this.missing.addEventListener("change", () => this.apply());
    this.input.addEventListener("keydown", (event) => this.key(event));
    root.querySelector("[data-desk-bar]").addEventListener("submit", (event) => event.preventDefault());
  }

  key(event) {
    if (event.key === "Escape") {
      this.input.value = "";
      this.apply();
    } else if (event.key === "Enter") {
      const first = this.rows().find((row) => !row.hidden);
      if (first) first.querySelector("td:not([hidden])")?.focus();
      else this.others.querySelector("button")?.click();
    } else return;
    event.preventDefault();
  }

  apply() {
    const text = plain(this.input.value);
    const found = text ? this.rows().filter((row) => bears(row, text)) : this.rows();
    this.show(new Set(found));
    this.others.replaceChildren();
    clearTimeout(this.timer);
    if (text.length > 1) this.timer = setTimeout(() => this.ask(this.input.value, found.length > 0), 250);
  }

  show(found) {
    for (const row of this.rows()) row.hidden = !found.has(row) || (this.missing.checked && !this.isMissing(row));
  }

  /* The register knows more spellings, and organisations that are not in the list. */
  async ask(text, isFound) {
    let answer;
    try {
      answer = await (await fetch(`${this.root.dataset.findUrl}?${new URLSearchParams({ q: text })}`, { redirect: "error" })).json();
    } catch {
      return;
    }
    if (this.input.value !== text) return;
    const listed = new Map(this.rows().map((row) => [Number(row.dataset.deskRow), row]));
    const rows = answer.found.map((each) => listed.get(each.key)).filter(Boolean);
    if (!isFound) this.show(new Set(rows));
    this.offer(answer.found.filter((each) => !listed.has(each.key)), isFound || rows.length > 0);
  }

  offer(found, isListed) {
    const words = this.root.querySelector("[data-desk-status]").dataset;
    const buttons = found.map((each) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "button" });
      button.textContent = words.add.replace("%s", each.country ? `${each.name} (${each.country})` : each.name);
      button.addEventListener("click", () => this.onAdd(each.key));
      return button;
    });
    const nobody = Object.assign(document.createElement("p"), { textContent: words.nobody });
    this.others.replaceChildren(...(buttons.length || isListed ? buttons : [nobody]));
  }
}
