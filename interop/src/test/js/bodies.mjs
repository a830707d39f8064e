// Bodies that a compressing client sends and must get back: around the sizes at which lengths and blocks change.
const SIZES = [0, 1, 125, 126, 255, 256, 4095, 4096, 65535, 65536];
const LARGEST = 1 << 20;

/** So many bodies; small ones most often, two of a mebibyte. */
export function bodies(count) {
  const all = [];
  for (let i = 0; i < count; i++) {
    const size = i === count >> 1 || i === count - 1 ? LARGEST : i % 10 === 0 ? SIZES[(i / 10) % SIZES.length] : i;
    all.push(i % 3 === 0 ? noise(size, i) : json(size, i));
  }
  return all;
}

function json(size, seed) {
  const entry = `{"symbol":"AAPL","price":${seed},"é":"€"},`;
  return entry.repeat(size / entry.length + 1).slice(0, size);
}

/** Letters in no order, which get little smaller. */
function noise(size, seed) {
  let state = seed + 1;
  let text = '';
  while (text.length < size) {
    state = (state * 48271) % 2147483647;
    text += String.fromCharCode(48 + (state % 75));
  }
  return text;
}
