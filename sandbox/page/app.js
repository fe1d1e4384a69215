// The frame around the phones: which personas are shown, the side panel, the theme.
//
// Address parameters: as=1,2 (whose phones), chat=<id> (the chat to open), theme=dark|light,
// start=<payload> (what the START button sends along).

import { avatar, h, iconButton, show } from "./dom.js";
import { fullName } from "./format.js";
import { MailList } from "./mail.js";
import { api, Refused } from "./net.js";
import { Phone } from "./phone.js";
import { cheatSheet } from "./sheet.js";
import { translator } from "./texts.js";

const THEME_KEY = "sandbox-theme";
const FIRST_TRY_AGAIN_MS = 700;
const narrowScreen = matchMedia("(max-width: 759px)");
const darkScreen = matchMedia("(prefers-color-scheme: dark)");
const query = new URLSearchParams(location.search);

class Shell {
  constructor(root) {
    this.root = root;
    this.t = translator("it");
    this.phones = new Map();
    this.state = { users: [], chats: [], bots: [], notes: [], letters: null };
    this.mail = new MailList(this.t, () => this.countMail());
    this.startPayload = query.get("start");
    this.wantedChat = Number(query.get("chat")) || null;
    this.applyTheme(query.get("theme"));
    darkScreen.addEventListener("change", () => this.applyTheme());
    narrowScreen.addEventListener("change", () => this.layout());
  }

  async begin() {
    // A button that is drawn before this font is there may keep boxes in place of its emoji.
    await document.fonts.load('16px "Page Emoji"', "🔎").catch(() => {});
    for (;;) {
      try {
        await this.readState();
        break;
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        await new Promise((resolve) => setTimeout(resolve, FIRST_TRY_AGAIN_MS));
      }
    }
    this.chosen = this.firstChoice();
    this.active = this.chosen[0];
    this.panel = h("aside.panel");
    this.stage = h("main.stage");
    this.root.replaceChildren(this.panel, this.stage);
    this.layout();
  }

  // Several phones that come back at once share one request.
  readState() {
    this.stateRead ??= api.state().then((state) => {
      this.state = { ...state, notes: state.notes ?? [], letters: state.letters ?? null };
      this.mail.set(this.state.letters ?? []);
      if (this.panel) this.drawPanel();
    }).finally(() => {
      this.stateRead = null;
    });
    return this.stateRead;
  }

  keepChat(chat) {
    this.state.chats = [...this.state.chats.filter((known) => known.id !== chat.id), chat];
  }

  // A letter has come; in the panel it is seen, on a narrow screen it is announced.
  keepLetter(letter, phone) {
    if (!this.mail.add(letter)) return;
    this.countMail();
    if (this.narrow) phone.overlay.toast(phone.t("mail_new", { subject: letter.subject }));
  }

  countMail() {
    for (const phone of this.phones.values()) phone.countMail(this.mail.unread);
  }

  firstChoice() {
    const ids = this.state.users.map((user) => user.id);
    const asked = (query.get("as") ?? "").split(",").map(Number).filter((id) => ids.includes(id));
    if (asked.length) return [...new Set(asked)];
    const room = innerWidth >= 1640 ? 3 : innerWidth >= 1120 ? 2 : 1;
    return ids.slice(0, room);
  }

  get narrow() {
    return narrowScreen.matches;
  }

  get dark() {
    return document.documentElement.dataset.theme === "dark";
  }

  applyTheme(chosen = null) {
    const wanted = ["dark", "light"].includes(chosen) ? chosen : stored();
    document.documentElement.dataset.theme = wanted ?? (darkScreen.matches ? "dark" : "light");
  }

  toggleTheme() {
    const next = this.dark ? "light" : "dark";
    try {
      localStorage.setItem(THEME_KEY, next);
    } catch {
      // Storage may be closed to this page; the choice then lasts until it is loaded again.
    }
    this.applyTheme(next);
    this.drawPanel();
  }

  // ---- which phones ------------------------------------------------------------------------

  // Opens and closes phones until those on the stage are the wanted ones, in the wanted order.
  layout() {
    document.documentElement.classList.toggle("narrow", this.narrow);
    const wanted = this.narrow ? [this.active].filter(Boolean) : this.chosen;
    for (const [id, phone] of this.phones) {
      if (wanted.includes(id)) continue;
      phone.close();
      this.phones.delete(id);
    }
    // A phone that stands in its place is not moved: that would take its chat back to the top.
    wanted.forEach((id, place) => {
      if (!this.phones.has(id)) this.openPhone(id);
      const { element } = this.phones.get(id);
      if (this.stage.children[place] !== element) this.stage.insertBefore(element, this.stage.children[place] ?? null);
    });
    this.stage.classList.toggle("empty", wanted.length === 0);
    if (!wanted.length) this.stage.replaceChildren(h("p.stage-empty", {}, this.t("no_personas")), this.newPersonaForm());
    else for (const child of [...this.stage.children]) if (!child.matches(".phone")) child.remove();
    for (const phone of this.phones.values()) phone.drawTop();
    this.markActive();
    this.drawPanel();
  }

  openPhone(id) {
    const user = this.state.users.find((known) => known.id === id);
    const phone = new Phone(user, this, this.wantedChat);
    const activate = () => {
      if (this.active === id) return;
      this.active = id;
      this.markActive();
    };
    phone.element.addEventListener("focusin", activate);
    phone.element.addEventListener("pointerdown", activate);
    this.phones.set(id, phone);
  }

  markActive() {
    for (const [id, phone] of this.phones) phone.element.classList.toggle("active", id === this.active && this.phones.size > 1);
  }

