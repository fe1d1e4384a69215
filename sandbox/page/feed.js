// The list of messages. It keeps the messages by id and reconciles the rows on the page:
// a row is built again only when something in it changed, so an edit happens in place.

import { h, icon } from "./dom.js";
import { dayKey, dayLabel } from "./format.js";
import { renderRow } from "./message.js";

const GROUP_SECONDS = 5 * 60;
const NEAR_BOTTOM_PX = 60;

export class Feed {
  constructor(desk) {
    this.desk = desk;
    this.messages = new Map();
    this.rows = new Map();
    this.unseen = 0;
    this.stuck = true;
    this.lastTop = 0;
    this.list = h("div.feed-list");
    this.scroller = h("div.feed", {
      role: "log", "aria-live": "off", "aria-label": desk.t("messages"), tabindex: "0",
      onScroll: () => this.noticeScroll(),
      onKeydown: (event) => this.walk(event),
    }, this.list);
    this.badge = h("span.badge", { hidden: true });
    this.jump = h("button.jump", { hidden: true, onClick: () => this.toBottom(true) }, icon("down"), this.badge);
    this.element = h("div.feed-wrap", {}, h("div.wallpaper", { "aria-hidden": "true" }), this.scroller, this.jump);
    // Pictures that load, a keyboard that opens: stay at the bottom when we were there.
    this.observer = new ResizeObserver(() => {
      if (this.stuck) this.toBottom(false);
    });
    this.observer.observe(this.scroller);
    this.observer.observe(this.list);
  }

  get(id) {
    return this.messages.get(Number(id));
  }

  get size() {
    return this.messages.size;
  }

  lastOwn() {
    return this.ordered().filter((message) => this.desk.isMine(message) && message.kind === "text").pop();
  }

  reset(messages, { keepPlace }) {
    this.messages = new Map(messages.map((message) => [message.message_id, message]));
    this.render();
    if (!keepPlace || this.stuck) this.toBottom(false);
  }

  upsert(message) {
    const known = this.messages.get(message.message_id);
    this.messages.set(message.message_id, message);
    this.render();
    if (known) {
      if (JSON.stringify(known) !== JSON.stringify(message)) this.flash(message.message_id);
      return false;
    }
    if (this.desk.isMine(message)) this.toBottom(true);
    else if (this.stuck) this.toBottom(true);
    else this.count(this.unseen + 1);
    return true;
  }

  remove(id) {
    if (this.messages.delete(id)) this.render();
  }

  // Draws again rows whose look depends on something outside the messages (a pending press).
  refresh() {
    this.render();
  }

  ordered() {
    return [...this.messages.values()].sort((a, b) => a.message_id - b.message_id);
  }

  render() {
    const wanted = this.plan();
    const next = new Map();
    const elements = wanted.map((row) => {
      const known = this.rows.get(row.key);
      if (known && known.signature === row.signature) {
        next.set(row.key, known);
        return known.element;
      }
      const element = row.day ? h("div.row.day", {}, h("span.pill", {}, row.day)) : renderRow(row, this.desk);
      if (!row.day) this.armMenu(element, row);
      const focused = known ? focusIn(known.element) : null;
      if (known) known.element.replaceWith(element);
      else if (this.rows.size) element.classList.add("fresh");
      if (focused) refocus(element, focused);
      next.set(row.key, { element, signature: row.signature });
      return element;
    });
    for (const [key, { element }] of this.rows) {
      if (!next.has(key)) element.remove();
    }
    elements.forEach((element, index) => {
      if (this.list.children[index] !== element) this.list.insertBefore(element, this.list.children[index] ?? null);
    });
    this.rows = next;
  }

  // Which rows there should be: day marks, albums put together, neighbours grouped.
  plan() {
    const rows = [];
    let day = null;
    for (const message of this.ordered()) {
      const key = dayKey(message.date);
      if (key !== day) {
        day = key;
        const label = dayLabel(message.date, this.desk.t);
        rows.push({ key: `day ${key}`, day: label, signature: label });
      }
      const previous = rows[rows.length - 1];
      const album = message.media_group_id;
      if (album && previous?.messages?.[0].media_group_id === album) {
        previous.messages.push(message);
        continue;
      }
      rows.push({ key: message.message_id, messages: [message], mine: this.desk.isMine(message), named: this.desk.named() });
    }
    rows.forEach((row, index) => {
      if (row.day) return;
      row.first = !together(rows[index - 1], row);
      row.last = !together(row, rows[index + 1]);
      const quoted = row.messages[0].reply_to ? this.desk.find(row.messages[0].reply_to) : null;
      row.signature = JSON.stringify([row.messages, row.first, row.last, row.named, quoted?.text, this.desk.pendingOf(row.messages)]);
    });
    return rows;
  }

