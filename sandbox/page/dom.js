// Small helpers to build elements. Text always goes in as text nodes, never as markup,
// and looks are chosen by class, so that the page works under a strict content policy.

export function h(spec, props = {}, ...children) {
  const [tag, ...classes] = spec.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  if (tag === "button" && !("type" in props)) element.type = "button";
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2).toLowerCase(), value);
    else if (name === "class") element.classList.add(...value.split(" ").filter(Boolean));
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

// Line icons on a 24 × 24 grid. A path that starts with "!" is filled instead of stroked.
const ICONS = {
  attach: ["M19.5 11.5 12 19a4.6 4.6 0 0 1-6.5-6.5l8-8a3.1 3.1 0 0 1 4.4 4.4l-7.9 7.9a1.6 1.6 0 0 1-2.2-2.2l7-7"],
  back: ["M14.5 5.5 8 12l6.5 6.5"],
  block: ["M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16z", "m6.5 6.5 11 11"],
  check: ["m5.5 12.5 4.2 4.2 8.8-9.2"],
  close: ["m6.5 6.5 11 11", "m17.5 6.5-11 11"],
  contact: ["M12 12.2a3.8 3.8 0 1 0 0-7.6 3.8 3.8 0 0 0 0 7.6z", "M4.8 19.6c.9-3 3.7-4.6 7.2-4.6s6.3 1.6 7.2 4.6"],
  copy: ["M9 9.5A1.5 1.5 0 0 1 10.5 8h7A1.5 1.5 0 0 1 19 9.5v8a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 9 17.5z", "M15 5.5A1.5 1.5 0 0 0 13.5 4h-7A1.5 1.5 0 0 0 5 5.5v8A1.5 1.5 0 0 0 6.5 15"],
  document: ["M7 3.5h6.5L18.5 8.5V19a1.5 1.5 0 0 1-1.5 1.5H7A1.5 1.5 0 0 1 5.5 19V5A1.5 1.5 0 0 1 7 3.5z", "M13.5 3.5v5h5"],
  down: ["m6 9.5 6 6 6-6"],
  edit: ["m14.5 6 3.5 3.5", "M5 19l.9-4L15.8 5.1a1.6 1.6 0 0 1 2.3 0l.8.8a1.6 1.6 0 0 1 0 2.3L9 18.1z"],
  files: ["M8.5 7V5A1.5 1.5 0 0 1 10 3.5h5l4.5 4.5v7A1.5 1.5 0 0 1 18 16.5h-2", "M6 7.5h5.5L15.5 11.5V19A1.5 1.5 0 0 1 14 20.5H6A1.5 1.5 0 0 1 4.5 19V9A1.5 1.5 0 0 1 6 7.5z"],
  keyboard: ["M5.5 6h13A1.5 1.5 0 0 1 20 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 16.5v-9A1.5 1.5 0 0 1 5.5 6z", "M8 14.5h8", "M8 10h.1", "M12 10h.1", "M16 10h.1"],
  link: ["M8 16 16.5 7.5", "M9.5 7h7.5v7.5"],
  list: ["M5 6.5h.1", "M5 12h.1", "M5 17.5h.1", "M9 6.5h10.5", "M9 12h10.5", "M9 17.5h10.5"],
  mail: ["M5.5 6h13A1.5 1.5 0 0 1 20 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 16.5v-9A1.5 1.5 0 0 1 5.5 6z", "m4.5 7.5 7.5 6 7.5-6"],
  menu: ["M4.5 7h15", "M4.5 12h15", "M4.5 17h15"],
  moon: ["M19.5 14.3A8 8 0 0 1 9.7 4.5a8 8 0 1 0 9.8 9.8z"],
  more: ["!M12 4.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z", "!M12 10.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z", "!M12 16.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z"],
  photo: ["M6 4.5h12A1.5 1.5 0 0 1 19.5 6v12a1.5 1.5 0 0 1-1.5 1.5H6A1.5 1.5 0 0 1 4.5 18V6A1.5 1.5 0 0 1 6 4.5z", "m5 16.5 4.3-4.3 3.2 3.2 2.5-2.5 4 4", "M15 8.7h.1"],
  pin: ["m14.5 4 5.5 5.5-3.2 1-3 3-.3 4L6.5 10.5l4-.3 3-3z", "m10 14-5.5 5.5"],
  place: ["M12 21c4.5-4.8 6.5-8.3 6.5-11.2a6.5 6.5 0 0 0-13 0C5.5 12.7 7.5 16.2 12 21z", "M12 12a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z"],
  play: ["!M8.5 5.8v12.4a.8.8 0 0 0 1.2.7l9.6-6.2a.8.8 0 0 0 0-1.4L9.7 5.1a.8.8 0 0 0-1.2.7z"],
  plus: ["M12 5v14", "M5 12h14"],
  reply: ["M10 6 4.5 11.5 10 17", "M5 11.5h7.5c4 0 6.5 2 7 6.5"],
  send: ["!M3.6 19.9 20.9 12.5a.6.6 0 0 0 0-1L3.6 4.1a.5.5 0 0 0-.7.6L5.2 11l8 1-8 1-2.3 6.3a.5.5 0 0 0 .7.6z"],
  sticker: ["M12.5 20A8 8 0 1 1 20 12.5c-4.5-.5-7.5 3-7.5 7.5z", "M9 10.5h.1", "M14.5 10h.1"],
  sun: ["M12 8.3a3.7 3.7 0 1 0 0 7.4 3.7 3.7 0 0 0 0-7.4z", "M12 3v2", "M12 19v2", "M3 12h2", "M19 12h2", "m5.6 5.6 1.4 1.4", "m17 17 1.4 1.4", "m5.6 18.4 1.4-1.4", "m17 7 1.4-1.4"],
  trash: ["M5 7h14", "M9.5 7V5.5A1 1 0 0 1 10.5 4.5h3a1 1 0 0 1 1 1V7", "m7 7 .8 11.6A1 1 0 0 0 8.8 19.5h6.4a1 1 0 0 0 1-.9L17 7"],
  voice: ["M12 4a2.8 2.8 0 0 0-2.8 2.8v4.4a2.8 2.8 0 0 0 5.6 0V6.8A2.8 2.8 0 0 0 12 4z", "M6.5 11.5a5.5 5.5 0 0 0 11 0", "M12 17v3"],
};

