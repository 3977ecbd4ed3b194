// Looks at a page as it stands. Every function tells what is wrong, in words.

const told = (element) => `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") || ""}"> ${element.textContent.trim().slice(0, 60)}`;
const elements = () => [...document.querySelectorAll("body, body *")];

// 1. What is on the page is of our own making.
const NEVER = `script:not([src^="/static/"]), link:not([href^="/static/"]), iframe, frame, frameset, object, embed, img, image,
  video, audio, source, style, base, math, marquee, plaintext, xmp, listing, template:not(#saying), foreignObject, animate, set,
  meta[http-equiv], [style], [srcdoc], [background], [hx-swap-oob], [hx-vals], [hx-live]`;

function notOurs() {
  const found = [...document.querySelectorAll(NEVER)].map((each) => `not ours: ${each.outerHTML.slice(0, 200)}`);
  for (const each of document.querySelectorAll("*")) {
    for (const { name, value } of each.attributes) {
      if (/^on|^(data-)?hx-on|^v-|^x-/.test(name)) found.push(`not ours: ${name} on ${told(each)}`);
      if (/^((data-)?hx-(get|post|put|delete|patch|push-url)|formaction)/.test(name) && !/^(\/(?!\/)|true$|false$)/.test(value)) found.push(`leads away: ${name}="${value}"`);
    }
    const address = each.href?.baseVal ?? each.href ?? (each.tagName === "FORM" ? each.getAttribute("action") || location.href : "");
    if (!address) continue;
    const { protocol, origin } = new URL(address, location.href);
    const outside = each.tagName === "A" && each.target === "_blank" && protocol === "https:" && /noopener/.test(each.rel);
    if (origin !== location.origin && !outside) found.push(`leads away: ${address} in ${told(each)}`);
  }
  return found;
}

// 2. Nothing is wider than its place, and nothing that can be pressed is out of reach.
const SCROLLS_ON_PURPOSE = ".sections ul, .scrolls, textarea, input, select, [data-scrolls]";
const shown = (element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) && element.getClientRects().length > 0;
const isCut = (style) => style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none" || style.clipPath !== "none";

// The nearest pane around an element that cuts off what is wider. Asked of every element, so each is looked up once.
const panes = new Map();
const cuts = (element) => getComputedStyle(element).overflowX !== "visible";

function paneOf(element) {
  const above = element.parentElement;
  if (!above || cuts(above)) return above;
  if (!panes.has(above)) panes.set(above, paneOf(above));
  return panes.get(above);
}

function clipOf(element) {
  const above = element.parentElement;
  return getComputedStyle(element).position === "fixed" && above && !cuts(above) ? null : paneOf(element);
}

function outOfPlace() {
  const found = [];
  const { scrollWidth } = document.scrollingElement;
  if (scrollWidth > innerWidth) found.push(`the page is ${scrollWidth} wide, the window ${innerWidth}`);
  for (const each of elements().filter(shown)) {
    const style = getComputedStyle(each);
    if (/auto|scroll/.test(style.overflowX) && each.scrollWidth > each.clientWidth + 1 && !each.matches(SCROLLS_ON_PURPOSE)) {
      found.push(`can be scrolled sideways: ${told(each)}`);
    }
    const clip = clipOf(each);
    const { left, right, width } = each.getBoundingClientRect();
    if (width < 2 && each.matches("a, button, summary") && !each.closest(".skip")) found.push(`cannot be seen, nor pressed: ${each.outerHTML.slice(0, 100)}`);
    if (width <= 1) continue;
    const edges = clip ? clip.getBoundingClientRect() : { left: 0, right: innerWidth };
    if (left >= edges.left - 1 && right <= edges.right + 1) continue;
    if (!clip) found.push(`reaches out of the window (${Math.round(left)} to ${Math.round(right)}): ${told(each)}`);
    else if (each.matches("a, button, input, select, textarea, summary") && !isCut(getComputedStyle(clip)) && !clip.closest(SCROLLS_ON_PURPOSE)) {
      found.push(`reaches out of its pane (${Math.round(left)} to ${Math.round(right)} in ${Math.round(edges.left)} to ${Math.round(edges.right)}): ${told(each)}`);
    }
  }
  return found;
}

// Towers of accents are cut off where their own text ends, instead of standing on somebody else's.
function towering() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!/\p{Mn}{8}/u.test(node.data) || !shown(node.parentElement) || node.parentElement.closest("option, textarea, .sr")) continue;
    let own = node.parentElement;
    while (own.parentElement && getComputedStyle(own).overflowY === "visible" && own.parentElement.getBoundingClientRect().height < 1.5 * own.getBoundingClientRect().height) own = own.parentElement;
    if (getComputedStyle(own).overflowY === "visible" && getComputedStyle(own.parentElement).overflowY !== "hidden") found.push(`stands on its neighbours: ${told(own)}`);
  }
  return found;
}

