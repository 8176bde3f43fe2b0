// Messages as msgpack (msgpack.org): maps, lists, texts, numbers, bytes, true, false and nothing.

const texts = { encoder: new TextEncoder(), decoder: new TextDecoder() };

export function decode(buffer) {
  const view = new DataView(buffer);
  let at = 0;
  const take = (count) => { at += count; return at - count; };
  const bytes = (count) => new Uint8Array(buffer, take(count), count);
  const text = (count) => texts.decoder.decode(bytes(count));
  const list = (count) => Array.from({ length: count }, value);
  const map = (count) => {
    const found = {};
    for (let i = 0; i < count; i++) { const key = value(); found[key] = value(); }
    return found;
  };
  const whole = (number) => Number(number);
  const kinds = {
    0xc0: () => null, 0xc2: () => false, 0xc3: () => true,
    0xc4: () => bytes(view.getUint8(take(1))), 0xc5: () => bytes(view.getUint16(take(2))), 0xc6: () => bytes(view.getUint32(take(4))),
    0xca: () => view.getFloat32(take(4)), 0xcb: () => view.getFloat64(take(8)),
    0xcc: () => view.getUint8(take(1)), 0xcd: () => view.getUint16(take(2)), 0xce: () => view.getUint32(take(4)), 0xcf: () => whole(view.getBigUint64(take(8))),
    0xd0: () => view.getInt8(take(1)), 0xd1: () => view.getInt16(take(2)), 0xd2: () => view.getInt32(take(4)), 0xd3: () => whole(view.getBigInt64(take(8))),
    0xd9: () => text(view.getUint8(take(1))), 0xda: () => text(view.getUint16(take(2))), 0xdb: () => text(view.getUint32(take(4))),
    0xdc: () => list(view.getUint16(take(2))), 0xdd: () => list(view.getUint32(take(4))),
    0xde: () => map(view.getUint16(take(2))), 0xdf: () => map(view.getUint32(take(4))),
  };
  function value() {
    const kind = view.getUint8(take(1));
    if (kind < 0x80) return kind;
    if (kind < 0x90) return map(kind & 0x0f);
    if (kind < 0xa0) return list(kind & 0x0f);
    if (kind < 0xc0) return text(kind & 0x1f);
    if (kind > 0xdf) return kind - 0x100;
    if (!kinds[kind]) throw new Error(`msgpack: kind ${kind}`);
    return kinds[kind]();
  }
  return value();
}

export function encode(message) {
  const out = [];
  const number = (kind, count, write) => {
    const view = new DataView(new ArrayBuffer(count));
    write(view);
    out.push(kind, ...new Uint8Array(view.buffer));
  };
  const sized = (short, most, long, count) => {
    if (count <= most) out.push(short | count);
    else number(long, 4, (view) => view.setUint32(0, count));
  };
  const put = (item) => {
    if (item === null || item === undefined) out.push(0xc0);
    else if (typeof item === "boolean") out.push(item ? 0xc3 : 0xc2);
    else if (typeof item === "number") {
      if (Number.isInteger(item) && Math.abs(item) < 2 ** 31) number(0xd2, 4, (view) => view.setInt32(0, item));
      else number(0xcb, 8, (view) => view.setFloat64(0, item));
    } else if (typeof item === "string") {
      const data = texts.encoder.encode(item);
      sized(0xa0, 31, 0xdb, data.length);
      for (const byte of data) out.push(byte);
    } else if (Array.isArray(item)) {
      sized(0x90, 15, 0xdd, item.length);
      item.forEach(put);
    } else {
      const entries = Object.entries(item);
      sized(0x80, 15, 0xdf, entries.length);
      for (const [key, inner] of entries) { put(key); put(inner); }
    }
  };
  put(message);
  return new Uint8Array(out);
}
