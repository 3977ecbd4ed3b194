// What moves in the inbox without a person moving it: it glides to its place, or waits where somebody is reading.
(() => {
  "use strict";
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
  const noMotion = matchMedia("(prefers-reduced-motion: reduce)");
  const rows = () => $$("#conversations [data-row]");
  const newer = () => $("[data-newer]");
  const isOfList = (id) => id === "conversations" || id === "list";

  function scroller() {
    const list = $(".list");
    return list.scrollHeight > list.clientHeight ? list : document.scrollingElement;
  }

  const atTop = () => scroller().scrollTop < 8;

  // What is there is told anew in its place, and what belongs on top waits there behind a button. So it is for who asked
  // for no motion, wherever they are.
  function holdStill({ fragment }) {
    const [shown, coming] = [$("#conversations ul"), $("ul", fragment)];
    if (!shown || !coming || (atTop() && !noMotion.matches)) return;
    const top = shown.dataset.top || shown.firstElementChild.dataset.place;
    const anew = new Map([...coming.children].map((row) => [row.id, row]));
    tellNewer([...anew.values()].filter((row) => row.dataset.place > top && !isOpenIn(shown, row)).length);
    coming.replaceChildren(...[...shown.children].map((row) => anew.get(row.id) || row.cloneNode(true)));
    coming.dataset.top = top;
  }

  // What is new in the open conversation is seen beside the list.
  const isOpenIn = (shown, row) => $("[aria-current]", row) && [...shown.children].some(({ id }) => id === row.id);

  function tellNewer(count) {
    const { one, other } = newer().dataset;
    $("a", newer()).textContent = count === 1 ? one : other.replace("{n}", count.toLocaleString(document.documentElement.lang));
    newer().hidden = count === 0;
  }

  // What gets another place starts where it stood, and is over its way before anybody reaches for it: rows of the list, and
  // what stands about the fan.
  const WAY = { duration: 140, easing: "ease-out" };
  const movable = () => $$("#conversations [data-row], #about-fan > section, #about-fan li");
  let stood = new Map();

  const topOf = (element) => element.getBoundingClientRect().top;
  const notePlaces = () => { stood = new Map(movable().map((element) => [element, topOf(element)])); };

  function glide() {
    if (noMotion.matches) return;
    const now = movable();
    now.flatMap((element) => element.getAnimations()).forEach((way) => way.cancel());
    const moved = new Map(now.filter((element) => stood.has(element)).map((element) => [element, stood.get(element) - topOf(element)]));
    for (const [element, whole] of moved) {
      const by = whole - (moved.get(element.parentElement.closest("section")) || 0);
      if (by) element.animate({ translate: [`0 ${by}px`, "0"] }, WAY);
    }
  }

  const moves = (id = "") => isOfList(id) || id.startsWith("fan-");
  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx, tasks } = event.detail;
    const list = tasks.find(({ target }) => target?.id === "conversations");
    if (list && !isOfList(ctx.target?.id)) holdStill(list);
    if (tasks.some(({ target }) => moves(target?.id))) notePlaces();
  });
  // Before the next frame: htmx says later that all of it is done.
  document.addEventListener("htmx:before:settle", (event) => { if (moves(event.target.id)) glide(); });

  document.addEventListener("htmx:after:swap", () => {
    if (newer() && !$("#conversations ul")?.dataset.top) newer().hidden = true;
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-newer]")) return;
    newer().hidden = true;
    scroller().scrollTop = 0;
    $("#conversations [data-row] a")?.focus({ preventScroll: true });
  });

  document.addEventListener("scroll", ({ target }) => {
    if ((target === document ? document.scrollingElement : target) !== scroller()) return;
    if (newer() && !newer().hidden && atTop()) $("a", newer()).click();
  }, true);
})();
