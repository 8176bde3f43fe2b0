// The connection to the engine: asks and gets replies; hears news; comes back when it was lost.

import { decode, encode } from "./msgpack.js";

export class Link {
  constructor(heard) {
    this.heard = heard;
    this.asked = new Map();
    this.next = 1;
    this.wait = 250;
    this.connect();
  }

  connect() {
    const address = new URL("socket", location.href);
    address.protocol = "ws:";
    this.socket = new WebSocket(address);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => { this.wait = 250; };
    this.socket.onmessage = (event) => this.take(decode(event.data));
    this.socket.onclose = () => {
      for (const { refuse } of this.asked.values()) refuse({ message: "the engine is gone", hint: "", place: {} });
      this.asked.clear();
      this.heard({ is: "lost" });
      setTimeout(() => this.connect(), this.wait);
      this.wait = Math.min(5000, this.wait * 2);
    };
  }

  take(message) {
    if (message.is !== "reply") { this.heard(message); return; }
    const asked = this.asked.get(message.id);
    this.asked.delete(message.id);
    if (!asked) return;
    if (message.error) asked.refuse(message.error);
    else asked.done(message);
  }

  // The reply; what is refused is thrown as {message, hint, place}.
  ask(what, more = {}) {
    return new Promise((done, refuse) => {
      if (this.socket.readyState !== WebSocket.OPEN) { refuse({ message: "the engine is gone", hint: "", place: {} }); return; }
      const id = this.next++;
      this.asked.set(id, { done, refuse });
      this.socket.send(encode({ do: what, id, ...more }));
    });
  }
}
