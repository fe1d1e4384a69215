// The bottom of a chat: the input with its buttons, the command list, the bot's reply keyboard,
// and the bars that stand above the input while replying or editing.

import { h, icon, iconButton, show } from "./dom.js";
import { summary } from "./message.js";

const LONGEST_MESSAGE = 4096;
let sequence = 0;

export class Composer {
  // `desk` gives texts and actions: send, saveEdit, attach, pressReply, startChat, unblock, lastOwn.
  constructor(desk) {
    this.desk = desk;
    this.commands = [];
    this.matches = [];
    this.chosen = -1;
    this.replyKeyboard = null;
    this.task = null;
    this.drafts = new Map();
    this.element = this.build(desk.t);
    this.face("waiting");
  }

  build(t) {
    const id = `commands-${(sequence += 1)}`;
    this.input = h("textarea.input", {
      rows: "1", placeholder: t("message"), "aria-label": t("message"), maxlength: LONGEST_MESSAGE,
      autocomplete: "off", "aria-controls": id, enterkeyhint: "send",
      onInput: () => this.changed(),
      onKeydown: (event) => this.key(event),
      onPaste: (event) => this.paste(event),
    });
    this.grow = h("div.grow", {}, this.input);
    this.menuButton = h("button.menu-button", {
      "aria-expanded": "false", "aria-controls": id, hidden: true, onClick: () => this.toggleCommands(),
      "aria-label": t("menu"),
    }, icon("menu"), h("span", {}, t("menu")));
    this.keyboardButton = iconButton("keyboard", t("keyboard_show"), { hidden: true, onClick: () => this.toggleKeyboard() });
    this.attachButton = iconButton("attach", t("attach"), { "aria-haspopup": "menu", onClick: () => this.desk.attach(this.attachButton) });
    this.sendButton = iconButton("send", t("send"), { class: "send", disabled: true, onClick: () => this.submit() });
    this.commandList = h("div.commands", { id, role: "listbox", "aria-label": t("commands"), hidden: true });
    this.bar = h("div.task-bar", { hidden: true });
    this.line = h("div.composer", {}, this.menuButton, this.grow, this.keyboardButton, this.attachButton, this.sendButton);
    this.keys = h("div.reply-keys", { role: "group", "aria-label": t("keyboard"), hidden: true });
    this.bigButton = h("button.big-button", { hidden: true });
    this.notice = h("p.dock-notice", { hidden: true }, t("cannot_write"));
    return h("div.dock", {}, this.commandList, this.bar, this.line, this.keys, this.bigButton, this.notice);
  }

  // Which of its faces the dock shows: "write", "start", "unblock", "closed", or none while "waiting".
  face(name) {
    const { t } = this.desk;
    this.faceName = name;
    show(this.line, name === "write");
    show(this.bar, name === "write" && this.task !== null);
    show(this.notice, name === "closed");
    show(this.bigButton, name === "start" || name === "unblock");
    this.bigButton.textContent = t(name === "unblock" ? "unblock_bot" : "start");
    this.bigButton.onclick = name === "unblock" ? () => this.desk.unblock() : () => this.desk.startChat();
    if (name !== "write") this.closeCommands();
    this.drawKeys();
  }

  setCommands(commands, menuButton) {
    this.commands = commands ?? [];
    show(this.menuButton, this.commands.length > 0 && menuButton?.type !== "web_app");
    this.changed();
  }

  setReplyKeyboard(keyboard) {
    const grid = keyboard?.reply?.length ? keyboard : null;
    this.input.placeholder = keyboard?.placeholder || this.desk.t("message");
    if (JSON.stringify(grid) === JSON.stringify(this.replyKeyboard)) return;
    this.replyKeyboard = grid;
    this.keysOpen = grid !== null;
    this.drawKeys();
  }

  drawKeys() {
    const { t } = this.desk;
    const keyboard = this.replyKeyboard;
    const writing = this.faceName === "write";
    show(this.keyboardButton, Boolean(keyboard) && writing);
    const open = Boolean(keyboard) && this.keysOpen && writing;
    this.element.classList.toggle("with-keyboard", Boolean(keyboard));
    this.keyboardButton.classList.toggle("on", open);
    this.keyboardButton.setAttribute("aria-expanded", String(open));
    const label = t(open ? "keyboard_hide" : "keyboard_show");
    this.keyboardButton.setAttribute("aria-label", label);
    this.keyboardButton.title = label;
    show(this.keys, open);
    this.keys.classList.toggle("tall", Boolean(keyboard) && !keyboard.resize);
    this.keys.replaceChildren(...(keyboard?.reply ?? []).map((row) => h("div.reply-row", {}, row.map((button) =>
      h("button.reply-key", { onClick: () => this.pressReply(button) },
        button.request_contact ? icon("contact") : null, h("span", {}, button.text))))));
  }

  toggleKeyboard() {
    this.keysOpen = !this.keysOpen;
    this.drawKeys();
  }

  async pressReply(button) {
    const { one_time: once } = this.replyKeyboard;
    const done = await this.desk.pressReply(button);
    if (done && once) {
      this.keysOpen = false;
      this.drawKeys();
    }
  }

