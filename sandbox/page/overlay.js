// What lies over a phone's screen: toasts, the pop-up menu, dialogs and the photo viewer.
// While one is open the screen beneath is inert, and Escape or a tap outside closes it.

import { h, icon, iconButton } from "./dom.js";

const TOAST_MS = 2600;

export class Overlay {
  constructor(screen, t) {
    this.screen = screen;
    this.t = t;
    this.host = h("div.overlay", { hidden: true });
    this.toasts = h("div.toasts", { role: "status", "aria-live": "polite" });
    this.opener = null;
    this.host.addEventListener("click", (event) => {
      if (event.target === this.host) this.close();
    });
    this.host.addEventListener("keydown", (event) => this.key(event));
  }

  toast(text) {
    const note = h("div.toast", {}, text);
    this.toasts.replaceChildren(note);
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => note.remove(), TOAST_MS);
  }

  open(element, kind) {
    if (this.host.hidden) this.opener = document.activeElement;
    this.host.className = `overlay ${kind}`;
    this.host.replaceChildren(element);
    this.host.hidden = false;
    this.screen.inert = true;
    this.focusFirst();
  }

  focusFirst() {
    const first = this.host.querySelector("[data-first]") ?? this.host.querySelector("button, input, textarea, a[href]");
    first?.focus({ preventScroll: true });
  }

  close() {
    if (this.host.hidden) return;
    this.host.hidden = true;
    this.host.replaceChildren();
    this.screen.inert = false;
    if (this.opener?.isConnected) this.opener.focus({ preventScroll: true });
    this.opener = null;
    const done = this.onClose;
    this.onClose = null;
    done?.();
  }

  key(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
      return;
    }
    const arrows = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in arrows && this.host.classList.contains("over-menu")) {
      event.preventDefault();
      const items = [...this.host.querySelectorAll("[role=menuitem]")];
      const next = (items.indexOf(document.activeElement) + arrows[event.key] + items.length) % items.length;
      items[next].focus();
    }
    if (event.key === "Tab") this.keepFocus(event);
  }

  keepFocus(event) {
    const stops = [...this.host.querySelectorAll("button, input, select, textarea, a[href], summary")];
    const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
    if (document.activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
  }

  // A pop-up menu at a point of the window; `entries` are {icon, label, danger, run}.
  menu(entries, x, y, label) {
    const menu = h("div.menu", { role: "menu", "aria-label": label },
      entries.map((entry) => h("button.menu-item", {
        role: "menuitem", class: entry.danger ? "danger" : "",
        onClick: () => {
          this.close();
          entry.run();
        },
      }, entry.icon instanceof Element ? entry.icon : icon(entry.icon),
      h("span.menu-text", {}, h("span", {}, entry.label), entry.note ? h("span.menu-note", {}, entry.note) : null),
      entry.checked ? icon("check", "menu-check") : null)));
    this.open(menu, "over-menu");
    const frame = this.host.getBoundingClientRect();
    const left = Math.max(8, Math.min(x - frame.left, frame.width - menu.offsetWidth - 8));
    const top = Math.max(8, Math.min(y - frame.top, frame.height - menu.offsetHeight - 8));
    // The place is known only now; custom properties carry it to the style sheet.
    menu.style.setProperty("--left", `${left}px`);
    menu.style.setProperty("--top", `${top}px`);
    menu.classList.add("placed");
    // Only now: what is not yet visible takes no focus.
    this.focusFirst();
  }

  menuUnder(button, entries, label) {
    const box = button.getBoundingClientRect();
    this.menu(entries, box.right - 260, box.bottom + 4, label);
  }

  dialog({ title, body, fields = [], confirm, onConfirm, cancel = true }) {
    const form = h("form.dialog", {
      role: "dialog", "aria-modal": "true", "aria-label": title || body,
      onSubmit: (event) => {
        event.preventDefault();
        this.close();
        onConfirm?.();
      },
    },
    title ? h("h2.dialog-title", {}, title) : null,
    body ? h("p.dialog-body", {}, body) : null,
    fields,
    h("div.dialog-actions", {},
      cancel ? h("button.text-button", { onClick: () => this.close() }, this.t("cancel")) : null,
      h("button.text-button.strong", { type: "submit", "data-first": fields.length ? null : "" }, confirm)));
    this.open(form, "over-dialog");
  }

  photo(url, label) {
    this.open(h("figure.viewer", { role: "dialog", "aria-modal": "true", "aria-label": label },
      iconButton("close", this.t("close"), { class: "viewer-close", onClick: () => this.close() }),
      h("img", { src: url, alt: label })), "over-photo");
  }

  // A sheet that slides up from the bottom, with any content.
  sheet(title, content) {
    this.open(h("section.sheet", { role: "dialog", "aria-modal": "true", "aria-label": title },
      h("header.sheet-head", {}, h("h2", {}, title), iconButton("close", this.t("close"), { onClick: () => this.close() })),
      h("div.sheet-body", {}, content)), "over-sheet");
  }
}
