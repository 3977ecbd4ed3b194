// Brings a file straight to its bucket, by a form that our pages have signed for this one file.
(() => {
  "use strict";
  const form = document.querySelector("form[data-upload]");
  if (!form) return;
  const $ = (selector) => form.querySelector(selector);
  const words = form.dataset;
  const { file: field } = form.elements;
  const zone = $("[data-drop]");
  const bar = $("progress");
  let sending = null;

  function complain(text = "") {
    const problem = $("#file-problem");
    $("#file-problem span").textContent = text;
    problem.hidden = !text;
    field.toggleAttribute("aria-invalid", Boolean(text));
    if (text) field.setAttribute("aria-invalid", "true");
  }

  // What can be told before anything is sent. Whether it is a CSV is seen by who reads it; this spares a long wait.
  function problemWith(file) {
    if (!file) return words.none;
    if (!file.size) return words.empty;
    if (file.size > Number(words.largest)) return words.large;
    return /\.(csv|tsv|txt)$/i.test(file.name) || /^text\//.test(file.type) ? "" : words.kind;
  }

  function show(isSending) {
    bar.hidden = $("[data-stop]").hidden = !isSending;
    $("[data-send]").hidden = $("[data-ready]").hidden = isSending;
    $("[data-said]").textContent = "";
    bar.value = 0;
    zone.inert = isSending;
  }

  function tell(percent) {
    bar.value = percent;
    // Read out, so not at every step.
    const said = percent === 100 ? words.gone : words.going.replace("{n}", Math.floor(percent / 10) * 10);
    if ($("[data-said]").textContent !== said) $("[data-said]").textContent = said;
  }

  // Where the file may go. Told in our words where it may not.
  async function announce(file) {
    const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    asked.set("file_name", file.name);
    asked.set("file_bytes", file.size);
    const answer = await fetch(words.upload, { method: "POST", body: asked, redirect: "error" });
    const told = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(), { told: told.problem });
    return told;
  }

  function put({ address, fields }, file) {
    const parts = new FormData();
    Object.entries(fields).forEach(([name, value]) => parts.append(name, value));
    parts.append("file", file);
    return new Promise((resolve, reject) => {
      sending = new XMLHttpRequest();
      sending.upload.onprogress = (event) => tell(Math.floor((100 * event.loaded) / event.total));
      sending.onload = () => (sending.status < 300 ? resolve() : reject(new Error()));
      sending.onerror = () => reject(new Error());
      sending.onabort = () => reject(Object.assign(new Error(), { stopped: true }));
      sending.open("POST", address);
      sending.send(parts);
    });
  }

  async function send() {
    const file = field.files?.[0];
    const problem = problemWith(file);
    complain(problem);
    if (problem) return field.focus();
    show(true);
    tell(0);
    try {
      const place = await announce(file);
      await put(place, file);
      sending = null;
      location.assign(place.next);
    } catch (error) {
      sending = null;
      show(false);
      if (!error.stopped) complain(error.told || words.lost);
      $("[data-send]").focus();
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!sending) send();
  });
  field.addEventListener("change", () => complain(field.files.length ? problemWith(field.files[0]) : ""));
  $("[data-stop]").addEventListener("click", () => sending?.abort());
  window.addEventListener("beforeunload", (event) => { if (sending) event.preventDefault(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) show(false); });

  // A file that misses the zone must not replace the page.
  for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => event.preventDefault());
  zone.addEventListener("dragover", () => zone.classList.add("over"));
  for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    const [file] = event.dataTransfer.files;
    const one = new DataTransfer();
    one.items.add(file);
    field.files = one.files;
    field.dispatchEvent(new Event("change"));
  });
})();