// 3. Rows of a list are as high as each other, whoever is in them.
const ALIKE = [".rows tbody tr", ".list li"];

function uneven() {
  return ALIKE.flatMap((selector) => {
    const heights = [...document.querySelectorAll(selector)].filter(shown).map((row) => [row.getBoundingClientRect().height, row]);
    heights.sort(([a], [b]) => a - b);
    if (!heights.length || heights.at(-1)[0] - heights[0][0] <= 1) return [];
    return [`rows are ${Math.round(heights[0][0])} to ${Math.round(heights.at(-1)[0])} high: ${told(heights.at(-1)[1])}`];
  });
}

// 4. Our own words read from left to right, and stand behind what they stand behind.
const THEIRS = /[\p{Bidi_Control}\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u2028\u2029]|[\u{10800}-\u{10fff}]|[\u{1e800}-\u{1efff}]/u;

function lines(node, from = 0, to = node.length) {
  const range = document.createRange();
  range.setStart(node, from);
  range.setEnd(node, to);
  return [...range.getClientRects()].filter((each) => each.width > 0);
}

const blockOf = (node) => {
  let above = node.parentElement;
  while (/^(inline|contents)$/.test(getComputedStyle(above).display)) above = above.parentElement;
  return above;
};
const sameLine = (a, b) => Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > Math.min(a.height, b.height) / 2;

function isReversed(node) {
  const word = /[A-Za-zÀ-ÿ]{2}/.exec(node.data);
  if (!word) return false;
  const [[first], [second]] = [lines(node, word.index, word.index + 1), lines(node, word.index + 1, word.index + 2)];
  return Boolean(first && second && sameLine(first, second) && second.left < first.left);
}

function outOfOrder() {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let before = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.trim() || !shown(node.parentElement) || node.parentElement.closest("option, textarea, .sr")) continue;
    const block = blockOf(node);
    const rects = lines(node);
    const theirs = THEIRS.test(node.data);
    const apart = node.parentElement.closest("bdi"); // all of it is theirs
    if (!theirs && !apart && isReversed(node)) found.push(`reversed: ${node.data.trim().slice(0, 60)} in ${told(block)}`);
    if (before && before.block === block && rects.length && !(apart && apart === before.apart)) {
      const behind = before.rects.filter((each) => sameLine(each, rects[0]));
      if (behind.some((each) => rects[0].left < each.right - 1)) found.push(`out of order: ${node.data.trim().slice(0, 60)} in ${told(block)}`);
    }
    before = { block, rects, apart };
  }
  return found;
}

// 5. Where no element keeps a name apart, what turns is closed again behind it: titles, labels, choices.
function isOpen(text) {
  const open = [];
  for (const letter of text) {
    if (/[\u202a\u202b\u202d\u202e\u2066-\u2068]/.test(letter)) open.push(letter < "\u2066" ? "embedding" : "isolate");
    if (letter === "\u202c" && open.at(-1) === "embedding") open.pop();
    if (letter === "\u2069" && !open.includes("isolate")) return true;
    if (letter === "\u2069") open.length = open.lastIndexOf("isolate");
  }
  return open.length > 0;
}

function turned(strings) {
  const texts = [document.title];
  for (const each of document.querySelectorAll("[aria-label]")) texts.push(each.getAttribute("aria-label"));
  for (const each of document.querySelectorAll("option")) texts.push(each.textContent);
  return texts.filter((text) => isOpen(text) && !strings.includes(text)).map((text) => `turns what is around it: ${escape(text.slice(0, 80))}`);
}

// What stands anywhere on the page, letter for letter as far as HTML tells letters apart.
const plain = (text) => text.replace(/\r\n?/g, "\n");

function unseen(strings) {
  const there = new Set();
  for (const each of document.querySelectorAll("body *")) {
    if ([...each.children].every((child) => child.tagName === "WBR")) there.add(each.textContent).add(each.textContent.replace(/^@/, ""));
    for (const node of each.childNodes) if (node.nodeType === 3) there.add(node.data).add(node.data.trim());
    if ("value" in each) there.add(each.value);
  }
  return strings.filter((each) => !there.has(plain(each)) && !there.has(plain(each).trim()) && !there.has(plain(each).replaceAll("\n", "")));
}

function faults(strings) {
  return [...new Set([...notOurs(), ...outOfPlace(), ...towering(), ...uneven(), ...outOfOrder(), ...turned(strings)])];
}
