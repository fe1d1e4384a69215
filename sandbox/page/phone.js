// One persona's phone: its chats, the open chat, its event stream.

import { Attachments } from "./attach.js";
import { chatTitle, ChatList, faceOf, GENERAL_TOPIC, Topics } from "./chats.js";
import { Composer } from "./composer.js";
import { avatar, BOT_TINT, copyText, h, icon, iconButton, show } from "./dom.js";
import { Feed } from "./feed.js";
import { fullName } from "./format.js";
import { summary } from "./message.js";
import { api, EventStream, Refused } from "./net.js";
import { Overlay } from "./overlay.js";
import { translator } from "./texts.js";

// Telegram forgets a press that the bot never answers.
const PRESS_PATIENCE_MS = 15000;

export class Phone {
  // `shell`: {state, readState, narrow, dark, toggleTheme, openSheet, openMail, keepLetter, switchPersona, hide, startPayload}
  constructor(user, shell, wantedChat) {
    this.user = user;
    this.shell = shell;
    this.t = translator(user.language_code);
    this.pending = [];
    this.answered = new Set();
    this.thread = GENERAL_TOPIC;
    this.unread = new Map();
    this.backlog = null;
    this.reading = 0;
    this.build();
    this.openChat(this.chats().find((chat) => chat.id === wantedChat) ?? this.chats()[0]);
    this.stream = new EventStream(user.id, {
      onUp: () => this.comeBack(),
      onDown: () => this.online(false),
      onEvent: (event) => this.take(event),
    });
  }

  build() {
    const { t, user, shell } = this;
    this.feed = new Feed({
      t,
      isMine: (message) => message.from.id === user.id,
      named: () => this.chat?.type !== "private",
      find: (id) => this.feed.get(id),
      isPending: (id, row, column) => this.pending.some((press) => press.id === id && press.place === `${row}:${column}`),
      pendingOf: (messages) => this.pending.filter((press) => messages.some((m) => m.message_id === press.id)).map((press) => press.place),
      jumpTo: (id) => this.feed.show(id),
      onPress: (...press) => this.press(...press),
      onCopy: (text) => this.copy(text),
      onCommand: (command) => this.send(command),
      onLink: (address) => this.followOwnLink(address),
      openPhoto: (url, label) => this.overlay.photo(url, label),
      openMenu: (...place) => this.messageMenu(...place),
    });
    this.composer = new Composer({
      t,
      send: (text, replyTo) => this.send(text, replyTo),
      saveEdit: (message, text) => this.act(() => api.edit(this.chat.id, { as: user.id, message_id: message.message_id, text }), (m) => this.place(m)),
      attach: (button) => this.attachments.menu(button),
      offerFiles: (files) => this.attachments.review(files, files.every((file) => file.type.startsWith("image/")) ? "photo" : "document"),
      pressReply: (button) => (button.request_contact ? this.attachments.contact() : this.send(button.text)),
      startChat: () => this.send(shell.startPayload ? `/start ${shell.startPayload}` : "/start"),
      unblock: () => this.block(false),
      lastOwn: () => this.feed.lastOwn(),
    });
    this.list = new ChatList(t, (chat) => this.openChat(chat));
    this.topics = new Topics(t, (thread) => this.openThread(thread));
    this.banner = h("div.banner", { role: "status", hidden: true }, h("span.spinner"), t("connecting"));
    this.pinned = h("button.pinned", { hidden: true });
    this.intro = h("div.intro", { hidden: true });
    this.feed.element.append(this.intro);
    this.conversation = h("div.conversation", {}, this.topics.element, this.pinned, this.feed.element, this.composer.element);
    this.announcer = h("div.offscreen", { "aria-live": "polite" });
    this.screen = h("div.screen", {}, this.header(), this.banner, this.conversation, this.list.element);
    this.overlay = new Overlay(this.screen, t);
    this.attachments = new Attachments({
      t, user, overlay: this.overlay,
      sendFiles: (files, kind, caption) => this.sendFiles(files, kind, caption),
      sendSticker: () => this.act(() => api.sendSticker(this.chat.id, this.body()), (m) => this.place(m)),
      sendVoice: () => this.act(() => api.sendVoice(this.chat.id, this.body()), (m) => this.place(m)),
      sendLocation: (place) => this.act(() => api.shareLocation(this.chat.id, this.body(place)), (m) => this.place(m)),
      sendContact: (phone) => this.act(() => api.shareContact(this.chat.id, this.body(phone ? { phone } : {})), (m) => this.place(m)),
    });
    const device = h("div.device", {
      onDragover: (event) => event.preventDefault(),
      onDrop: (event) => this.drop(event),
    }, this.screen, this.overlay.host, this.overlay.toasts, this.announcer, this.attachments.picker);
    this.element = h("section.phone", { "aria-label": t("persona_phone", { name: fullName(user) }), lang: t.language, "data-user": user.id },
      h("header.phone-caption", {},
        avatar(fullName(user), user.id, "small"),
        h("div.caption-text", {}, h("h2.caption-name", {}, fullName(user)), user.note ? h("p.caption-note", { title: user.note }, user.note) : null),
        iconButton("close", t("persona_hide", { name: fullName(user) }), { class: "hide-phone", onClick: () => shell.hide(user.id) })),
      device);
  }

