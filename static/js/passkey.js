// Passkeys: making one (data-passkey="create") and showing one (data-passkey="get"). The button is hidden in the page and
// shown only where the browser and the address allow passkeys. What the server asks for stands in the page, or at the
// address in data-options.
const fromText = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const read = (keys) => (keys ?? []).map((key) => ({ ...key, id: fromText(key.id) }));

async function asked(form) {
  const address = form.dataset.options;
  if (!address) return JSON.parse(document.getElementById("passkey-options").textContent);
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(response.status);
  return response.json();
}

async function create({ creation_options: { publicKey } }) {
  const asPasskey = { residentKey: "required", requireResidentKey: true, userVerification: "required" };
  return navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: fromText(publicKey.challenge),
      user: { ...publicKey.user, id: fromText(publicKey.user.id) },
      excludeCredentials: read(publicKey.excludeCredentials),
      authenticatorSelection: { ...publicKey.authenticatorSelection, ...asPasskey },
    },
  });
}

async function get({ request_options: { publicKey } }) {
  return navigator.credentials.get({
    publicKey: { ...publicKey, challenge: fromText(publicKey.challenge), allowCredentials: read(publicKey.allowCredentials) },
  });
}

function written(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[part]) response[part] = toText(credential.response[part]);
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
}

export default function passkey(form) {
  if (!window.PublicKeyCredential) return;
  const [button, said] = [form.querySelector("button"), form.querySelector("[role=status]")];
  button.hidden = false;
  said.textContent = "";
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.textContent = "";
    button.disabled = true;
    try {
      const credential = await (form.dataset.passkey === "create" ? create : get)(await asked(form));
      form.elements.credential.value = written(credential);
      form.submit();
    } catch {
      said.textContent = form.dataset.failed;
      button.disabled = false;
    }
  });
}
