// One small module a behaviour, fetched only where a page has its hook. Every page works without them.
const behaviours = {
  "[data-auto-submit]": () => import("./auto-submit.js"),
  "[data-local-time]": () => import("./local-time.js"),
  "[data-copy-link]": () => import("./copy-link.js"),
  "[data-passkey]": () => import("./passkey.js"),
};

for (const [hook, load] of Object.entries(behaviours)) {
  const elements = document.querySelectorAll(hook);
  if (elements.length) load().then((module) => elements.forEach(module.default));
}