  header() {
    const { t, user, shell } = this;
    this.backButton = iconButton("back", t("back"), { onClick: () => this.openList() });
    this.face = h("span.face");
    this.title = h("h1.chat-title");
    this.status = h("p.chat-status");
    const personaLabel = t("persona_switch", { name: fullName(user) });
    this.personaButton = h("button.persona-switch", {
      "aria-label": personaLabel, title: personaLabel, "aria-haspopup": "menu",
      onClick: () => shell.switchPersona(this, this.personaButton),
    }, avatar(fullName(user), user.id, "small"), icon("down", "tiny"));
    this.sheetButton = iconButton("list", t("sheet"), { class: "sheet-button", onClick: () => shell.openSheet(this) });
    this.mailBadge = h("span.badge", { hidden: true, "aria-hidden": "true" });
    this.mailButton = iconButton("mail", t("mail"), { class: "mail-button", onClick: () => shell.openMail(this) });
    this.mailButton.append(this.mailBadge);
    this.moreButton = iconButton("more", t("options"), { "aria-haspopup": "menu", onClick: () => this.chatMenu() });
    return h("header.top", {}, this.backButton, this.face,
      h("div.top-text", {}, this.title, this.status), this.mailButton, this.sheetButton, this.personaButton, this.moreButton);
  }

  countMail(unread) {
    show(this.mailBadge, unread > 0);
    this.mailBadge.textContent = String(unread);
    this.mailButton.setAttribute("aria-label", unread ? this.t("mail_unread", { n: unread }) : this.t("mail"));
  }

  // ---- chats -------------------------------------------------------------------------------

  // The persona's chats, the private one first. It exists before the first message does.
  chats() {
    const { state } = this.shell;
    const own = state.chats.filter((chat) => chat.id === this.user.id || (chat.members ?? []).includes(this.user.id));
    if (!own.some((chat) => chat.id === this.user.id) && state.bots.length) {
      own.push({ id: this.user.id, type: "private", bot_id: state.bots[0].id, members: [this.user.id] });
    }
    return own.sort((a, b) => (b.type === "private") - (a.type === "private"));
  }

  openChat(chat) {
    if (!chat) return;
    this.chat = chat;
    this.thread = GENERAL_TOPIC;
    this.typing = false;
    this.unread.delete(chat.id);
    show(this.list.element, false);
    show(this.conversation, true);
    this.enterPlace();
  }

  openThread(thread) {
    this.thread = thread;
    this.topics.unread.delete(thread);
    this.enterPlace();
  }

  enterPlace() {
    this.feed.reset([], { keepPlace: false });
    this.composer.setReplyKeyboard(null);
    this.composer.setCommands([], null);
    this.composer.switchTo(`${this.chat.id}/${this.thread}`);
    this.drawTop();
    // The first reading waits for the event stream, so that nothing falls between the two.
    if (this.stream) this.readScreen(false);
  }

