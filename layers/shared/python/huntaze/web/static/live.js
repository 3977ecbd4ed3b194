// What is new in the inbox: asked for again and again, told quietly, never in the way of who reads or writes.
(() => {
  "use strict";
  const EVERY = 4_000, IN_BACKGROUND = 20_000, LONGEST = 60_000, PATIENCE = 10_000, TOAST = 10_000, AT_THE_END = 40;
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const words = $("#heard").dataset;
  const open = () => $("#thread").dataset.thread || "";
  const field = () => $("[data-write]");
  const isAsking = (event) => event.detail.ctx?.sourceElement?.id === "live";

  // Asking: every few seconds, more seldom in the background and while nobody answers, at once when it may matter.
  let timer = 0, failures = 0, ended = false, swappedUnseen = false;

  function soon() {
    clearTimeout(timer);
    const pause = Math.min(EVERY * 2 ** failures, LONGEST);
    if (!ended) timer = setTimeout(ask, document.hidden ? Math.max(pause, IN_BACKGROUND) : pause);
  }

  function ask() {
    clearTimeout(timer);
    if (ended) return;
    if ($("#live").hasAttribute("hx-get")) htmx.trigger($("#live"), "ask");
    else soon();
  }

  document.addEventListener("htmx:config:request", (event) => {
    const { request } = event.detail.ctx;
    if (event.detail.ctx.sourceElement.matches("form .composer")) unkept = false;
    if (!isAsking(event)) return;
    request.timeout = PATIENCE;
    if (document.hidden) request.headers["X-Unseen"] = "1";
    else if (swappedUnseen) delete request.headers["If-None-Match"]; // so that it is read by being seen
  });

  document.addEventListener("htmx:after:request", (event) => {
    if (!isAsking(event) || event.detail.ctx.response.status >= 400) return;
    failures = 0;
    if ($("#toasts [data-stale]")) clear();
  });

  function unanswered(event) {
    if (!isAsking(event)) return;
    event.preventDefault();
    const status = event.detail.ctx.response?.status;
    if (status === 403 || status === 404) return stop(words.gone, words.reload, location.href);
    failures += 1;
    if (failures > 1 && !$("#toasts form, #toasts [data-stale]")) toast([words.stale], "warning").dataset.stale = "";
  }
  document.addEventListener("htmx:response:error", unanswered, true);
  document.addEventListener("htmx:error", unanswered, true);
  document.addEventListener("htmx:finally:request", (event) => { if (isAsking(event)) soon(); });
  addEventListener("online", ask);

  // A session that has ended sends nobody away from what they are typing.
  document.addEventListener("htmx:before:response", (event) => {
    const { hx, sourceElement } = event.detail.ctx;
    if (!hx.redirect?.startsWith("/sign-in") || !sourceElement.matches("#live, #pace, .composer")) return;
    event.preventDefault();
    stop(words.ended, words.signIn, "/sign-in?next=" + encodeURIComponent(location.pathname + location.search));
  });

  function stop(text, next, address) {
    ended = true;
    clearTimeout(timer);
    const link = document.createElement("a");
    link.href = address;
    link.textContent = next;
    toast([text, " ", link], "warning");
  }

  // Toasts: one at a time, and none in the place of one that somebody is to read.
  let leaving = 0;

  function toast(content, tone = "") {
    const shown = document.createElement("div"), text = document.createElement("p"), dismiss = document.createElement("button");
    shown.className = `toast ${tone}`;
    text.append(...content);
    dismiss.type = "button";
    dismiss.className = "link";
    dismiss.dataset.dismiss = "";
    dismiss.textContent = $("#toasts").dataset.dismiss;
    shown.append(text, dismiss);
    clearTimeout(leaving);
    $("#toasts").replaceChildren(shown);
    return shown;
  }

  const clear = () => $("#toasts").replaceChildren();

  function leaveSoon() {
    clearTimeout(leaving);
    leaving = setTimeout(() => {
      if ($("#toasts [data-new]")?.matches(":hover, :focus-within")) leaveSoon();
      else if ($("#toasts [data-new]")) clear(), waiting.clear();
    }, TOAST);
  }

  // What came in elsewhere.
  const arrivals = () => new Map($$("#live [data-arrival]").map((each) => [each.id, Number(each.dataset.arrival)]));
  const newestAt = () => Math.max(0, ...$$("#live [data-at]").map((each) => Number(each.dataset.at)));
  let known = arrivals(), knownAt = newestAt(); // what moves up because others were read is not new
  const waiting = new Map();

  function inSight(id) {
    const row = document.getElementById(id.replace("a-", "c-"));
    if (!row || !row.checkVisibility()) return false;
    const { top, bottom } = row.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  }

  function isNew(id, unread) {
    if (known.has(id)) return unread > known.get(id);
    return Number(document.getElementById(id).dataset.at) > knownAt;
  }

  function tellArrivals() {
    const now = arrivals();
    const news = [...now].filter(([id, unread]) => isNew(id, unread) && (open() || !inSight(id)));
    news.forEach(([id, unread]) => waiting.set(id, (waiting.get(id) || 0) + unread - (known.get(id) || 0)));
    known = now;
    knownAt = Math.max(knownAt, newestAt());
    [...waiting.keys()].filter((id) => !now.has(id)).forEach((id) => waiting.delete(id));
    if (!waiting.size && $("#toasts [data-new]")) return clear();
    if (!news.length || $("#toasts .toast:not([data-new])")) return;
    toast([linkTo(news)]).dataset.new = "";
    leaveSoon();
  }

  function linkTo(news) {
    const link = document.getElementById(news[0][0]).cloneNode(true);
    link.removeAttribute("id");
    if (waiting.size === 1) return link;
    const count = [...waiting.values()].reduce((sum, each) => sum + each, 0);
    link.href = location.pathname + "?unread=1";
    link.textContent = words.many.replace("{n}", count.toLocaleString(document.documentElement.lang));
    return link;
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("#toasts [data-dismiss]")) waiting.clear();
  }, true);

  // The open thread: who is at its end stays there, who reads further up is told and not moved.
  const lines = () => $$("#talk li[id^=m-]:not(#m-new)"); // without what is only being sent
  const isUp = () => $(".scroll") && $(".scroll").scrollTop < -AT_THE_END;
  let last = lines().at(-1)?.id, wasUp = false;

  document.addEventListener("htmx:before:swap", (event) => {
    const { tasks } = event.detail;
    const goesTo = (id) => tasks.find(({ target }) => target?.id === id);
    const next = goesTo("live") && $("#live", goesTo("live").fragment);
    // An answer of the thread that was open when it was asked for has no place in this one.
    if (next && !goesTo("thread") && next.dataset.thread !== open()) return event.preventDefault();
    if (isAsking(event) && isOfAnotherList(event.detail.ctx)) return event.preventDefault();
    if (isAsking(event)) swappedUnseen = document.hidden;
    wasUp = isUp();
    if (!wasUp) holdStill();
    if (wasUp && goesTo("talk")) keepOlder(goesTo("talk").fragment);
  });

  // What is at its very end would be moved by a new line. One pixel above it the browser holds it where it stands, and
  // then the thread is scrolled to the new line; so is one that begins to be longer than its place.
  let fitted = false;

  function holdStill() {
    const place = $(".scroll");
    fitted = place && place.scrollHeight <= place.clientHeight;
    if (place) place.scrollTop = -1;
  }

  function toTheEnd() {
    const place = $(".scroll");
    if (!place) return;
    place.scrollTop = fitted ? place.clientHeight - place.scrollHeight : 0;
    if (place.scrollTop) requestAnimationFrame(() => { place.scrollTop = 0; });
  }

  const isOfAnotherList = ({ request }) => new URL($("#live").getAttribute("hx-get"), location).href !== new URL(request.action, location).href;

  function keepOlder(fragment) {
    const list = $("ol.talk", fragment), first = list && $("li[id^=m-]", list);
    const old = first && document.getElementById(first.id);
    if (!old) return;
    if (!document.getElementById(first.id.replace("m-", "d-"))) $(".day", list)?.remove();
    const all = [...old.parentNode.children];
    const from = all.indexOf(old) - (old.previousElementSibling?.matches(".day") ? 1 : 0);
    list.prepend(...all.slice(0, from).map((each) => each.cloneNode(true)));
  }

  function tellLines() {
    const now = lines(), newest = now.at(-1);
    if (!newest || newest.id === last) return;
    const before = now.findIndex(({ id }) => id === last);
    const added = now.slice(before < 0 ? -1 : before + 1);
    last = newest.id;
    const said = added.filter((line) => line.matches(".in")).at(-1);
    if (said) $("#heard").textContent = $(".sr", said).textContent + " " + ($(".bubble", said)?.textContent || "");
    const another = added.filter((line) => line.matches("[data-another]")).at(-1);
    if (another && field()?.value) toast([words.answered.replace("{name}", $(".hint bdi", another)?.textContent || "")], "warning");
    if (wasUp) $(".jump").hidden = false;
  }

  document.addEventListener("scroll", (event) => {
    if (event.target.matches?.(".scroll") && !isUp()) $(".jump").hidden = true;
  }, true);

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-jump]")) return;
    $(".scroll").scrollTop = 0;
    $(".scroll").focus({ preventScroll: true });
  });

  // After anything has changed. The title comes last, for htmx writes it last.
  let here = open();

  document.addEventListener("htmx:after:swap", () => {
    if (open() === here && !wasUp) toTheEnd();
    if (open() === here) return tellLines(), tellArrivals();
    here = open();
    last = lines().at(-1)?.id;
    [waiting, known].forEach((each) => each.delete(`a-${here}`));
    clear();
    tellArrivals();
    soon();
  });

  function tellUnread() {
    const unread = Number($("#live").dataset.unread);
    document.title = (unread ? `(${unread}) ` : "") + document.title.replace(/^\(\d+\) /, "");
    $("[data-count-unread]").textContent = unread.toLocaleString(document.documentElement.lang);
  }
  document.addEventListener("htmx:finally:swap", tellUnread);

  // Being there, or not: the others are told, and what was typed in the last moment goes along.
  let unkept = false;
  document.addEventListener("input", (event) => { if (event.target.closest(".composer")) unkept = true; });

  function leave(forNow) {
    const form = $("#composer form"), csrf = $("#thread [name=csrf]")?.value;
    if (!open() || !csrf) return;
    const told = new URLSearchParams(unkept && form ? new FormData(form) : { csrf });
    if (forNow) told.set("for_now", "1");
    unkept = false;
    navigator.sendBeacon(`/messages/onlyfans/${open()}/leaving`, told);
  }

  document.addEventListener("htmx:before:request", (event) => {
    const { target, sourceElement } = event.detail.ctx;
    if (target?.id === "thread") leave(false);
    // What is being sent is not kept as unsent.
    if (sourceElement.matches("form .composer") && sourceElement.closest("form").matches(".htmx-request")) event.preventDefault();
  });
  addEventListener("pagehide", () => leave(false));
  addEventListener("pageshow", (event) => { if (event.persisted) ask(); });
  document.addEventListener("visibilitychange", () => document.hidden ? leave(true) : ask());

  // Back and forward within the inbox change the thread alone, as going there did.
  const INBOX = /^\/(messages\/onlyfans|onlyfans\/inbox)(\/[0-9a-f-]{36})?(\?|$)/;
  document.addEventListener("htmx:before:history:restore", (event) => {
    const { path } = event.detail;
    if (!INBOX.test(path)) return;
    event.preventDefault();
    htmx.ajax("GET", path, { target: "#thread", swap: "outerHTML", headers: { "HX-Target": "div#thread" } }).then(() => {
      if (open() !== (path.match(INBOX)[2] || "").slice(1)) location.reload();
    });
  });

  tellUnread();
  soon();
})();
