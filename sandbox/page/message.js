// One row of the chat: a bubble (text, media, file, contact…) with its inline keyboard.

import { avatar, BOT_TINT, h, icon } from "./dom.js";
import { extensionOf, sizeOf, timeOf } from "./format.js";
import { richText } from "./rich.js";

// `row` is {messages, mine, first, last, named}: one message, or the parts of an album.
// `desk` gives the phone's actions and texts.
export function renderRow(row, desk) {
  const { messages, mine, first, last } = row;
  const main = messages[0];
  if (main.kind === "service") {
    return h("div.row.service", { "data-id": main.message_id }, h("span.pill", {}, serviceText(main, desk.t)));
  }
  const captioned = messages.find((message) => message.text) ?? main;
  const bubble = h("div.bubble", { tabindex: "-1", class: bubbleClass(messages, captioned) });
  if (row.named && !mine && first) {
    bubble.append(h("span.author", { class: `ink-${main.from.is_bot ? BOT_TINT : Math.abs(main.from.id) % 7}` }, main.from.name));
  }
  if (main.forwarded_from) {
    bubble.append(h("span.forwarded", {}, desk.t("forwarded", { name: nameOf(main.forwarded_from) })));
  }
  if (main.reply_to) bubble.append(quote(main.reply_to, desk));
  bubble.append(...media(messages, desk));
  bubble.append(textAndMeta(captioned, messages[messages.length - 1], desk));

  const keyboard = messages.find((message) => message.keyboard?.inline?.length);
  if (row.named && !mine && last) bubble.append(avatar(main.from.name, main.from.is_bot ? BOT_TINT : main.from.id, "small"));
  const stack = h("div.stack", {}, bubble, keyboard ? inlineKeyboard(keyboard, desk) : null);
  const side = mine ? "out" : "in";
  const element = h("div.row", { class: `${side}${first ? " first" : ""}${last ? " last" : ""}`, "data-id": main.message_id });
  element.append(stack);
  if (row.named && !mine) element.classList.add("with-avatar");
  if (keyboard) element.classList.add("with-keys");
  return element;
}

function bubbleClass(messages, captioned) {
  const kinds = [`kind-${messages[0].kind}`];
  if (messages.length > 1) kinds.push("album");
  if (captioned.text) kinds.push("has-text");
  else if (messages[0].kind === "photo") kinds.push("bare-photo");
  return kinds.join(" ");
}

function nameOf(source) {
  return typeof source === "object" ? source.name ?? source.first_name ?? "" : String(source);
}

// One line that stands for a message: in quotes, the pinned bar and the chat list.
export function summary(message, t) {
  if (message.kind === "service") return serviceText(message, t);
  if (message.text) return message.text.replace(/\s+/g, " ").trim();
  switch (message.kind) {
    case "photo": return t("photo");
    case "document": return message.document?.file_name ?? t("document");
    case "contact": return t("contact");
    case "location": return t("location");
    case "sticker": return t("sticker");
    case "voice": return t("voice");
    default: return "";
  }
}

function quote(reference, desk) {
  const id = typeof reference === "object" ? reference.message_id : reference;
  const target = desk.find(id) ?? (typeof reference === "object" ? reference : null);
  const name = target?.from?.name ?? "";
  return h("button.quote", { onClick: () => desk.jumpTo(id) },
    name ? h("span.quote-name", {}, name) : null,
    h("span.quote-text", {}, target ? summary(target, desk.t) : desk.t("deleted_message")));
}

function media(messages, desk) {
  const photos = messages.filter((message) => message.photo);
  const parts = [];
  if (photos.length) {
    parts.push(h("div.photos", { class: `count-${Math.min(photos.length, 10)}` }, photos.map((message) => photo(message, desk))));
  }
  for (const message of messages) {
    if (message.document) parts.push(file(message, desk));
    if (message.contact) parts.push(contactCard(message.contact));
    if (message.location) parts.push(place(message.location, desk));
    if (message.kind === "sticker") parts.push(h("div.sticker", { role: "img", "aria-label": desk.t("sticker") }, icon("sticker")));
    if (message.kind === "voice") parts.push(voice(desk));
  }
  return parts;
}

