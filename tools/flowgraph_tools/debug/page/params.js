// A node's parameters as sliders and fields with the bounds of their schema.

import { el } from "./words.js";

// A slider's position 0..1000 for a value and back; wide ranges of positive numbers go by ratio.
function scaleOf({ least, most, whole }) {
  const byRatio = least > 0 && most / least > 200;
  const rounded = (value) => (whole ? Math.round(value) : Number(value.toPrecision(3)));
  return byRatio
    ? { to: (value) => (1000 * Math.log(value / least)) / Math.log(most / least), from: (at) => rounded(least * (most / least) ** (at / 1000)) }
    : { to: (value) => (1000 * (value - least)) / (most - least), from: (at) => rounded(least + ((most - least) * at) / 1000) };
}

// `set(name, text)` gives a promise; what it refuses is shown below the field.
export function param(given, set, reset, editable) {
  const wrong = el("div", { class: "wrong", role: "alert", hidden: true });
  const id = `param-${given.name}`;
  const host = el("div", { class: "param" });
  let last = given.value;
  const change = async (text) => {
    if (text === last) return;
    last = text;
    try {
      await set(given.name, text);
      wrong.hidden = true;
    } catch (error) {
      wrong.textContent = [error.message, error.hint].filter(Boolean).join(" – ");
      wrong.hidden = false;
    }
  };
  const top = el("div", { class: "top" }, el("label", { for: id }, given.name), ...fields(given, id, change, !editable));
  const kind = given.live ? "live" : "compiles again";
  const about = el("div", { class: "about" }, given.help ? `${given.help}. ` : "", `${given.takes}${given.default === null ? "" : `; default ${given.default || "nothing"}`} · ${kind}`);
  host.append(top, about, wrong);
  host.classList.toggle("changed", Boolean(given.edited));
  if (given.edited) about.append(" ", el("button", { class: "plain", onclick: () => reset(given.name) }, "take back"));
  return host;
}

function fields(given, id, change, disabled) {
  const keys = (event) => { if (event.key === "Enter") change(event.target.value); event.stopPropagation(); };
  if (given.truth) {
    return [el("input", { type: "checkbox", id, disabled, checked: given.value === "true", onchange: (event) => change(String(event.target.checked)) })];
  }
  if (given.only_words) {
    const options = given.words.map((word) => el("option", { value: word, selected: String(word) === given.value }, word === "" ? "(nothing)" : String(word)));
    return [el("select", { id, class: "whole", disabled, onchange: (event) => change(event.target.value) }, ...options)];
  }
  const unit = given.level && given.value.endsWith("%") ? "%" : "";
  const bounds = unit ? { least: 0, most: 100, whole: false } : given;
  const field = el("input", { type: "text", id, disabled, value: given.value, inputmode: bounds.least === null ? "text" : "decimal", onkeydown: keys, onchange: (event) => change(event.target.value) });
  const number = Number.parseFloat(given.value);
  if (given.words.length) {
    field.classList.add("whole");
    field.setAttribute("list", `${id}-words`);
    return [field, el("datalist", { id: `${id}-words` }, ...given.words.map((word) => el("option", { value: word })))];
  }
  if (bounds.least === null || bounds.most === null || Number.isNaN(number)) { field.classList.add("whole"); return [field]; }
  const scale = scaleOf(bounds);
  let waiting = 0;
  const slide = (event) => {
    field.value = `${scale.from(Number(event.target.value))}${unit}`;
    clearTimeout(waiting);
    waiting = setTimeout(() => change(field.value), 120);
  };
  const slider = el("input", { type: "range", min: 0, max: 1000, step: 1, disabled, value: scale.to(number), "aria-label": `${given.name} slider`, oninput: slide, onchange: () => change(field.value), onkeydown: (event) => event.stopPropagation() });
  field.addEventListener("change", () => { const value = Number.parseFloat(field.value); if (!Number.isNaN(value)) slider.value = scale.to(value); });
  return [slider, field];
}
