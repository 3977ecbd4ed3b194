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
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx?.target?.id !== "composer") return;
    $("[data-write]")?.focus();
    $(".scroll").scrollTop = 0;
  });

  // Home and the pace of the account are news for eyes only.
  document.addEventListener("htmx:config:request", (event) => {
    if (document.hidden && ["home-live", "pace"].includes(event.detail.ctx.sourceElement.id)) event.preventDefault();
  });

  function insert(reply) {
    const field = $("[data-write]");
    if (field.value === "/") field.value = "";
    field.setRangeText($("span", reply).textContent, field.selectionStart, field.selectionEnd, "end");
    field.form.elements.reply.value = reply.dataset.insert;
    closeMenus();
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function offerReplies(event) {
    const menu = $("[data-replies]");
    if (!menu || event.key !== "/" || !event.target.matches("[data-write]") || event.target.value) return false;
    event.preventDefault();
    menu.open = true;
    $("a", menu).focus();
    return true;
  }

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
      $("summary", open).focus();
    } else if (document.activeElement.matches("input, textarea, select")) {
      document.activeElement.blur();
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
    "?": showKeys,
    "/": () => {
      const search = $("[data-search]");
      if (search) search.focus(), search.select();
    },
  };

  let waitingForPage = 0;
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || $("dialog[open]")) return;
    if (event.key === "Escape") return leave();
    const form = event.target.closest("[data-submit]")?.closest("form");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) {
      event.preventDefault();
      return form.requestSubmit();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || offerReplies(event)) return;
    if (event.target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    if (rowAtHand()?.closest(".list") && /^Arrow(Up|Down)$/.test(event.key)) {
      event.preventDefault();
      return move(event.key === "ArrowDown" ? 1 : -1);
    }
    const page = event.timeStamp - waitingForPage < 1500 && $(`[data-go="${CSS.escape(event.key)}"]`);
    waitingForPage = event.key === "g" ? event.timeStamp : 0;
    if (page) return page.click();
    if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });

  showSelection();
  // On a phone the sections of the settings are a row that is wider than the screen.
  $(".sections [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
})();