export function icon(name, extraClass = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon ${extraClass}`.trim());
  svg.setAttribute("aria-hidden", "true");
  for (const shape of ICONS[name]) {
    const path = document.createElementNS(SVG, "path");
    const filled = shape.startsWith("!");
    path.setAttribute("d", filled ? shape.slice(1) : shape);
    path.setAttribute("class", filled ? "solid" : "line");
    svg.append(path);
  }
  return svg;
}

export function iconButton(name, label, props = {}) {
  return h("button.icon-button", { "aria-label": label, title: label, ...props }, icon(name));
}

// A bot is always blue, so that it never looks like one of the personas.
export const BOT_TINT = 5;

// A round badge with a person's or a bot's initials; the tint follows the id, as on Telegram.
export function avatar(name, id, extraClass = "") {
  return h("span.avatar", { class: `tint-${Math.abs(Number(id) || 0) % 7} ${extraClass}`, "aria-hidden": "true" }, initials(name));
}

function initials(name) {
  const words = String(name ?? "").split(/[\s_]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = words.map((word) => [...word.replace(/^[^\p{L}\p{N}]+/u, "")][0] ?? "");
  const picked = letters.length > 1 ? [letters[0], letters[letters.length - 1]] : letters;
  return picked.join("").toUpperCase() || "?";
}

export function show(element, visible) {
  element.hidden = !visible;
}

// Browsers give the clipboard only to secure pages; on plain http from another machine
// the old selection way still works.
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = h("textarea.offscreen", { readonly: true, "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
