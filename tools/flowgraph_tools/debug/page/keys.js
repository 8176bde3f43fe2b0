// Keyboard shortcuts, and the list of them.

import { el } from "./words.js";

const LIST = [
  ["space", "run or pause"], ["→  ←", "one frame on, one frame back"], ["shift →  shift ←", "ten frames"], ["Home", "first frame"],
  ["/", "search nodes; enter goes to the next"], ["F", "show the whole graph"], ["+  −", "zoom"], ["alt →  alt ←", "from node to node along the edges"],
  ["S", "the slowest node"], ["W", "wide panel"], ["L", "loop"], ["R", "the stream's own pace"], ["T", "light or dark"], ["Esc", "back to the overview"], ["?", "this list"],
];

export function keys(app) {
  const help = document.getElementById("help");
  help.append(el("h2", {}, "Keys"), el("dl", {}, ...LIST.flatMap(([key, does]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, does)])), el("form", { method: "dialog" }, el("button", { class: "main" }, "Close")));
  const frames = (count) => app.act("seek", { frame: Math.max(0, app.state.frame + count) });
  const does = {
    " ": () => app.bar.toggle.click(), ArrowRight: (event) => (event.shiftKey ? app.act("step", { frames: 10 }) : app.act("step")), ArrowLeft: (event) => (event.shiftKey ? frames(-10) : app.act("back")),
    Home: () => app.act("seek", { frame: 0 }), "/": () => app.drawing.search.focus(), f: () => app.drawing.view.fit(), "+": () => app.drawing.view.zoom(1.25), "-": () => app.drawing.view.zoom(0.8),
    s: () => app.slowest(), w: () => app.inspector.widen(), l: () => app.bar.loop.click(), r: () => app.act("pace"), t: () => app.act("theme"), "?": () => app.act("help"), Escape: () => app.pick(null),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    const field = ["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName) && event.target.type !== "checkbox";
    const button = event.target.tagName === "BUTTON" || event.target.tagName === "SUMMARY";
    const act = does[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || (field && event.key !== "Escape") || (button && event.key === " ")) return;
    event.preventDefault();
    act(event);
  });
}
