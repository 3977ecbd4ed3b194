// What the pages do with a script. Without it everything works by links and forms.
(() => {
  "use strict";
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  document.documentElement.classList.add("script");

  // Selection: the page's ticks, or all matches.
  const ticks = () => $$("#bulk [name=fan]");

  function showSelection() {
    const some = $("[data-selected]");
    if (!some) return;
    const ticked = ticks().filter((tick) => tick.checked).length;
    const every = $("[data-tick-all]");
    if (every) {
      every.checked = ticked > 0 && ticked === ticks().length;
      every.indeterminate = ticked > 0 && !every.checked;
    }
    const text = ticked === 1 ? some.dataset.one : some.dataset.other;
    const shown = text.replace("{n}", ticked.toLocaleString(document.documentElement.lang));
    if (ticked && some.textContent !== shown) some.textContent = shown;
  }

  function untick() {
    $$("#bulk :checked").forEach((tick) => { tick.checked = false; });
    showSelection();
  }

  let lastTick = null;
  function tickRange(tick) {
    const all = ticks();
    const [from, to] = [all.indexOf(lastTick), all.indexOf(tick)].sort((a, b) => a - b);
    if (from >= 0) all.slice(from, to + 1).forEach((other) => { other.checked = tick.checked; });
  }

  // One toast at a time; it stays until it is dismissed, replaced or left behind.
  function toast(text) {
    const place = $("#toasts");
    const shown = document.createElement("div");
    shown.className = "toast bad";
    const words = document.createElement("p");
    words.textContent = text;
    const dismiss = document.createElement("button");
    dismiss.type = "button";
    dismiss.className = "link";
    dismiss.dataset.dismiss = "";
    dismiss.textContent = place.dataset.dismiss;
    shown.append(words, dismiss);
    place.replaceChildren(shown);
  }

  // A row opens wherever it is clicked, unless there is something to press or text was selected.
  function openRow(event) {
    const row = event.target.closest("tr[data-row]");
    if (!row || event.target.closest("a, input, button") || String(getSelection())) return;
    if (event.target.closest(".tick")) return $("input", row).click();
    const { ctrlKey, metaKey, shiftKey } = event;
    linkOf(row).dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey }));
  }

  function closeMenus(but) {
    $$("details[data-menu][open]").filter((menu) => menu !== but).forEach((menu) => { menu.open = false; });
  }

  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details[data-menu]"));
    if (event.target.closest("button[data-dismiss]")) $("#toasts").replaceChildren();
    if (event.target.closest("[data-untick]")) untick();
    if (event.target.closest("[data-keys]")) showKeys();
    const reply = event.target.closest("[data-insert]");
    if (reply && !event.ctrlKey && !event.metaKey) event.preventDefault(), insert(reply);
    openRow(event);
    if (event.target.matches("[name=fan]")) {
      if (event.shiftKey) tickRange(event.target);
      lastTick = event.target;
      showSelection();
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-tick-all]")) {
      ticks().forEach((tick) => { tick.checked = event.target.checked; });
      showSelection();
    }
  });

  // Addresses carry only what was chosen.
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "get") return;
    closeMenus();
    const empty = [...event.target.elements].filter((field) => field.name && !field.value && !field.disabled);
    empty.forEach((field) => { field.disabled = true; });
    setTimeout(() => empty.forEach((field) => { field.disabled = false; }));
  });

  document.addEventListener("htmx:config:request", (event) => {
    const { method, body } = event.detail.ctx.request;
    if (method.toUpperCase() !== "GET" || !(body instanceof FormData)) return;
    [...body.entries()].filter(([, value]) => value === "").forEach(([name]) => body.delete(name));
    if (body.get("sort") === "lastSeenAt") body.delete("sort");
  });

  // A failed answer leaves the page as it is and says so.
  const failed = (event) => {
    if (event.defaultPrevented || event.detail.ctx?.sourceElement?.id === "pace") return; // told otherwise, or not at all
    const { status } = event.detail.ctx.response || {};
    const { failed: text, failedBusy } = $("#toasts").dataset;
    if (status === 400 || status === 409 || status === 412) return;
    toast(status === 429 ? failedBusy : text);
  };
  document.addEventListener("htmx:response:error", failed);
  document.addEventListener("htmx:error", failed);
  document.addEventListener("htmx:after:swap", showSelection);

  // Writing: after sending one goes on writing, and quick replies are put where the cursor is.
  // What was typed while a message was under way is the beginning of the next one.
  let meanwhile = "";
  const putsComposer = (event) => event.detail.ctx?.target?.id === "composer";
  document.addEventListener("htmx:before:swap", (event) => {
    if (putsComposer(event)) meanwhile = saidAtOnce ? $("[data-write]").value : "";
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (!putsComposer(event)) return;
    const field = $("[data-write]");
    field?.focus();
    $(".scroll").scrollTop = 0;
    if (!field || !meanwhile) return;
    field.value = [field.value, meanwhile].filter(Boolean).join("\n");
    [meanwhile, saidAtOnce] = ["", ""];
    typed(field);
  });

  // Home and the pace of the account are news for eyes only, and what somebody is about to decide stays open.
  const FOR_EYES = ["home-live", "operations-live", "pace", "campaigns-live", "campaign-live", "imports", "import-live"];
  document.addEventListener("htmx:config:request", (event) => {
    const { id } = event.detail.ctx.sourceElement;
    const deciding = id === "operations-live" && $("#operations details[open]");
    if (deciding || (document.hidden && FOR_EYES.includes(id))) event.preventDefault();
  });

  // About: beside the thread, over it, or a view of its own, as there is room. What is beside it is folded away for this
  // browser. What has become known of the fan is fetched when the news tell that there is something.
  const wayToAbout = () => $$("[data-about]").filter((link) => link.checkVisibility()).at(-1);
  let known = $("#live")?.dataset.fan;

  function foldAbout() {
    if (wayToAbout()) return wayToAbout().click();
    if (!$("#about")) return;
    const folded = $("#main").classList.toggle("folded");
    document.cookie = `__Host-folded=1; Path=/; Secure; SameSite=Lax; Max-Age=${folded ? 31536000 : 0}`;
  }

  document.addEventListener("htmx:after:swap", (event) => {
    const part = event.detail.ctx?.target?.id;
    if (part === "about") wayToAbout()?.focus();
    if (part?.startsWith("fan-")) $(`#${part} [aria-invalid]`)?.focus();
    const told = $("#live")?.dataset.fan;
    if (told !== known) known = told, $("#about-fan")?.dispatchEvent(new Event("news"));
  });

  // What is new in a list takes nobody's focus.
  let rowInFocus = null;
  document.addEventListener("htmx:before:swap", () => { rowInFocus = rowAtHand()?.id; });
  document.addEventListener("htmx:after:swap", (event) => {
    const wrong = event.detail.ctx.sourceElement.id !== "live" && $("details [aria-invalid]");
    if (wrong) wrong.closest("details").open = true;
    if (rowInFocus && document.activeElement === document.body) $("a", document.getElementById(rowInFocus) || document)?.focus({ preventScroll: true });
  });

  const typed = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

  function insert(text) {
    const field = $("[data-write]");
    const { price, media } = field.form.elements;
    field.setRangeText($("[data-words]", text).textContent, field.selectionStart, field.selectionEnd, "end");
    field.form.elements[text.closest("[data-texts]").dataset.texts].value = text.dataset.insert;
    if (text.dataset.price) price.value = text.dataset.price;
    if (text.dataset.media) media.value = [...new Set(`${media.value} ${text.dataset.media}`.trim().split(/\s+/))].join("\n");
    if (text.dataset.price || text.dataset.media) price.closest("details").open = true;
    closeMenus();
    field.focus();
    typed(field);
  }

  // A variable goes where the cursor is. A draft that is just being kept is waited for: its next version depends on it.
  document.addEventListener("click", (event) => {
    const variable = event.target.closest("[data-variable]");
    if (!variable) return;
    const field = $("textarea", variable.closest("[data-variant]"));
    field.setRangeText(variable.dataset.variable, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    typed(field);
  });
  let keeping = 0;
  const isDraft = (event) => event.detail.ctx.sourceElement.closest("[data-draft]");
  document.addEventListener("htmx:before:request", (event) => { if (isDraft(event)) keeping += 1; });
  document.addEventListener("htmx:finally:request", (event) => { if (isDraft(event)) keeping -= 1; });
  document.addEventListener("submit", (event) => {
    if (!keeping || !event.target.matches("[data-draft]")) return;
    event.preventDefault();
    const { target, submitter } = event;
    document.addEventListener("htmx:finally:request", () => setTimeout(() => target.requestSubmit(submitter)), { once: true });
  });

  // A file that comes in parts is put together here; without a script one gets the first part.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-parts]");
    if (!link) return;
    event.preventDefault();
    const parts = [];
    link.setAttribute("aria-busy", "true");
    try {
      for (let next = link.href; next;) {
        const answer = await fetch(next);
        if (!answer.ok) throw answer;
        parts.push(await answer.arrayBuffer());
        next = /<([^>]*)>; rel="next"/.exec(answer.headers.get("Link") || "")?.[1];
      }
      const file = URL.createObjectURL(new Blob(parts, { type: "text/csv" }));
      Object.assign(document.createElement("a"), { href: file, download: link.pathname.split("/").at(-2) + ".csv" }).click();
      setTimeout(() => URL.revokeObjectURL(file), 60000);
    } catch {
      toast($("#toasts").dataset.failed);
    }
    link.removeAttribute("aria-busy");
  });

  // Texts to use again: a slash in the empty field, or a press, opens them; typing finds, arrows go, Enter takes.
  function offerTexts(event) {
    const menu = $("[data-texts]");
    if (!menu || event.key !== "/" || !event.target.matches("[data-write]") || event.target.value) return false;
    event.preventDefault();
    menu.open = true;
    $("[data-find]", menu)?.focus(); // at once: who types on at this very moment types there
    return true;
  }

  const found = (menu) => $$("[data-insert]", menu).filter((text) => !text.hidden);

  function find(field) {
    const menu = field.closest("[data-texts]");
    const word = field.value.trim().toLowerCase();
    $$("[data-insert]", menu).forEach((text) => { text.hidden = !text.textContent.toLowerCase().includes(word); });
    $$(".whole", menu).forEach((text) => text.classList.remove("whole"));
    if (word) found(menu)[0]?.classList.add("whole");
    $("[data-none]", menu).hidden = found(menu).length > 0;
  }

  function goThroughTexts(event) {
    const menu = event.target.closest("[data-texts]");
    if (!menu || !event.target.matches("[data-find], [data-insert]")) return false;
    const texts = found(menu);
    const here = texts.indexOf(event.target);
    if (event.key === "Enter" && here < 0) {
      event.preventDefault();
      if (texts.length) insert(texts[0]);
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      texts[Math.min(here + 1, texts.length - 1)]?.focus();
    } else if (event.key === "ArrowUp") {
      event.preventDefault();
      (texts[here - 1] || $("[data-find]", menu)).focus();
    } else {
      return false;
    }
    return true;
  }

  document.addEventListener("toggle", (event) => {
    if (!event.target.matches("[data-texts]")) return;
    const field = $("[data-find]", event.target);
    if (event.target.open) return field.focus();
    field.value = "";
    find(field);
  }, true);

  // What is searched for is not what is written: it is kept from whoever keeps that.
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-find]")) return;
    event.stopPropagation();
    find(event.target);
  }, true);

  // How much of the room is used: shown near its end, read out now and then.
  const ROOM = 5000;
  const NEAR = 4000;
  let readOut = 0;
  function count() {
    const [field, shown] = [$("[data-write]"), $("[data-count]")];
    if (!field || !shown) return;
    const length = [...field.value].length;
    const fill = (text) => text.replace("{n}", length.toLocaleString(document.documentElement.lang));
    shown.hidden = length < NEAR;
    shown.textContent = length < NEAR ? "" : fill(length > ROOM ? shown.dataset.over : shown.dataset.count);
    shown.classList.toggle("bad", length > ROOM);
    const step = length < NEAR ? 0 : length > ROOM ? ROOM : Math.floor(length / 250);
    if (step !== readOut) $("[data-count-said]").textContent = shown.textContent;
    readOut = step;
  }
  document.addEventListener("input", (event) => { if (event.target.matches("[data-write]")) count(); });
  document.addEventListener("htmx:after:swap", count);
  count();

  document.addEventListener("click", (event) => {
    const drop = event.target.closest("[data-unmedia]");
    if (!drop) return;
    const { media } = drop.closest("form").elements;
    media.value = media.value.split(/\s+/).filter((url) => url && url !== drop.dataset.unmedia).join("\n");
    media.focus();
    typed(media);
  });

  // Sending: what is said stands in the thread at once; what could not be said is in its field again.
  let saidAtOnce = "";
  document.addEventListener("htmx:before:request", (event) => {
    const form = event.detail.ctx.sourceElement;
    if (!form.matches("form[data-composer]")) return;
    $("[data-send]", form).setAttribute("aria-busy", "true");
    const field = $("[data-write]", form);
    saidAtOnce = form.elements.message ? "" : field.value;
    if (!saidAtOnce.trim()) return;
    const line = $("#saying").content.cloneNode(true);
    $(".bubble", line).textContent = saidAtOnce;
    if (!$("#talk ol")) $("#talk .state").replaceWith(Object.assign(document.createElement("ol"), { className: "talk" }));
    $("#talk ol").append(line);
    $(".scroll").scrollTop = 0;
    field.value = "";
    count();
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const form = event.detail.ctx.sourceElement;
    if (!form.matches("form[data-composer]") || !form.isConnected) return;
    $("[data-send]", form).removeAttribute("aria-busy");
    $("#m-new")?.remove();
    const field = $("[data-write]", form);
    if (saidAtOnce) field.value = [saidAtOnce, field.value].filter(Boolean).join("\n");
    saidAtOnce = "";
    field.focus();
    typed(field);
  });

  // The keyboard.
  const rows = () => $$("[data-row]");
  const linkOf = (row) => $("a", row);
  const rowAtHand = () => document.activeElement.closest("[data-row]") || null;

  function move(by) {
    const all = rows();
    if (!all.length) return;
    const here = all.indexOf(rowAtHand());
    const start = here < 0 ? all.findIndex((row) => $("[aria-current]", row)) : here;
    const next = start < 0 ? 0 : Math.min(Math.max(start + by, 0), all.length - 1);
    linkOf(all[next]).focus({ preventScroll: true });
    all[next].scrollIntoView({ block: "nearest" });
  }

  function showKeys() {
    closeMenus();
    const keys = $("#keys");
    if (keys && !keys.open) keys.showModal();
  }

  function leave() {
    const open = $("details[data-menu][open]");
    if (open) {
      open.open = false;
      (open.matches("[data-texts]") ? $("[data-write]") : $("summary", open)).focus();
    } else if (document.activeElement.matches("input, textarea, select")) {
      document.activeElement.blur();
    } else if ($("#about.open") && wayToAbout()) {
      foldAbout();
    } else {
      untick();
    }
  }

  function tickRow() {
    const tick = rowAtHand() && $("[name=fan]", rowAtHand());
    if (tick) tick.click();
  }

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    x: tickRow,
    e: () => $("[data-archive]")?.click(),
    i: foldAbout,
    "?": showKeys,
    "/": () => {
      const search = $("[data-search]");
      if (search) search.focus(), search.select();
    },
  };

  let waitingForPage = -Infinity; // times begin with the page
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || $("dialog[open]")) return;
    if (event.key === "Escape") return leave();
    const form = event.target.closest("[data-submit]")?.closest("form");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) {
      event.preventDefault();
      return form.requestSubmit();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || offerTexts(event) || goThroughTexts(event)) return;
    if (event.target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    if (rowAtHand()?.closest(".list") && /^Arrow(Up|Down)$/.test(event.key)) {
      event.preventDefault();
      return move(event.key === "ArrowDown" ? 1 : -1);
    }
    const page = event.timeStamp - waitingForPage < 1500 && $(`[data-go="${CSS.escape(event.key)}"]`);
    waitingForPage = event.key === "g" ? event.timeStamp : -Infinity;
    if (page) return page.click();
    if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });

  showSelection();
  // On a phone the sections of the settings are a row that is wider than the screen.
  $(".sections [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  $(".list [aria-current=page]")?.scrollIntoView({ block: "nearest" });
})();
