// Sending what is not text: files and photos (with a look before they go), sticker, voice, contact.

import { h } from "./dom.js";
import { fullName } from "./format.js";
import { fileFace } from "./message.js";

export class Attachments {
  // `desk`: {t, user, overlay, sendFiles, sendSticker, sendVoice, sendContact, sendLocation}
  constructor(desk) {
    this.desk = desk;
    this.picker = h("input.offscreen", { type: "file", tabindex: "-1", "aria-hidden": "true" });
    this.picker.addEventListener("change", () => {
      const files = [...this.picker.files];
      this.picker.value = "";
      if (files.length) this.review(files, this.kind);
    });
  }

  menu(button) {
    const { t, overlay, sendSticker, sendVoice } = this.desk;
    const box = button.getBoundingClientRect();
    overlay.menu([
      { icon: "document", label: t("document"), run: () => this.pick("document", false) },
      { icon: "photo", label: t("photo"), run: () => this.pick("photo", true) },
      { icon: "files", label: t("files"), run: () => this.pick("document", true) },
      { icon: "contact", label: t("contact"), run: () => this.contact() },
      { icon: "place", label: t("location"), run: () => this.location() },
      { icon: "voice", label: t("voice"), run: sendVoice },
      { icon: "sticker", label: t("sticker"), run: sendSticker },
    ], box.right - 220, box.top - 344, t("attach"));
  }

  pick(kind, several) {
    this.kind = kind;
    this.picker.accept = kind === "photo" ? "image/jpeg,image/png,image/webp" : "";
    this.picker.multiple = several;
    this.picker.click();
  }

  // What is about to be sent, with a place for the caption.
  review(files, kind) {
    const { t, overlay } = this.desk;
    const caption = h("input.field", { type: "text", placeholder: t("caption"), "aria-label": t("caption"), maxlength: "1024", "data-first": "" });
    const list = h("ul.review", { class: kind === "photo" ? "as-photos" : "" }, files.map((file) => {
      if (kind === "photo") return h("li", {}, preview(file));
      return h("li", {}, fileFace(file.name, file.size, t.language));
    }));
    overlay.dialog({
      title: t.count(kind === "photo" ? "send_photo" : "send_document", files.length),
      fields: [list, caption],
      confirm: t("send"),
      onConfirm: () => this.desk.sendFiles(files, kind, caption.value.trim()),
    });
  }

  // There is no position to be had here: it is typed, with one ready.
  location() {
    const { t, overlay, sendLocation } = this.desk;
    const fields = ["latitude", "longitude"].map((name, index) => h("input.field", {
      type: "number", step: "any", required: true, name, "aria-label": t(name), placeholder: t(name),
      value: index ? "12.49637" : "41.90278", ...(index ? {} : { "data-first": "" }),
    }));
    overlay.dialog({
      title: t("location_title"),
      fields,
      confirm: t("share"),
      onConfirm: () => sendLocation(Object.fromEntries(fields.map((field) => [field.name, Number(field.value)]))),
    });
  }

  // Telegram asks before a phone number leaves; resolves to true once it is shared.
  contact() {
    const { t, user, overlay, sendContact } = this.desk;
    return new Promise((resolve) => {
      const field = user.phone ? null : h("input.field", {
        type: "tel", required: true, placeholder: "+39 …", "aria-label": t("phone_number"), "data-first": "",
      });
      let shared = false;
      overlay.dialog({
        title: t("share_title"),
        body: t("share_body"),
        fields: [field ?? h("p.dialog-fact", {}, h("strong", {}, fullName(user)), h("span", {}, user.phone))],
        confirm: t("share"),
        onConfirm: async () => {
          shared = true;
          resolve(await sendContact(field?.value.trim()));
        },
      });
      overlay.onClose = () => queueMicrotask(() => {
        if (!shared) resolve(false);
      });
    });
  }
}

const PREVIEW_PX = 160;

// Drawn on a canvas: the content policy allows no blob addresses in pictures.
function preview(file) {
  const canvas = h("canvas.preview", { role: "img", "aria-label": file.name, width: PREVIEW_PX, height: PREVIEW_PX });
  createImageBitmap(file).then((bitmap) => {
    const side = Math.min(bitmap.width, bitmap.height);
    canvas.getContext("2d").drawImage(bitmap,
      (bitmap.width - side) / 2, (bitmap.height - side) / 2, side, side, 0, 0, PREVIEW_PX, PREVIEW_PX);
    bitmap.close();
  }, () => canvas.classList.add("unknown"));
  return canvas;
}