  openList() {
    show(this.conversation, false);
    show(this.list.element, true);
    this.drawTop();
    this.list.show(this.chats(), this.shell.state.bots, this.user, this.unread);
  }

  get listing() {
    return !this.list.element.hidden;
  }

  drawTop() {
    const { t } = this;
    const several = this.chats().length > 1;
    show(this.backButton, several && !this.listing);
    show(this.moreButton, !this.listing || this.shell.narrow);
    show(this.face, !this.listing);
    if (this.listing) {
      this.title.textContent = t("chats");
      this.status.replaceChildren();
      return;
    }
    const bot = this.bot();
    this.title.textContent = chatTitle(this.chat, [bot]);
    this.face.replaceChildren(faceOf(this.chat, [bot]));
    this.topics.draw(this.chat, this.thread);
    this.status.classList.toggle("busy", Boolean(this.typing));
    if (this.typing) {
      this.status.replaceChildren(t("typing"), h("span.dots", { "aria-hidden": "true" }, h("i"), h("i"), h("i")));
    } else if (this.chat.type === "private") {
      this.status.textContent = t("bot");
    } else {
      this.status.textContent = t.count("members", (this.chat.members ?? []).length + 1);
    }
  }

  bot() {
    return this.info?.bot ?? this.shell.state.bots.find((bot) => bot.id === this.chat.bot_id) ?? { id: 0, name: "Bot" };
  }

  // ---- the screen --------------------------------------------------------------------------

  online(up) {
    show(this.banner, !up);
    this.screen.classList.toggle("offline", !up);
  }