function photo(message, desk) {
  const { url, width, height } = message.photo;
  const label = desk.t("photo_of", { name: message.from.name });
  const picture = h("img", { src: url, alt: label, width, height, loading: "lazy", decoding: "async" });
  return h("button.photo", { "aria-label": desk.t("open_photo"), onClick: () => desk.openPhoto(url, label) }, picture);
}

const FILE_TINT = { pdf: "red", csv: "green", xlsx: "green", xls: "green", zip: "amber", scp: "violet", json: "amber", txt: "blue" };

// A file's coloured tile with its name and size; also what the attachment dialog shows.
export function fileFace(name, size, language) {
  const extension = extensionOf(name);
  return [
    h("span.file-icon", { class: `file-${FILE_TINT[extension] ?? "blue"}` },
      extension ? h("span.file-ext", {}, extension) : icon("document")),
    h("span.file-body", {},
      h("span.file-name", {}, name),
      h("span.file-size", {}, [sizeOf(size, language), extension.toUpperCase()].filter(Boolean).join(" · "))),
  ];
}

function file(message, desk) {
  const { file_name: name, size, url } = message.document;
  return h("a.file", { href: url, download: name, "aria-label": desk.t("download", { name }) },
    fileFace(name, size, desk.t.language));
}

function contactCard({ name, phone }) {
  return h("div.contact", {},
    avatar(name, (phone ?? "").replace(/\D/g, "").slice(-3)),
    h("span.file-body", {}, h("span.file-name", {}, name), h("span.file-size", {}, phone)));
}

function place({ latitude, longitude }, desk) {
  return h("div.contact", {},
    h("span.place", { "aria-hidden": "true" }, icon("place")),
    h("span.file-body", {},
      h("span.file-name", {}, desk.t("location")),
      h("span.file-size", {}, `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`)));
}

function voice(desk) {
  const bars = Array.from({ length: 26 }, (_, index) => h("i.bar", { class: `bar-${(index * 7 + (index % 3) * 2) % 5}` }));
  return h("div.voice", { role: "img", "aria-label": desk.t("voice") },
    h("span.voice-play", {}, icon("play")), h("span.wave", {}, bars));
}

function textAndMeta(message, newest, desk) {
  const meta = h("span.meta", {});
  if (message.edited) meta.append(h("span.edited", {}, desk.t("edited")), " ");
  const when = new Date(newest.date * 1000);
  meta.append(h("time", { datetime: when.toISOString(), title: when.toLocaleString(desk.t.language) }, timeOf(newest.date, desk.t.language)));
  if (desk.isMine(message)) meta.append(icon("check", "ticks"));
  const shown = message.text && message.kind !== "contact";
  return h("div.text", { class: shown ? "" : "only-meta" }, shown ? richText(message, desk) : null, meta);
}

function inlineKeyboard(message, desk) {
  return h("div.keys", {}, message.keyboard.inline.map((buttons, row) =>
    h("div.keys-row", {}, buttons.map((button, column) => inlineButton(message, button, row, column, desk)))));
}

export function serviceText(message, t) {
  const { kind, by, name } = message.service ?? {};
  return t.has(`service_${kind}`) ? t(`service_${kind}`, { by, name }) : message.text ?? "";
}

const BUTTON_TONES = ["primary", "success", "danger"];

function inlineButton(message, button, row, column, desk) {
  const tone = BUTTON_TONES.includes(button.style) ? `key-${button.style}` : "";
  const place = { "data-key": `${row}:${column}`, class: tone };
  const label = h("span.key-label", {}, button.text);
  if (button.url) {
    return h("a.key", {
      ...place, href: button.url, target: "_blank", rel: "noopener noreferrer",
      onClick: (event) => {
        if (desk.onLink(button.url) || !/^(https?:|mailto:|tel:|tg:)/i.test(button.url)) event.preventDefault();
      },
    }, label, icon("link", "corner"));
  }
  if (button.copy_text !== undefined) {
    const text = typeof button.copy_text === "object" ? button.copy_text.text : button.copy_text;
    return h("button.key", { ...place, onClick: () => desk.onCopy(text) }, label, icon("copy", "corner"));
  }
  const pending = desk.isPending(message.message_id, row, column);
  return h("button.key", {
    ...place, class: pending ? `${tone} pending` : tone, "aria-busy": pending ? "true" : null,
    onClick: () => desk.onPress(message, row, column, button),
  }, label, h("span.spinner", { "aria-hidden": "true" }));
}
