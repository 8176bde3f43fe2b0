// Numbers as people read them, colours of heat, and elements.

export const ms = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
export const percent = (share) => `${share >= 0.0995 || share === 0 ? (share * 100).toFixed(0) : (share * 100).toFixed(1)} %`;
export const count = (value) => value.toLocaleString("en");

export function size(bytes) {
  for (const [unit, step] of [["GiB", 2 ** 30], ["MiB", 2 ** 20], ["KiB", 2 ** 10]]) {
    if (bytes >= step) return `${(bytes / step).toFixed(1)} ${unit}`;
  }
  return `${bytes} B`;
}

export function span(seconds) {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

export function clock(seconds) {
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${(seconds - minutes * 60).toFixed(3).padStart(6, "0")}`;
}

// "1:02.5" or "62.5" as seconds; NaN for anything else.
export function seconds(text) {
  if (!/^(\d+:){0,2}\d+(\.\d+)?$/.test(text.trim())) return NaN;
  return text.trim().split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}

// Green for no time at all, red from the share `full` on.
export function heat(share, full = 0.5) {
  const at = Math.min(1, share / full);
  const hue = at < 0.5 ? 152 - (152 - 45) * (at / 0.5) : 45 - (45 - 4) * ((at - 0.5) / 0.5);
  return `hsl(${hue.toFixed(0)} ${(50 + 28 * at).toFixed(0)}% ${(42 + 8 * at).toFixed(0)}%)`;
}

export function el(tag, attributes = {}, ...inside) {
  const made = document.createElement(tag);
  fill(made, attributes, inside);
  return made;
}

export function svg(tag, attributes = {}, ...inside) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  fill(made, attributes, inside);
  return made;
}

function fill(made, attributes, inside) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...inside.filter((item) => item !== null && item !== undefined));
}

export const ICONS = {
  run: "M3 2l10 6-10 6z", pause: "M3 2h4v12H3zM9 2h4v12H9z", step: "M2 2l8 6-8 6zM11 2h3v12h-3z",
  back: "M14 2L6 8l8 6zM2 2h3v12H2z", start: "M14 2L8 8l6 6zM8 2L2 8l6 6zM1 2h1v12H1z",
  loop: "M4 3h7a3 3 0 013 3v3h-2V6a1 1 0 00-1-1H4v2L1 4l3-3zM12 13H5a3 3 0 01-3-3V7h2v3a1 1 0 001 1h7V9l3 3-3 3z",
};

export const icon = (name) => svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: ICONS[name] }));
