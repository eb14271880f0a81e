// data-copy-link="Copied" on a hidden button: shows it where the clipboard can be written, copies the page's address, says so.
export default function copyLink(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const before = button.textContent;
    await navigator.clipboard.writeText(button.dataset.href ?? location.href.split("#")[0]);
    button.textContent = button.dataset.copyLink;
    setTimeout(() => { button.textContent = before; }, 2000);
  });
}
