// One node of the drawing: its picture, its times, what it takes over, and why it is there.

import { count, heat, ms, percent, size, svg } from "./words.js";

const HOT = 0.25;
const [PAD, TOP, PICTURE] = [8, 28, 79];

// Shorten a text to a width; what is left out stands in its title.
export function clip(text, room) {
  const whole = text.textContent;
  if (!whole || text.getComputedTextLength() <= room) return;
  let length = whole.length;
  while (length > 1 && text.getComputedTextLength() > room) text.textContent = `${whole.slice(0, --length)}…`;
}

export function card(node, pick) {
  const [x, y, width, height] = node.area;
  const state = svg("circle", { class: "state", r: 4, cx: width - 13, cy: 14 });
  // What the engine adds is named after what it stands behind: that is seen from the edge.
  const label = node.small && node.name.includes(">") ? `→ ${node.name.split(">").at(-1)}` : node.name;
  const name = svg("text", { class: "name", x: PAD, y: 19.5 }, label);
  const type = svg("text", { class: "muted end", x: width - 23, y: 19 }, node.type === node.name || node.small ? "" : node.type);
  const title = svg("title", {}, `${node.name} (${node.type})${node.notes.length ? `\n${node.notes.join("\n")}` : ""}`);
  const glow = svg("rect", { class: "heat", width, height, rx: 8 });
  const group = svg("g", {
    class: `node${node.added ? " added" : ""}`, transform: `translate(${x} ${y})`, tabindex: 0, role: "button", "data-name": node.name,
  }, title, svg("rect", { class: "card", width, height, rx: 8 }), glow, name, type, state);
  const drawn = { node, group, flat: "" };
  const parts = node.small ? small(node, group) : large(node, group, pick);
  const farY = node.small ? height / 2 : 24;
  const [far, how] = [svg("text", { class: "far what", x: width / 2, y: farY }, label), svg("text", { class: "far how", x: width / 2, y: height - 20 })];
  group.append(far);
  if (!node.small) group.append(how);
  group.addEventListener("click", (event) => pick(event.target.closest("[data-name]").dataset.name));

  drawn.trim = () => {
    const room = width - 2 * PAD - 18;
    clip(name, room);
    clip(type, Math.max(0, room - name.getComputedTextLength() - 6));
    if (room - name.getComputedTextLength() < 24) type.textContent = "";
    const style = far.style;
    style.display = "block";
    const length = far.getComputedTextLength();
    style.display = "";
    if (length > width - 8) style.fontSize = `${Math.max(11, Math.floor(((width - 8) / length) * (node.small ? 20 : 28)))}px`;
    parts.trim();
  };
  drawn.show = (picture) => { drawn.flat = picture.flat || ""; parts.show(picture); };
  // A picture of one colour, made of pictures that were none: here something was lost.
  drawn.lose = (lost) => { group.classList.toggle("lost", lost); parts.lose(lost ? drawn.flat : ""); };
  drawn.update = (row, slowest, run, full) => {
    const [fired, mean, p95, share, working, waiting] = row;
    const colour = heat(share, full);
    const hot = slowest || share > HOT;
    group.style.setProperty("--heat", colour);
    group.style.setProperty("--glow", hot ? 0.13 : 0);
    group.style.setProperty("--far-glow", (0.55 * Math.min(1, share / full) ** 1.5).toFixed(2));
    group.classList.toggle("hot", hot);
    group.classList.toggle("working", working > 0);
    group.classList.toggle("waiting", !working && waiting > 0);
    how.textContent = fired ? percent(share) : "";
    parts.update({ fired, mean, p95, share, slowest, run });
    const doing = working ? ", at work" : waiting ? ", waiting for its turn" : "";
    group.setAttribute("aria-label", `${node.name}, ${node.type}: ${ms(mean)} milliseconds a frame, ${percent(share)} of the time${doing}`);
  };
  drawn.mark = (picked) => {
    group.classList.toggle("picked", picked === node.name);
    for (const chip of group.querySelectorAll(".chip")) chip.classList.toggle("picked", chip.dataset.name === picked);
  };
  return drawn;
}

// A node that the engine added: no picture, its reason instead.
function small(node, group) {
  const [, , width, height] = node.area;
  const time = svg("text", { class: "ms muted end", x: width - PAD, y: height - 8 });
  const reasons = node.reason.map((line, i) => svg("text", { class: "reason", x: PAD, y: 35 + 13.5 * i }, line));
  group.append(...reasons, time);
  return {
    trim: () => reasons.forEach((line) => clip(line, width - 2 * PAD)),
    show: () => {},
    lose: () => {},
    update: ({ fired, mean, share }) => { time.textContent = fired ? `${ms(mean)} ms` : ""; },
  };
}

