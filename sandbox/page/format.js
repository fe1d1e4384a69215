// Times, sizes and names as a phone shows them.

const clock = new Map();

function formatter(language, options) {
  const key = language + JSON.stringify(options);
  if (!clock.has(key)) clock.set(key, new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, options));
  return clock.get(key);
}

export function timeOf(seconds, language) {
  return formatter(language, { hour: "2-digit", minute: "2-digit" }).format(new Date(seconds * 1000));
}

export function dayKey(seconds) {
  const day = new Date(seconds * 1000);
  return `${day.getFullYear()}-${day.getMonth()}-${day.getDate()}`;
}

export function dayLabel(seconds, t) {
  const now = Date.now() / 1000;
  if (dayKey(seconds) === dayKey(now)) return t("today");
  if (dayKey(seconds) === dayKey(now - 86400)) return t("yesterday");
  return formatter(t.language, { day: "numeric", month: "long" }).format(new Date(seconds * 1000));
}

export function sizeOf(bytes, language) {
  if (!Number.isFinite(bytes)) return "";
  const units = ["B", "KB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toLocaleString(language, { maximumFractionDigits: digits })} ${units[unit]}`;
}

export function fullName(user) {
  return [user.first_name, user.last_name].filter(Boolean).join(" ") || user.username || String(user.id);
}

export function extensionOf(name) {
  const match = /\.([\p{L}\p{N}]{1,5})$/u.exec(String(name ?? ""));
  return match ? match[1].toLowerCase() : "";
}