  async comeBack() {
    if (!this.info) {
      await this.readScreen(false);
      return;
    }
    try {
      await this.shell.readState();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
    this.chat = this.chats().find((chat) => chat.id === this.chat.id) ?? this.chat;
    await this.readScreen(true);
    if (this.listing) this.openList();
  }

  // Events that come while the screen is being read wait, so that an older picture of the
  // chat never covers a newer message.
  async readScreen(keepPlace) {
    const turn = (this.reading += 1);
    this.backlog = [];
    try {
      const screen = await api.screen(this.chat.id, this.user.id, this.thread === GENERAL_TOPIC ? null : this.thread);
      if (turn !== this.reading) return;
      this.info = screen;
      this.typing = screen.typing;
      this.pending = [];
      this.feed.reset(screen.messages.filter((message) => this.belongs(message)), { keepPlace });
      this.composer.setReplyKeyboard(screen.reply_keyboard);
      this.composer.setCommands(screen.commands, screen.menu_button);
      this.drawTop();
      this.drawPinned();
      this.drawDock();
      this.online(true);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (turn === this.reading && error.message) this.fail(error);
    }
    if (turn !== this.reading) return;
    const waiting = this.backlog;
    this.backlog = null;
    for (const event of waiting) this.take(event);
  }

  belongs(message) {
    return message.chat_id === this.chat.id && (!this.chat.is_forum || (message.thread_id ?? GENERAL_TOPIC) === this.thread);
  }

  drawPinned() {
    const message = this.info?.pinned ? this.feed.get(this.info.pinned) : null;
    show(this.pinned, Boolean(message));
    if (!message) return;
    this.pinned.replaceChildren(
      h("span.pinned-text", {}, h("span.pinned-title", {}, this.t("pinned")), h("span.pinned-line", {}, summary(message, this.t))), icon("pin"));
    this.pinned.onclick = () => this.feed.show(message.message_id);
  }

  drawDock() {
    const isPrivate = this.chat.type === "private";
    const empty = this.feed.size === 0;
    const { description = "", short_description: about = "" } = this.info?.bot ?? {};
    let face = "write";
    if (this.info && !this.info.can_write && !empty) face = isPrivate ? "unblock" : "closed";
    else if (isPrivate && empty) face = "start";
    if (face !== this.composer.faceName) this.composer.face(face);
    show(this.intro, empty);
    this.intro.replaceChildren(isPrivate && (description || about)
      ? h("div.intro-card", {}, avatar(this.bot().name, BOT_TINT, "large"), h("h2", {}, this.t("what_can")), h("p", {}, description || about))
      : h("span.pill", {}, isPrivate ? this.bot().name : this.t("empty_group")));
  }

  // ---- events ------------------------------------------------------------------------------

  take(event) {
    if (event.type === "chat") {
      this.takeChat(event.chat);
      return;
    }
    if (event.type === "mail") {
      this.shell.keepLetter(event.letter, this);
      return;
    }
    if (this.backlog) {
      this.backlog.push(event);
      return;
    }
    const chatId = event.message?.chat_id ?? event.chat_id;
    if (chatId !== this.chat?.id) {
      if (event.type === "message") this.noteElsewhere(event.message);
      return;
    }
    switch (event.type) {
      case "message": this.arrive(event.message); break;
      case "edit": if (this.belongs(event.message)) this.place(event.message); break;
      case "delete": this.gone(event.message_id); break;
      case "typing": this.noteTyping(event); break;
      case "callback": this.answer(event); break;
      case "keyboard": this.composer.setReplyKeyboard(event.keyboard); break;
      case "commands": this.readScreen(true); break;
      default: break;
    }
  }

  takeChat(chat) {
    this.shell.keepChat(chat);
    if (chat.id === this.chat?.id) {
      this.chat = chat;
      this.readScreen(true);
    }
    if (this.listing) this.openList();
    else this.drawTop();
  }

  arrive(message) {
    if (!this.belongs(message)) {
      const thread = message.thread_id ?? GENERAL_TOPIC;
      if (message.from.id !== this.user.id) this.topics.unread.set(thread, (this.topics.unread.get(thread) ?? 0) + 1);
      this.topics.draw(this.chat, this.thread);
      return;
    }
    if (message.from.id !== this.user.id) {
      this.announcer.textContent = this.t("from_bot", { name: message.from.name, text: summary(message, this.t) });
      if (message.from.is_bot) this.setTyping(false);
    }
    if (this.listing) this.noteElsewhere(message);
    this.place(message);
  }

  place(message) {
    if (!this.belongs(message)) return;
    this.feed.upsert(message);
    this.drawDock();
    this.drawPinned();
  }

  gone(id) {
    this.feed.remove(id);
    this.drawDock();
    this.drawPinned();
  }

  noteElsewhere(message) {
    if (message.from.id !== this.user.id) this.unread.set(message.chat_id, (this.unread.get(message.chat_id) ?? 0) + 1);
    if (this.listing) this.list.note(message, this.unread);
  }

  noteTyping({ thread_id: thread, on }) {
    if (this.chat.is_forum && (thread ?? GENERAL_TOPIC) !== this.thread) return;
    this.setTyping(on);
  }

  setTyping(on) {
    if (this.typing === on) return;
    this.typing = on;
    this.drawTop();
  }

  // ---- actions -----------------------------------------------------------------------------

  body(more = {}) {
    return { as: this.user.id, ...more, ...(this.thread === GENERAL_TOPIC ? {} : { thread: this.thread }) };
  }

  // Runs a request; on refusal says why on the phone. Resolves to whether it went well.
  async act(request, use) {
    try {
      use(await request());
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.fail(error);
      return false;
    }
  }

  fail(error) {
    this.overlay.toast(this.t("failed", { error: error.message || this.t("offline") }));
  }

  send(text, replyTo) {
    const message = this.body({ text, ...(replyTo ? { reply_to: replyTo } : {}) });
    return this.act(() => api.send(this.chat.id, message), (sent) => this.place(sent));
  }

  sendFiles(files, kind, caption) {
    const form = new FormData();
    for (const [name, value] of Object.entries(this.body({ kind, ...(caption ? { caption } : {}) }))) form.set(name, value);
    for (const file of files) form.append("file", file, file.name);
    return this.act(() => api.sendFiles(this.chat.id, form), ({ messages }) => messages.forEach((message) => this.place(message)));
  }

  drop(event) {
    event.preventDefault();
    const files = [...event.dataTransfer.files];
    if (files.length && this.composer.faceName === "write") this.attachments.review(files, "document");
  }

  async press(message, row, column, button) {
    const place = `${row}:${column}`;
    const id = message.message_id;
    if (this.pending.some((press) => press.id === id && press.place === place)) return;
    const press = { id, place };
    this.pending.push(press);
    this.feed.refresh();
    const what = button.callback_data === undefined ? { row, column } : { data: button.callback_data };
    const sent = await this.act(() => api.press(this.chat.id, { as: this.user.id, message_id: id, ...what }), (answer) => {
      press.query = answer.callback_query_id;
    });
    if (!sent || this.answered.has(press.query)) this.settle(press);
    else setTimeout(() => this.settle(press), PRESS_PATIENCE_MS);
  }

  settle(press) {
    const before = this.pending.length;
    this.pending = this.pending.filter((other) => other !== press);
    if (this.pending.length !== before) this.feed.refresh();
  }

  // The answer may come before the reply to the press itself, hence the set.
  answer({ callback_query_id: query, text, alert }) {
    this.answered.add(query);
    const press = this.pending.find((waiting) => waiting.query === query);
    if (press) this.settle(press);
    if (text && alert) this.overlay.dialog({ body: text, confirm: this.t("ok"), cancel: false });
    else if (text) this.overlay.toast(text);
  }

  async copy(text) {
    this.overlay.toast(this.t((await copyText(text)) ? "copied" : "copy_failed"));
  }

  // A t.me link to this very bot acts here, as it would in Telegram, instead of leaving the page.
  followOwnLink(address) {
    let url;
    try {
      url = new URL(address);
    } catch {
      return false;
    }
    const bot = url.protocol === "tg:" ? url.searchParams.get("domain") : url.pathname.slice(1);
    if (url.protocol !== "tg:" && url.hostname !== "t.me") return false;
    if (bot?.toLowerCase() !== this.bot().username?.toLowerCase()) return false;
    const payload = url.searchParams.get("start");
    if (payload !== null) this.send(payload ? `/start ${payload}` : "/start");
    return true;
  }

  async block(blocked) {
    const done = await this.act(() => api.block(this.chat.id, this.user.id, blocked), () => {});
    if (!done) return;
    this.overlay.toast(this.t(blocked ? "blocked" : "unblocked"));
    await this.readScreen(true);
  }

  // ---- menus -------------------------------------------------------------------------------

  chatMenu() {
    const { t, shell } = this;
    const entries = [{ icon: shell.dark ? "sun" : "moon", label: t(shell.dark ? "light" : "dark"), run: () => shell.toggleTheme() }];
    if (!this.listing && this.chat.type === "private" && this.feed.size > 0) {
      const canWrite = this.info?.can_write !== false;
      entries.push({ icon: canWrite ? "block" : "check", label: t(canWrite ? "block" : "unblock"), danger: canWrite, run: () => this.block(canWrite) });
    }
    this.overlay.menuUnder(this.moreButton, entries, t("options"));
  }

  messageMenu(message, bubble, x, y) {
    const { t } = this;
    const entries = [];
    const mine = message.from.id === this.user.id;
    if (this.composer.faceName === "write") {
      entries.push({ icon: "reply", label: t("reply"), run: () => this.composer.startTask("reply", message) });
      if (mine && message.kind === "text") entries.push({ icon: "edit", label: t("edit"), run: () => this.composer.startTask("edit", message) });
    }
    if (message.text) entries.push({ icon: "copy", label: t("copy"), run: () => this.copy(message.text) });
    if (mine) {
      entries.push({
        icon: "trash", label: t("remove"), danger: true,
        run: () => this.act(() => api.remove(this.chat.id, message.message_id, this.user.id), () => this.gone(message.message_id)),
      });
    }
    if (entries.length) this.overlay.menu(entries, x, y, t("options"));
  }

  // ---- life --------------------------------------------------------------------------------

  // Puts a code from the cheat sheet into the input, or onto the clipboard where there is no input.
  insert(text) {
    if (this.listing || !this.composer.insert(text)) this.copy(text);
  }

  close() {
    this.stream.close();
    this.feed.close();
    this.element.remove();
  }
}