  toggle(id) {
    if (this.chosen.includes(id)) this.hide(id);
    else {
      this.chosen = this.state.users.map((user) => user.id).filter((known) => known === id || this.chosen.includes(known));
      this.active = id;
      this.choiceChanged();
      this.phones.get(id)?.element.scrollIntoView({ inline: "nearest", block: "nearest" });
    }
  }

  hide(id) {
    if (this.chosen.length === 1) return;
    this.chosen = this.chosen.filter((known) => known !== id);
    if (this.active === id) [this.active] = this.chosen;
    this.choiceChanged();
  }

  // The address follows the choice, so that a reload or a bookmark shows the same phones.
  choiceChanged() {
    const url = new URL(location.href);
    url.searchParams.set("as", (this.narrow ? [this.active] : this.chosen).join(","));
    history.replaceState(null, "", url.href.replaceAll("%2C", ","));
    this.layout();
  }

  switchPersona(phone, button) {
    const entries = this.state.users.map((user) => ({
      icon: avatar(fullName(user), user.id, "small"),
      label: fullName(user),
      note: user.note,
      checked: user.id === phone.user.id,
      run: () => {
        this.active = user.id;
        if (!this.chosen.includes(user.id)) this.chosen = [user.id];
        this.choiceChanged();
        this.phones.get(user.id)?.personaButton.focus();
      },
    }));
    entries.push({
      icon: "plus", label: phone.t("new_persona"),
      run: () => phone.overlay.sheet(phone.t("new_persona"), this.newPersonaForm(() => phone.overlay.close(), phone.t)),
    });
    phone.overlay.menuUnder(button, entries, phone.t("personas"));
  }

  newPersonaForm(done = () => {}, t = this.t) {
    const name = h("input.field", {
      type: "text", required: true, maxlength: "64", placeholder: t("first_name"), "aria-label": t("first_name"), autocomplete: "off",
      "data-first": "", onInput: () => name.setCustomValidity(""),
    });
    const language = h("select.field", { "aria-label": t("language") }, h("option", { value: "it" }, "Italiano"), h("option", { value: "en" }, "English"));
    return h("form.new-persona", {
      onSubmit: async (event) => {
        event.preventDefault();
        let user;
        try {
          user = await api.addUser({ first_name: name.value.trim(), language_code: language.value });
          await this.readState();
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          name.setCustomValidity(t("failed", { error: error.message || t("offline") }));
          name.reportValidity();
          return;
        }
        done();
        this.active = user.id;
        this.chosen = this.narrow ? [user.id] : [...this.chosen, user.id];
        this.choiceChanged();
      },
    }, name, language, h("button.primary-button", { type: "submit" }, t("create")));
  }

  // ---- the panel ---------------------------------------------------------------------------

  drawPanel() {
    show(this.panel, !this.narrow);
    for (const phone of this.phones.values()) {
      show(phone.sheetButton, this.narrow && this.state.notes.length > 0);
      show(phone.mailButton, this.narrow && this.state.letters !== null);
    }
    this.countMail();
    if (this.narrow) return;
    const { t } = this;
    const open = this.adding;
    this.mail.speak(t);
    const stops = () => [...this.panel.querySelectorAll("button, input, select, summary")];
    const focused = stops().indexOf(document.activeElement);
    this.panel.replaceChildren(
      h("header.panel-head", {},
        h("div", {}, h("h1.panel-title", {}, t("title")), h("p.panel-line", {}, t("tagline"))),
        iconButton(this.dark ? "sun" : "moon", t(this.dark ? "light" : "dark"), { class: "theme-toggle", onClick: () => this.toggleTheme() })),
      h("section.panel-part", {},
        h("div.part-head", {}, h("h2", {}, t("personas")),
          iconButton("plus", t("new_persona"), {
            "aria-expanded": String(Boolean(open)),
            onClick: () => {
              this.adding = !open;
              this.drawPanel();
            },
          })),
        open ? this.newPersonaForm(() => {
          this.adding = false;
        }) : null,
        h("div.personas", {}, this.state.users.map((user) => this.personaRow(user)))),
      this.state.letters !== null ? h("section.panel-part", {}, h("h2", {}, t("mail")), this.mail.element) : "",
      this.state.notes.length ? h("section.panel-part", {}, h("h2", {}, t("sheet")), this.sheet(t)) : "");
    if (focused >= 0) stops()[focused]?.focus();
  }

  personaRow(user) {
    const shown = this.chosen.includes(user.id);
    return h("button.persona", { "aria-pressed": String(shown), "data-persona": user.id, onClick: () => this.toggle(user.id) },
      avatar(fullName(user), user.id, "small"),
      h("span.persona-text", {}, h("span.persona-name", {}, fullName(user)), user.note ? h("span.persona-note", {}, user.note) : null),
      h("span.switch", { "aria-hidden": "true" }));
  }

  sheet(t, phone = null) {
    const target = () => phone ?? this.phones.get(this.active) ?? this.phones.values().next().value;
    return cheatSheet(this.state.notes, t, {
      onInsert: (code) => {
        phone?.overlay.close();
        target()?.insert(code);
      },
      onCopy: (code) => target()?.copy(code),
    });
  }

  openMail(phone) {
    this.mail.speak(phone.t);
    phone.overlay.toasts.replaceChildren();
    phone.overlay.sheet(phone.t("mail"), this.mail.element);
  }

  openSheet(phone) {
    phone.overlay.sheet(phone.t("sheet"), this.sheet(phone.t, phone));
  }
}

function stored() {
  try {
    return localStorage.getItem(THEME_KEY);
  } catch {
    return null;
  }
}

new Shell(document.getElementById("shell")).begin();
