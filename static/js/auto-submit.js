// data-auto-submit on a GET form: a changed select sends it; empty fields stay out of the address.
export default function autoSubmit(form) {
  form.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, input:is([type=checkbox], [type=radio])")) form.requestSubmit();
  });
}
