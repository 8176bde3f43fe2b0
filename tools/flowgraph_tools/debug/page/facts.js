// What is known about a node: words, lines of the file, formats and why, bytes.

import { el, size } from "./words.js";

export function facts(known) {
  const made = [];
  if (known.doc) made.push(el("p", { class: "doc" }, known.doc));
  if (known.lines) {
    const rows = known.lines.text.split("\n");
    const width = String(known.lines.first + rows.length - 1).length;
    const lines = rows.flatMap((row, i) => [el("span", { class: "number" }, `${String(known.lines.first + i).padStart(width)}  `), `${row}\n`]);
    made.push(el("h3", {}, "In the file"), el("pre", {}, ...lines), el("p", { class: "note" }, `${known.lines.file}:${known.lines.first}`));
  }
  if (known.aliases.length) made.push(el("p", { class: "note" }, `also known as ${known.aliases.join(", ")}: equal nodes are one`));
  const rows = [
    ...known.reads.map((stream) => [stream.port, `reads ${stream.node}`, [stream.format, stream.how].filter(Boolean).join(" · ")]),
    ...known.makes.map((stream) => [stream.port, "makes", [stream.format, `${size(stream.nbytes)} a frame`, stream.how].filter(Boolean).join(" · ")]),
  ];
  if (rows.length) {
    made.push(el("h3", {}, "Formats"));
    made.push(el("table", {}, ...rows.map(([port, does, format]) => el("tr", {}, el("td", { class: "name" }, port), el("td", {}, does, el("div", { class: "note" }, format))))));
    if (known.clock) made.push(el("p", { class: "note" }, `clock: ${known.clock}`));
  }
  if (known.why.length) made.push(el("h3", {}, "Why so"), el("ul", {}, ...known.why.map((why) => el("li", {}, why))));
  if (known.memory.length) {
    made.push(el("h3", {}, "Its part in the memory"));
    made.push(el("table", {}, ...known.memory.map((share) => el("tr", {}, el("td", {}, share.what, share.reason || share.others ? el("div", { class: "note" }, [share.reason, share.others ? "shared with others" : ""].filter(Boolean).join("; ")) : ""), el("td", { class: "number" }, size(share.nbytes))))));
  }
  return made;
}
