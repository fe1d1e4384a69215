// The cheat sheet: codes to try, with what happens. Its content comes from the server's `notes`.

import { h, icon } from "./dom.js";

export function cheatSheet(notes, t, { onInsert, onCopy }) {
  return h("div.notes", {},
    h("p.notes-hint", {}, t("sheet_hint")),
    notes.map(({ title, rows }) => h("section.note", {},
      title ? h("h3.note-title", {}, title) : null,
      h("ul.note-rows", {}, rows.map(({ code, text }) => h("li.note-row", {},
        h("button.note-insert", { "aria-label": t("insert_code", { code }), onClick: () => onInsert(code) },
          h("code.note-code", {}, code), h("span.note-text", {}, text)),
        h("button.icon-button.note-copy", { "aria-label": t("copy_code", { code }), title: t("copy"), onClick: () => onCopy(code) }, icon("copy"))))))));
}