function large(node, group, pick) {
  const [, , width] = node.area;
  const inner = width - 2 * PAD;
  const ground = svg("rect", { class: "picture", x: PAD, y: TOP, width: inner, height: PICTURE, rx: 4 });
  const image = svg("image", { x: PAD, y: TOP, width: inner, height: PICTURE, preserveAspectRatio: "xMidYMid meet" });
  const rows = svg("g", { class: "row" });
  const line = TOP + PICTURE + 17;
  const time = svg("text", { class: "ms", x: PAD, y: line });
  const part = svg("text", { class: "ms end", x: width - PAD, y: line });
  const bar = svg("rect", { class: "bar", x: PAD, y: line + 6, width: inner, height: 6, rx: 3 });
  const share = svg("rect", { class: "share", x: PAD, y: line + 6, width: 0, height: 6, rx: 3 });
  const tail = svg("text", { class: "muted", x: PAD, y: line + 28 });
  const bytes = svg("text", { class: "muted end", x: width - PAD, y: line + 28 }, node.bytes ? size(node.bytes) : "");
  const shade = svg("rect", { class: "shade", x: PAD, y: TOP + PICTURE - 15, width: 0, height: 15, rx: 3 });
  const frames = svg("text", { class: "frames", x: PAD + 4, y: TOP + PICTURE - 4 });
  const badge = svg("g", { class: "badge", visibility: "hidden" }, svg("rect", { x: width - PAD - 53, y: TOP + 4, width: 49, height: 17, rx: 8.5 }), svg("text", { x: width - PAD - 28.5, y: TOP + 16 }, "slowest"));
  const chips = node.taken.map((name, i) => chip(name, pick, PAD + (i % 2) * (inner / 2 + 2), line + 36 + 22 * Math.floor(i / 2), inner / 2 - 2));
  const loss = svg("g", { class: "loss", visibility: "hidden" }, svg("rect", { x: PAD + 12, y: TOP + 26, width: inner - 24, height: 26, rx: 13 }), svg("text", { x: width / 2, y: TOP + 44 }));
  group.append(ground, image, rows, shade, frames, badge, loss, time, part, bar, share, tail, bytes, ...chips);
  let digits = 0;
  return {
    trim: () => chips.forEach((made) => clip(made.querySelector("text"), inner / 2 - 12)),
    show: (picture) => {
      if (picture.url) image.setAttribute("href", picture.url);
      rows.replaceChildren(...Object.entries(picture.row || {}).slice(0, 6).map(([column, value], i) => svg("text", { x: PAD + 8, y: TOP + 16 + 14 * i }, `${column}  ${Number(value.toPrecision(5))}`)));
      rows.dataset.index = picture.index;
      group.dataset.picture = picture.index;
    },
    lose: (word) => { loss.setAttribute("visibility", word ? "visible" : "hidden"); loss.lastChild.textContent = word; },
    update: ({ fired, mean, p95, share: part_, slowest, run }) => {
      time.textContent = fired ? `${ms(mean)} ms` : "";
      tail.textContent = fired && p95 !== null ? `p95 ${ms(p95)}` : "";
      part.textContent = fired ? percent(part_) : "";
      share.setAttribute("width", Math.max(0, inner * Math.min(1, part_)));
      frames.textContent = fired ? `${count(fired)} ${fired === 1 ? "frame" : "frames"}` : run.mode === "waiting" ? "" : "no frame yet";
      if (frames.textContent.length !== digits) {
        digits = frames.textContent.length;
        shade.setAttribute("width", digits ? frames.getComputedTextLength() + 8 : 0);
      }
      badge.setAttribute("visibility", slowest ? "visible" : "hidden");
    },
  };
}

// A node whose work this one does besides its own; its picture is computed at the side when it is asked for.
function chip(name, pick, x, y, width) {
  const text = svg("text", { x: x + 6, y: y + 12.5 }, `+ ${name}`);
  const title = svg("title", {}, `${name}: its work is done here; its picture is computed at the side`);
  return svg("g", { class: "chip", "data-name": name, tabindex: 0, role: "button", "aria-label": `${name}, computed at the side` }, title, svg("rect", { x, y, width, height: 18, rx: 4 }), text);
}
