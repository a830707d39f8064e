import { h, newId, setText } from '../dom.js';
import { clockTime, plural } from '../format.js';

const MOST = 500;
const MAX_CHARACTERS = 20_000;
const SAY_MILLIS = 1000;

/** The frames of a connection in both directions, the newest at the end. Many of them are drawn once a frame of the screen. */
export class FrameLog {
  #waiting = [];
  #drawing = 0;
  #frames = 0;
  #saying = null;

  constructor() {
    const heading = h('h2', { id: newId('card') }, 'Frames');
    this.count = h('p.count', { role: 'status' }, 'no frames yet');
    this.list = h('ol.frames', {});
    this.viewport = h('div.log', { tabindex: '0', role: 'log', 'aria-live': 'off', 'aria-labelledby': heading.id }, this.list);
    this.hint = h('p.log-hint', {}, 'Connect, and the frames of both directions come here: › is what this page sends, ‹ what the broker sends.');
    this.beats = h('input', { type: 'checkbox', id: newId('field') });
    this.element = h(
      'section.card.log-card',
      { 'aria-labelledby': heading.id },
      h(
        'header',
        {},
        h('div', {}, heading, this.count),
        h(
          'div.actions',
          {},
          h('label.check', { for: this.beats.id }, this.beats, 'Heart-beats'),
          h('button', { type: 'button', onclick: () => this.#clear() }, 'Clear'),
        ),
      ),
      this.hint,
      this.viewport,
    );
  }

  /** Something that is no frame, such as the end of the connection. */
  note(text) {
    this.#add(h('li.note', {}, h('time', {}, now()), h('span', {}, text)));
  }

  /** @param direction `in` or `out` */
  frame(direction, text) {
    const isBeat = /^\s*$/.test(text) || text === 'PING' || text === 'PONG';
    if (isBeat && !this.beats.checked) {
      return;
    }
    this.#frames++;
    const shown = isBeat ? '(heart-beat)' : shownText(text);
    const [command, ...rest] = shown.split('\n');
    this.#add(h(
      `li.${direction}${command === 'ERROR' ? '.error' : ''}`,
      {},
      h('time', {}, now()),
      h('span.arrow', { 'aria-hidden': 'true' }, direction === 'out' ? '›' : '‹'),
      h('span.unseen', {}, direction === 'out' ? 'sent' : 'received'),
      h('div.frame', {}, h('b', {}, command), rest.length > 0 && `\n${rest.join('\n')}`),
    ));
    this.#say();
  }

  stop() {
    cancelAnimationFrame(this.#drawing);
    clearTimeout(this.#saying);
  }

  #add(item) {
    this.#waiting.push(item);
    if (this.#waiting.length > MOST) {
      this.#waiting.shift();
    }
    this.#drawing ||= requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#drawing = 0;
    const { scrollHeight, scrollTop, clientHeight } = this.viewport;
    const follows = scrollHeight - scrollTop - clientHeight < 40;
    this.hint.hidden = true;
    this.list.append(...this.#waiting);
    this.#waiting = [];
    while (this.list.childElementCount > MOST) {
      this.list.firstElementChild.remove();
    }
    if (follows) {
      this.viewport.scrollTop = this.viewport.scrollHeight;
    }
  }

  /** A screen reader says how many there are, at most once a second. */
  #say() {
    this.#saying ??= setTimeout(() => {
      this.#saying = null;
      setText(this.count, plural(this.#frames, 'frame'));
    }, SAY_MILLIS);
  }

  #clear() {
    this.list.replaceChildren();
    this.#waiting = [];
    this.#frames = 0;
    setText(this.count, 'no frames yet');
    this.hint.hidden = false;
  }
}

const now = () => clockTime(Date.now() / 1000);

/** A frame as it is on the wire; the NUL as ^@, and no passcode. */
function shownText(frame) {
  const end = frame.indexOf('\n\n');
  const head = /^(CONNECT|STOMP)\n/.test(frame)
    ? frame.slice(0, end).replace(/^((?:passcode|authorization):).*$/gim, '$1***')
    : frame.slice(0, end);
  const whole = end < 0 ? frame : head + frame.slice(end);
  const text = whole.replaceAll('\0', '^@').trimEnd();
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
}
