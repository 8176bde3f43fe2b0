// A drawn graph to move about in: drag, wheel, keys; one node is chosen at a time.

const NEAREST = 4, FARTHEST = 0.3, DISTANT = 0.62, VERY_DISTANT = 0.46, STEP = 1.25, MARGIN = 24;

// Makes `svg` fill `frame`. `chosen(id)` is called when a person chooses a node, with null for none.
export function makeView(frame, svg, chosen) {
  const whole = { width: Number(svg.dataset.width), height: Number(svg.dataset.height) };
  const nodes = new Map([...svg.querySelectorAll(".node")].map((node) => [node.dataset.id, node]));
  let x = 0, y = 0, scale = 1, held = null, now = null;

  function show() {
    const width = frame.clientWidth / scale, height = frame.clientHeight / scale;
    svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
    svg.classList.toggle("distant", scale < DISTANT);
    svg.classList.toggle("farthest", scale < VERY_DISTANT);
    frame.dispatchEvent(new CustomEvent("moved", { detail: { scale } }));
  }

  function least() {
    const room = (length, size) => Math.max(1, length - 2 * MARGIN) / size;
    return Math.min(room(frame.clientWidth, whole.width), room(frame.clientHeight, whole.height), 1);
  }

  function zoom(factor, px = frame.clientWidth / 2, py = frame.clientHeight / 2) {
    const next = Math.min(NEAREST, Math.max(Math.min(least() * 0.8, FARTHEST), scale * factor));
    x += px / scale - px / next;
    y += py / scale - py / next;
    scale = next;
    show();
  }

  function fit() {
    scale = Math.min(1.25, Math.min(
      (frame.clientWidth - 2 * MARGIN) / whole.width, (frame.clientHeight - 2 * MARGIN) / whole.height));
    x = (whole.width - frame.clientWidth / scale) / 2;
    y = (whole.height - frame.clientHeight / scale) / 2;
    show();
  }

  function place(id) {
    const at = nodes.get(id).transform.baseVal.consolidate().matrix, box = nodes.get(id).getBBox();
    return { left: at.e, top: at.f, right: at.e + box.width, bottom: at.f + box.height };
  }

  // Moves as little as is needed to bring a node into sight, near enough to be read.
  function reveal(id) {
    const box = place(id);
    if (scale < DISTANT) {
      scale = 0.8;
      x = (box.left + box.right) / 2 - frame.clientWidth / scale / 2;
      y = (box.top + box.bottom) / 2 - frame.clientHeight / scale / 2;
    }
    const width = frame.clientWidth / scale, height = frame.clientHeight / scale, edge = MARGIN / scale;
    x = Math.min(box.left - edge, Math.max(x, box.right + edge - width));
    y = Math.min(box.top - edge, Math.max(y, box.bottom + edge - height));
    show();
  }

  function choose(id) {
    if (now) nodes.get(now).classList.remove("chosen");
    now = id;
    if (now) nodes.get(now).classList.add("chosen");
    for (const wire of svg.querySelectorAll(".wire")) {
      wire.classList.toggle("chosen", now !== null && [wire.dataset.tail, wire.dataset.head].includes(now));
    }
    chosen(now);
  }

  // The nearest node in a direction, told by how far off that direction it lies.
  function neighbour(dx, dy) {
    const middle = (box) => [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    const [fromX, fromY] = middle(place(now));
    let best = null, least = Infinity;
    for (const id of nodes.keys()) {
      const [toX, toY] = middle(place(id));
      const along = (toX - fromX) * dx + (toY - fromY) * dy;
      const aside = Math.abs((toX - fromX) * dy) + Math.abs((toY - fromY) * dx);
      if (along > 1 && along + 2 * aside < least) [best, least] = [id, along + 2 * aside];
    }
    return best;
  }

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  frame.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const node = event.target.closest?.(".node");
    if (event.key in ARROWS) {
      const next = now ? neighbour(...ARROWS[event.key]) : nodes.keys().next().value;
      if (next) { choose(next); reveal(next); nodes.get(next).focus({ preventScroll: true }); }
    } else if (node && (event.key === "Enter" || event.key === " ")) {
      choose(node.dataset.id);
    } else return;
    event.preventDefault();
  });

  frame.addEventListener("wheel", (event) => {
    event.preventDefault();
    const box = frame.getBoundingClientRect();
    if (event.shiftKey) { x += event.deltaY / scale; show(); return; }
    zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });

  frame.addEventListener("pointerdown", (event) => {
    if (event.button === 0) held = { x: event.clientX, y: event.clientY, moved: false };
  });
  frame.addEventListener("pointermove", (event) => {
    if (!held) return;
    const dx = event.clientX - held.x, dy = event.clientY - held.y;
    if (!held.moved && Math.hypot(dx, dy) < 4) return;
    if (!held.moved) frame.setPointerCapture(event.pointerId);
    x -= dx / scale;
    y -= dy / scale;
    held = { x: event.clientX, y: event.clientY, moved: true };
    show();
  });
  frame.addEventListener("pointerup", (event) => {
    if (held && !held.moved) {
      const node = event.target.closest?.(".node");
      choose(node ? node.dataset.id : null);
    }
    held = null;
  });
  frame.addEventListener("pointercancel", () => { held = null; });
  svg.addEventListener("focusin", (event) => {
    const node = event.target.closest?.(".node");
    if (node?.matches(":focus-visible")) reveal(node.dataset.id);
  });

  new ResizeObserver(show).observe(frame);
  fit();
  return { fit, zoom, choose, reveal, nodes, get scale() { return scale; }, get now() { return now; } };
}
