// data-local-time="Europe/Istanbul" on <time datetime>: where the visitor's clock shows another hour, that hour follows in brackets.
const clock = (date, timeZone) => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone }).format(date);

export default function localTime(element) {
  const start = new Date(element.dateTime);
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (Number.isNaN(start.valueOf()) || clock(start, here) === clock(start, element.dataset.localTime)) return;
  const note = document.createElement("span");
  note.className = "zoned-time-zone";
  const finish = element.dataset.until ? `–${clock(new Date(element.dataset.until), here)}` : "";
  note.textContent = ` (${clock(start, here)}${finish} ${here.split("/").pop().replaceAll("_", " ")})`;
  element.parentElement.append(note);
}
