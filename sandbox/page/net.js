// The only module that talks to the server: one function per request, and the event stream.

export class Refused extends Error {}

async function call(method, path, body) {
  const options = { method, credentials: "same-origin" };
  if (body instanceof FormData) {
    options.body = body;
  } else if (body !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Refused("");
  }
  const text = await response.text();
  let parsed = {};
  try {
    parsed = text ? JSON.parse(text) : {};
  } catch {
    throw new Refused(`HTTP ${response.status}`);
  }
  if (!response.ok) throw new Refused(parsed.error || `HTTP ${response.status}`);
  return parsed;
}

const inChat = (chat, rest) => `/user/chats/${encodeURIComponent(chat)}/${rest}`;

export const api = {
  state: () => call("GET", "/user/state"),
  addUser: (user) => call("POST", "/user/users", user),
  screen(chat, user, thread) {
    const query = new URLSearchParams({ as: user });
    if (thread) query.set("thread", thread);
    return call("GET", inChat(chat, `screen?${query}`));
  },
  send: (chat, message) => call("POST", inChat(chat, "messages"), message),
  edit: (chat, change) => call("POST", inChat(chat, "edits"), change),
  press: (chat, press) => call("POST", inChat(chat, "presses"), press),
  shareContact: (chat, contact) => call("POST", inChat(chat, "contacts"), contact),
  shareLocation: (chat, place) => call("POST", inChat(chat, "locations"), place),
  sendSticker: (chat, body) => call("POST", inChat(chat, "stickers"), body),
  sendVoice: (chat, body) => call("POST", inChat(chat, "voices"), body),
  sendFiles: (chat, form) => call("POST", inChat(chat, "files"), form),
  block: (chat, user, blocked) => call("POST", inChat(chat, "block"), { as: user, blocked }),
  remove: (chat, message, user) =>
    call("DELETE", inChat(chat, `messages/${encodeURIComponent(message)}?${new URLSearchParams({ as: user })}`)),
};

const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 3000;

// A user's event stream. It comes back by itself; `onUp` runs after each (re)connection,
// so that the screen is read again and nothing that happened in between is missed.
export class EventStream {
  constructor(user, { onEvent, onUp, onDown }) {
    this.user = user;
    this.handlers = { onEvent, onUp, onDown };
    this.wait = FIRST_WAIT_MS;
    this.closed = false;
    this.retry = () => this.open();
    window.addEventListener("online", this.retry);
    this.open();
  }

  open() {
    if (this.closed || this.socket) return;
    clearTimeout(this.timer);
    const url = new URL(`/user/events?as=${encodeURIComponent(this.user)}`, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.addEventListener("open", () => {
      this.wait = FIRST_WAIT_MS;
      this.handlers.onUp();
    });
    socket.addEventListener("message", ({ data }) => {
      for (const line of String(data).split("\n")) {
        if (line.trim()) this.handlers.onEvent(JSON.parse(line));
      }
    });
    socket.addEventListener("close", () => {
      this.socket = null;
      if (this.closed) return;
      this.handlers.onDown();
      this.timer = setTimeout(this.retry, this.wait);
      this.wait = Math.min(this.wait * 1.7, LONGEST_WAIT_MS);
    });
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    window.removeEventListener("online", this.retry);
    this.socket?.close();
  }
}