  armMenu(element, row) {
    const bubble = element.querySelector(".bubble");
    if (!bubble) return;
    const message = row.messages.find((part) => part.text) ?? row.messages[0];
    const open = (x, y) => this.desk.openMenu(message, bubble, x, y);
    bubble.addEventListener("contextmenu", (event) => {
      event.preventDefault();
      // The keyboard's menu key reports no useful place; open beside the bubble.
      const box = bubble.getBoundingClientRect();
      open(event.clientX || box.left + 24, event.clientY || box.top + 24);
    });
    // iOS sends no contextmenu on a long press.
    let timer = null;
    const stop = () => clearTimeout(timer);
    bubble.addEventListener("touchstart", (event) => {
      const { clientX, clientY } = event.touches[0];
      timer = setTimeout(() => open(clientX, clientY), 480);
    }, { passive: true });
    for (const name of ["touchend", "touchmove", "touchcancel"]) bubble.addEventListener(name, stop, { passive: true });
  }

  // Arrow keys walk over the bubbles; Enter opens the menu of the one in focus.
  walk(event) {
    const bubbles = [...this.list.querySelectorAll(".bubble")];
    const here = bubbles.indexOf(document.activeElement);
    if (event.key === "Enter" && here >= 0) {
      event.preventDefault();
      const box = bubbles[here].getBoundingClientRect();
      bubbles[here].dispatchEvent(new MouseEvent("contextmenu", { cancelable: true, clientX: box.left + 24, clientY: box.top + 24 }));
      return;
    }
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    if (here < 0 && event.target !== this.scroller) return;
    event.preventDefault();
    const step = event.key === "ArrowUp" ? -1 : 1;
    const next = here < 0 ? bubbles.length - 1 : here + step;
    bubbles[Math.max(0, Math.min(bubbles.length - 1, next))]?.focus();
  }

  flash(id) {
    const element = this.rowOf(id);
    element?.classList.add("flash");
    element?.addEventListener("animationend", () => element.classList.remove("flash"), { once: true });
  }

  rowOf(id) {
    for (const { element } of this.rows.values()) {
      if (element.dataset.id === String(id)) return element;
    }
    return null;
  }

  show(id) {
    const element = this.rowOf(id);
    if (!element) return;
    element.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
    this.flash(id);
  }

  noticeScroll() {
    const { scrollTop, clientHeight, scrollHeight } = this.scroller;
    // Only a move upwards lets go of the bottom: on the way down (a smooth scroll) we are still following.
    const near = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
    if (near) this.stuck = true;
    else if (scrollTop < this.lastTop) this.stuck = false;
    this.lastTop = scrollTop;
    if (this.stuck) this.unseen = 0;
    this.drawJump();
  }

  count(unseen) {
    this.unseen = unseen;
    this.drawJump();
  }

  drawJump() {
    const { t } = this.desk;
    this.jump.hidden = this.stuck;
    this.badge.hidden = this.unseen === 0;
    this.badge.textContent = String(this.unseen);
    this.jump.setAttribute("aria-label", this.unseen ? t.count("jump", this.unseen) : t("jump"));
  }

  toBottom(smooth) {
    this.stuck = true;
    this.count(0);
    const near = this.scroller.scrollHeight - this.scroller.scrollTop < this.scroller.clientHeight * 3;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth && near && !calm() ? "smooth" : "auto" });
  }

  close() {
    this.observer.disconnect();
  }
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function together(above, below) {
  if (!above?.messages || !below?.messages) return false;
  const one = above.messages[above.messages.length - 1];
  const two = below.messages[0];
  return one.kind !== "service" && two.kind !== "service" && one.from.id === two.from.id && two.date - one.date < GROUP_SECONDS;
}

// Where the keyboard focus is inside a row that is about to be drawn again.
function focusIn(element) {
  const active = document.activeElement;
  if (!element.contains(active)) return null;
  return { key: active.dataset.key ?? null };
}

function refocus(element, { key }) {
  const same = key ? element.querySelector(`[data-key="${CSS.escape(key)}"]`) : null;
  (same ?? element.querySelector(".key") ?? element.querySelector(".bubble"))?.focus({ preventScroll: true });
}
