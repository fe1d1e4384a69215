// The mailbox: what the bot sent by e-mail, to whoever it was. One list, shown in the panel or in a phone's sheet.

import { h } from "./dom.js";
import { dayKey, dayLabel, timeOf } from "./format.js";

const MOST = 50;

export class MailList {
  // `opened`: called when a letter was opened, so that whoever counts the unread ones can count again.
  constructor(t, opened) {
    this.t = t;
    this.opened = opened;
    this.letters = [];
    this.open = new Set();
    this.read = new Set();
    this.element = h("div.mail");
  }

  // The server's list, newest first, after a (re)connection: what had come before the page is not news.
  set(letters) {
    if (!this.known) for (const { id } of letters) this.read.add(id);
    this.known = true;
    this.letters = letters;
    this.draw();
  }

  // Returns whether it is news: each phone's event stream brings it.
  add(letter) {
    if (this.letters.some(({ id }) => id === letter.id)) return false;
    this.letters = [letter, ...this.letters].slice(0, MOST);
    this.draw();
    return true;
  }

  get unread() {
    return this.letters.filter(({ id }) => !this.read.has(id)).length;
  }

  speak(t) {
    if (this.t === t) return;
    this.t = t;
    this.draw();
  }

  draw() {
    const { t } = this;
    const focused = this.element.contains(document.activeElement) ? document.activeElement.closest("[data-letter]")?.dataset.letter : null;
    this.element.replaceChildren(this.letters.length
      ? h("ul.letters", { "aria-label": t("mail") }, this.letters.map((letter) => this.row(letter)))
      : h("p.notes-hint", {}, t("mail_none")));
    if (focused) this.element.querySelector(`[data-letter="${focused}"] summary`)?.focus({ preventScroll: true });
  }

  row(letter) {
    const { t } = this;
    const day = dayKey(letter.date) === dayKey(Date.now() / 1000) ? "" : `${dayLabel(letter.date, t)} `;
    const element = h("li.letter", { "data-letter": letter.id, class: this.read.has(letter.id) ? "" : "unread" },
      h("details", {
        open: this.open.has(letter.id),
        onToggle: (event) => this.toggled(letter, event.target.open, element),
      },
      h("summary", {},
        h("span.letter-line", {},
          h("span.letter-subject", {}, letter.subject || t("mail_no_subject")),
          h("time.letter-time", { datetime: new Date(letter.date * 1000).toISOString() }, day + timeOf(letter.date, t.language))),
        h("span.letter-to", {}, t("mail_to", { address: letter.to }))),
      h("div.letter-body", {},
        h("p.letter-from", {}, t("mail_from", { address: letter.from })),
        h("p.letter-text", {}, letter.text))));
    return element;
  }

  toggled(letter, open, element) {
    if (open) {
      this.open.add(letter.id);
      this.read.add(letter.id);
      element.classList.remove("unread");
      this.opened();
    } else {
      this.open.delete(letter.id);
    }
  }
}
