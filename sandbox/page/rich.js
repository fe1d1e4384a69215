// A message's text as nodes. The server's HTML is parsed in an inert document and only the
// allowed elements are built anew, without any attribute except a checked link address;
// whatever else comes in stays visible as plain text.

import { h } from "./dom.js";

const ALLOWED = { B: "b", STRONG: "b", I: "i", EM: "i", U: "u", INS: "u", S: "s", DEL: "s", CODE: "code", PRE: "pre", BLOCKQUOTE: "blockquote" };
const SAFE_LINK = /^(https?:\/\/|mailto:|tel:)/i;

// Telegram itself marks web addresses and bot commands in plain text, also when the bot did not.
const AUTO = /(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])|(^|[\s(])(\/[a-z0-9_]{1,32}(?:@\w{3,32})?)(?![\w/])/gi;

export function richText(message, { t, onCommand, onCopy, onLink }) {
  const tools = { t, onCommand, onCopy, onLink };
  const fragment = document.createDocumentFragment();
  if (message.html) {
    const parsed = new DOMParser().parseFromString(message.html, "text/html");
    for (const node of parsed.body.childNodes) appendSafe(fragment, node, tools, true);
  } else {
    appendText(fragment, message.text ?? "", tools);
  }
  return fragment;
}

function appendSafe(target, node, tools, autolink) {
  if (node.nodeType === Node.TEXT_NODE) {
    if (autolink) appendText(target, node.data, tools);
    else target.append(node.data);
    return;
  }
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  const built = rebuilt(node, tools);
  const inside = autolink && !["A", "CODE", "PRE"].includes(node.tagName);
  for (const child of node.childNodes) appendSafe(built ?? target, child, tools, inside);
  if (built) target.append(built);
}

function rebuilt(node, { t, onCopy, onLink }) {
  if (node.tagName === "A") {
    const address = (node.getAttribute("href") ?? "").trim();
    return SAFE_LINK.test(address) ? link(address, onLink) : h("span.mention");
  }
  if (node.tagName === "TG-SPOILER") return spoiler(t);
  if (node.tagName === "BR") return document.createTextNode("\n");
  const name = ALLOWED[node.tagName];
  if (!name) return null;
  const element = h(name);
  // As in Telegram, a tap on monospaced text copies it.
  if ((name === "code" && node.parentElement?.tagName !== "PRE") || name === "pre") {
    const text = node.textContent;
    element.classList.add("tap-copy");
    element.title = t("copy");
    element.addEventListener("click", (event) => {
      if (event.target.closest(".spoiler:not(.shown)")) return;
      onCopy(text);
    });
  }
  return element;
}

function spoiler(t) {
  const element = pressable("span.spoiler", { "aria-label": t("spoiler") }, () => {
    element.classList.add("shown");
    for (const name of ["role", "tabindex", "aria-label"]) element.removeAttribute(name);
  });
  return element;
}

// A button that flows with the text: a real button would not break like words do.
function pressable(spec, props, run) {
  return h(spec, {
    role: "button",
    tabindex: "0",
    ...props,
    onClick: run,
    onKeydown: (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      run();
    },
  });
}

export function link(address, onLink) {
  return h("a.link", {
    href: address,
    target: "_blank",
    rel: "noopener noreferrer",
    onClick: (event) => {
      if (onLink(address)) event.preventDefault();
    },
  });
}

function appendText(target, text, { t, onCommand, onLink }) {
  let from = 0;
  for (const match of text.matchAll(AUTO)) {
    const [whole, address, before, command] = match;
    target.append(text.slice(from, match.index));
    if (address) {
      const anchor = link(address, onLink);
      anchor.append(address);
      target.append(anchor);
    } else {
      const tap = pressable("span.command-link", { title: t("command_hint", { command }) }, () => onCommand(command));
      tap.append(command);
      target.append(before, tap);
    }
    from = match.index + whole.length;
  }
  target.append(text.slice(from));
}
