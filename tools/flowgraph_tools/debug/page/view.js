// Pan and zoom of a drawing: wheel, drag, two fingers, keys.

const SMALL = 0.52;
const [LEAST, MOST] = [0.05, 4];

export class View {
  constructor(root, layer, changed) {
    Object.assign(this, { root, layer, changed, x: 0, y: 0, scale: 1, width: 1, height: 1, fitted: true });
    this.fingers = new Map();
    root.addEventListener("wheel", (event) => {
      event.preventDefault();
      const pinch = event.ctrlKey ? 4 : 1;
      this.zoom(Math.exp(-event.deltaY * 0.0015 * pinch), event.offsetX, event.offsetY);
    }, { passive: false });
    root.addEventListener("pointerdown", (event) => this.down(event));
    root.addEventListener("pointermove", (event) => this.move(event));
    for (const end of ["pointerup", "pointercancel"]) root.addEventListener(end, (event) => this.up(event));
    new ResizeObserver(() => { if (this.fitted) this.fit(); }).observe(root);
  }

  size(width, height) { this.width = width; this.height = height; }

  // All of it, at most at its own size.
  fit() {
    const { clientWidth: width, clientHeight: height } = this.root;
    const [margin, above] = [24, 52];
    const across = (width - 2 * margin) / this.width;
    const down = (height - 2 * above) / this.height;
    this.scale = Math.max(LEAST, Math.min(1.25, across, down));
    this.x = (width - this.width * this.scale) / 2;
    this.y = (height - this.height * this.scale) / 2;
    this.fitted = true;
    this.apply();
  }

  zoom(factor, x = this.root.clientWidth / 2, y = this.root.clientHeight / 2) {
    const scale = Math.max(LEAST, Math.min(MOST, this.scale * factor));
    this.x = x - (x - this.x) * (scale / this.scale);
    this.y = y - (y - this.y) * (scale / this.scale);
    this.scale = scale;
    this.fitted = false;
    this.apply();
  }

  pan(x, y) { this.x += x; this.y += y; this.fitted = false; this.apply(); }

  // Bring a rectangle of the drawing into sight.
  show([x, y, width, height]) {
    const [left, top] = [x * this.scale + this.x, y * this.scale + this.y];
    const [right, bottom] = [left + width * this.scale, top + height * this.scale];
    const { clientWidth, clientHeight } = this.root;
    if (left >= 0 && top >= 0 && right <= clientWidth && bottom <= clientHeight) return;
    this.pan(clientWidth / 2 - (left + right) / 2, clientHeight / 2 - (top + bottom) / 2);
  }

  sees([x, y, width, height]) {
    const [left, top] = [x * this.scale + this.x, y * this.scale + this.y];
    return left < this.root.clientWidth && top < this.root.clientHeight && left + width * this.scale > 0 && top + height * this.scale > 0;
  }

  down(event) {
    this.fingers.set(event.pointerId, [event.clientX, event.clientY]);
    this.moved = 0;
  }

  move(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const now = [event.clientX, event.clientY];
    const others = [...this.fingers].filter(([id]) => id !== event.pointerId);
    this.fingers.set(event.pointerId, now);
    if (others.length) {
      const [, other] = others[0];
      const apart = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]) || 1;
      const area = this.root.getBoundingClientRect();
      this.zoom(apart(now) / apart(before), (now[0] + other[0]) / 2 - area.left, (now[1] + other[1]) / 2 - area.top);
      return;
    }
    const [x, y] = [now[0] - before[0], now[1] - before[1]];
    this.moved += Math.abs(x) + Math.abs(y);
    if (this.moved < 4) return;
    this.root.setPointerCapture(event.pointerId);
    this.root.classList.add("moving");
    this.pan(x, y);
  }

  up(event) {
    this.fingers.delete(event.pointerId);
    this.root.classList.remove("moving");
  }

  apply() {
    this.layer.setAttribute("transform", `translate(${this.x} ${this.y}) scale(${this.scale})`);
    this.root.classList.toggle("small", this.scale < SMALL);
    this.changed();
  }
}