  // Replying to or editing a message: a bar with what it is about stands above the input.
  startTask(kind, message) {
    const { t } = this.desk;
    if (this.task?.kind === "edit" && kind !== "edit") this.write("");
    this.task = { kind, message };
    const title = kind === "edit" ? t("editing") : t("reply_to", { name: message.from.name });
    this.bar.replaceChildren(
      icon(kind === "edit" ? "edit" : "reply", "task-icon"),
      h("div.task-text", {}, h("span.task-title", {}, title), h("span.task-line", {}, summary(message, t))),
      iconButton("close", t("cancel"), { onClick: () => this.endTask(true) }));
    show(this.bar, true);
    this.sendButton.setAttribute("aria-label", t(kind === "edit" ? "save_edit" : "send"));
    if (kind === "edit") this.write(message.text ?? "");
    this.input.focus();
  }

  endTask(clear = false) {
    if (clear && this.task?.kind === "edit") this.write("");
    this.task = null;
    show(this.bar, false);
    this.sendButton.setAttribute("aria-label", this.desk.t("send"));
  }

  // Each chat keeps what was typed and not sent.
  switchTo(key) {
    if (this.place !== undefined && this.task?.kind !== "edit") this.drafts.set(this.place, this.input.value);
    this.endTask();
    this.place = key;
    this.write(this.drafts.get(key) ?? "");
  }

  write(text) {
    this.input.value = text;
    this.changed();
  }

  // Puts a text at the caret, with a space where it would touch a word.
  insert(text) {
    if (this.faceName !== "write") return false;
    const { value, selectionStart, selectionEnd } = this.input;
    const before = value.slice(0, selectionStart);
    const glue = before && !/\s$/.test(before) ? " " : "";
    this.input.value = before + glue + text + value.slice(selectionEnd);
    this.input.focus();
    const caret = before.length + glue.length + text.length;
    this.input.setSelectionRange(caret, caret);
    this.changed();
    return true;
  }

  changed() {
    const { value } = this.input;
    // The twin behind the textarea has the same text, and so gives it its height.
    this.grow.dataset.value = value;
    this.sendButton.disabled = !value.trim();
    this.element.classList.toggle("typing-text", value.length > 0);
    const typed = /^\/(\S*)$/.exec(value);
    if (typed) this.openCommands(typed[1]);
    else this.closeCommands();
  }

  key(event) {
    if (event.isComposing) return;
    if (!this.commandList.hidden && this.commandKey(event)) {
      event.preventDefault();
      return;
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape" && this.task) {
      event.preventDefault();
      this.endTask(true);
    } else if (event.key === "ArrowUp" && !this.input.value && !this.task) {
      const message = this.desk.lastOwn();
      if (!message) return;
      event.preventDefault();
      this.startTask("edit", message);
    }
  }

  async submit() {
    const text = this.input.value.trim();
    if (!text || this.busy) return;
    const task = this.task;
    this.busy = true;
    const done = task?.kind === "edit"
      ? await this.desk.saveEdit(task.message, text)
      : await this.desk.send(text, task?.message.message_id);
    this.busy = false;
    if (!done) return;
    this.endTask();
    this.write("");
  }

  paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.desk.offerFiles(files);
  }

  toggleCommands() {
    if (this.commandList.hidden) this.openCommands("");
    else this.closeCommands();
    this.input.focus();
  }

  openCommands(prefix) {
    this.matches = this.commands.filter(({ command }) => command.startsWith(prefix.toLowerCase()));
    if (!this.matches.length) {
      this.closeCommands();
      return;
    }
    this.chosen = prefix ? 0 : -1;
    this.commandList.replaceChildren(...this.matches.map(({ command, description }, index) =>
      h("button.command", {
        id: `${this.commandList.id}-${index}`, role: "option", tabindex: "-1",
        onClick: () => this.runCommand(command),
      }, h("span.command-name", {}, `/${command}`), h("span.command-about", {}, description))));
    show(this.commandList, true);
    this.menuButton.setAttribute("aria-expanded", "true");
    this.menuButton.classList.add("on");
    this.markChosen();
  }

  closeCommands() {
    show(this.commandList, false);
    this.matches = [];
    this.menuButton.setAttribute("aria-expanded", "false");
    this.menuButton.classList.remove("on");
    this.input.removeAttribute("aria-activedescendant");
  }

  commandKey(event) {
    const { key } = event;
    if (key === "Escape") {
      this.closeCommands();
    } else if (key === "ArrowDown" || key === "ArrowUp") {
      const step = key === "ArrowDown" ? 1 : -1;
      const from = this.chosen < 0 && step < 0 ? 0 : this.chosen;
      this.chosen = (from + step + this.matches.length) % this.matches.length;
      this.markChosen();
    } else if (key === "Tab" && this.chosen >= 0) {
      this.write(`/${this.matches[this.chosen].command} `);
    } else if (key === "Enter" && this.chosen >= 0) {
      this.runCommand(this.matches[this.chosen].command);
    } else {
      return false;
    }
    return true;
  }

  markChosen() {
    [...this.commandList.children].forEach((option, index) => {
      const chosen = index === this.chosen;
      option.setAttribute("aria-selected", String(chosen));
      if (chosen) {
        option.scrollIntoView({ block: "nearest" });
        this.input.setAttribute("aria-activedescendant", option.id);
      }
    });
  }

  async runCommand(command) {
    this.closeCommands();
    this.write("");
    this.input.focus();
    await this.desk.send(`/${command}`);
  }
}
