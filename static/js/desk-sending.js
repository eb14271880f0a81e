// Sends what is set at the desk, one small request a cell. What cannot be sent is kept, also over a reload, and tried again.
const RETRY = [1500, 3000, 6000, 12000];

export class Sender {
  constructor({ url, token, channel, place, onSaved, onRefused, onChange }) {
    Object.assign(this, { url, token, channel, place, onSaved, onRefused, onChange });
    this.waiting = new Map();
    this.failures = 0;
    this.isSignedOut = false;
    addEventListener("online", () => this.retry());
  }

  /* What an earlier visit of this page could not send. */
  restore() {
    for (const [name, entry] of Object.entries(JSON.parse(localStorage.getItem(this.place) ?? "{}"))) {
      this.waiting.set(name, { ...entry, failed: true });
      this.send(name);
    }
    return this.waiting;
  }

  set(name, shown, wanted) {
    const entry = this.waiting.get(name);
    if (entry) entry.wanted = wanted;
    else this.waiting.set(name, { shown, wanted });
    this.keep();
    this.send(name);
  }

  isWaiting(name) {
    return this.waiting.has(name);
  }

  get unsent() {
    return [...this.waiting.values()].filter((entry) => entry.failed).length;
  }

  async send(name) {
    const entry = this.waiting.get(name);
    if (!entry || entry.sending) return;
    entry.sending = true;
    const sent = entry.wanted;
    const answer = await this.post({ cell: name, shown: entry.shown, wanted: sent, channel: this.channel });
    entry.sending = false;
    if (!answer) return this.fail(name, entry);
    this.failures = 0;
    this.isSignedOut = false;
    if (answer.status === 200 && entry.wanted !== sent) {
      Object.assign(entry, { shown: sent, failed: false });
      this.onSaved(name, answer.body, sent, true);
      return this.send(name);
    }
    this.waiting.delete(name);
    this.keep();
    if (answer.status === 200) this.onSaved(name, answer.body, sent, false);
    else this.onRefused(name, answer.body, entry.wanted);
    this.retry();
  }

  /* Gives null where no answer of the desk came: no network, a server that restarts, a session that ended. */
  async post(fields) {
    try {
      const answer = await fetch(this.url, { method: "POST", body: new URLSearchParams(fields), headers: { "X-CSRFToken": this.token(), Accept: "application/json" }, redirect: "manual" });
      this.isSignedOut = answer.type === "opaqueredirect" || answer.status === 403;
      return [200, 400, 409].includes(answer.status) ? { status: answer.status, body: await answer.json() } : null;
    } catch {
      return null;
    }
  }

  fail(name, entry) {
    entry.failed = true;
    this.keep();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.retry(), RETRY[Math.min(this.failures++, RETRY.length - 1)]);
  }

  retry() {
    for (const [name, entry] of this.waiting) if (entry.failed) this.send(name);
  }

  keep() {
    const kept = [...this.waiting].map(([name, { shown, wanted }]) => [name, { shown, wanted }]);
    if (kept.length) localStorage.setItem(this.place, JSON.stringify(Object.fromEntries(kept)));
    else localStorage.removeItem(this.place);
    this.onChange();
  }
}
