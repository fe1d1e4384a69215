// The list of a persona's chats, and the topics of a forum as tabs.

import { avatar, BOT_TINT, h, icon, show } from "./dom.js";
import { timeOf } from "./format.js";
import { summary } from "./message.js";
import { api, Refused } from "./net.js";

export const GENERAL_TOPIC = 1;

export function chatTitle(chat, bots) {
  if (chat.title) return chat.title;
  return bots.find((bot) => bot.id === chat.bot_id)?.name ?? bots[0]?.name ?? "Bot";
}

export function faceOf(chat, bots) {
  return avatar(chatTitle(chat, bots), chat.type === "private" ? BOT_TINT : chat.id, chat.is_forum ? "squared" : "");
}

export class ChatList {
  constructor(t, onOpen) {
    this.t = t;
    this.onOpen = onOpen;
    this.newest = new Map();
    this.element = h("nav.chat-list", { "aria-label": t("chats"), hidden: true });
  }

  async show(chats, bots, user, unread) {
    this.chats = chats;
    this.bots = bots;
    this.draw(unread);
    await Promise.all(chats.map(async (chat) => {
      try {
        const { messages } = await api.screen(chat.id, user.id);
        if (messages.length) this.newest.set(chat.id, messages[messages.length - 1]);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
      }
    }));
    this.draw(unread);
  }

  note(message, unread) {
    this.newest.set(message.chat_id, message);
    this.draw(unread);
  }

  draw(unread) {
    const { t } = this;
    const focused = document.activeElement?.dataset?.chat;
    const age = (chat) => this.newest.get(chat.id)?.date ?? 0;
    this.element.replaceChildren(...[...this.chats].sort((a, b) => age(b) - age(a)).map((chat) => {
      const message = this.newest.get(chat.id);
      const waiting = unread.get(chat.id) ?? 0;
      return h("button.chat-item", { "data-chat": chat.id, onClick: () => this.onOpen(chat) },
        faceOf(chat, this.bots),
        h("span.chat-text", {},
          h("span.chat-name", {}, chatTitle(chat, this.bots)),
          h("span.chat-last", {}, message ? summary(message, t) : "")),
        h("span.chat-side", {},
          message ? h("span.chat-time", {}, timeOf(message.date, t.language)) : null,
          waiting ? h("span.badge", { "aria-label": t.count("unread", waiting) }, String(waiting)) : null));
    }));
    if (focused) this.element.querySelector(`[data-chat="${CSS.escape(focused)}"]`)?.focus();
  }
}

export class Topics {
  constructor(t, onOpen) {
    this.t = t;
    this.onOpen = onOpen;
    this.unread = new Map();
    this.element = h("div.topics", { role: "tablist", "aria-label": t("topics"), hidden: true, onKeydown: (event) => this.key(event) });
  }

  draw(chat, current) {
    show(this.element, Boolean(chat.is_forum));
    if (!chat.is_forum) return;
    const named = (chat.topics ?? []).filter((topic) => topic.thread_id !== GENERAL_TOPIC);
    const tabs = [{ thread_id: GENERAL_TOPIC, name: this.t("general") }, ...named];
    const had = this.element.contains(document.activeElement);
    this.element.replaceChildren(...tabs.map(({ thread_id: thread, name, closed }) => {
      const waiting = this.unread.get(thread) ?? 0;
      const selected = thread === current;
      return h("button.topic", {
        role: "tab", "aria-selected": String(selected), tabindex: selected ? "0" : "-1", onClick: () => this.onOpen(thread),
      }, h("span.topic-mark", { class: `tint-${thread % 7}`, "aria-hidden": "true" }),
      h("span.topic-name", {}, name || this.t("topic", { n: thread })),
      closed ? icon("block", "tiny") : null,
      waiting ? h("span.badge", { "aria-label": this.t.count("unread", waiting) }, String(waiting)) : null);
    }));
    const tab = this.element.querySelector("[aria-selected=true]");
    if (had) tab?.focus();
    tab?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const tabs = [...this.element.children];
    const here = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
    tabs[(here + step + tabs.length) % tabs.length].click();
  }
}
