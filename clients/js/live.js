/**
 * The present of a topic, kept in a Map: takes the snapshot of last values, follows the changes, resumes after a reconnect, and
 * says when something was missed. For @stomp/stompjs 7; see live.d.ts for the types.
 */

/** Longest delay of a timer in browsers and Node. */
const LONGEST_TIMER = 2 ** 31 - 1;
let lastId = 0;
const nextId = () => `live-${++lastId}`;

// ---- the client's events ------------------------------------------------------------------------------------------

/** Events of clients that are listened to, each with its listeners. */
const heard = new WeakMap();

/** Calls a function behind the handler that the application has set, or sets later; returns what ends that. */
function listen(client, event, listener) {
  let events = heard.get(client);
  if (!events) heard.set(client, (events = {}));
  events[event] ??= intercept(client, event);
  events[event].add(listener);
  return () => events[event].delete(listener);
}

function intercept(client, event) {
  const listeners = new Set();
  let last;
  let handler = client[event];
  Object.defineProperty(client, event, {
    configurable: true,
    enumerable: true,
    get() {
      const current = handler;
      return (occasion) => {
        current?.(occasion);
        // a handler of the application may call the one that it has replaced
        if (last === occasion) return;
        last = occasion;
        for (const listener of [...listeners]) listener(occasion);
      };
    },
    set: (newHandler) => (handler = newHandler),
  });
  return listeners;
}

// ---- values -------------------------------------------------------------------------------------------------------

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 7396, 2: the target with the patch applied; neither is changed. */
export function mergePatch(target, patch) {
  if (!isObject(patch)) return patch;
  // a Map, and not an object: a member may be called __proto__
  const members = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) members.delete(name);
    else members.set(name, mergePatch(members.get(name), value));
  }
  return Object.fromEntries(members);
}

/** JSON as what it says, everything else as text. */
function parseBody(message) {
  const type = message.headers['content-type'];
  if (type && !/json/i.test(type)) return message.body;
  try {
    return JSON.parse(message.body);
  } catch {
    return message.body;
  }
}

function keyReader(key) {
  if (typeof key === 'function') return key;
  if (key?.startsWith('body.')) {
    const path = key.slice(5).split('.');
    return (message, value) => path.reduce((part, name) => part?.[name], value);
  }
  return (message) => key && message.headers[key];
}

const same = (one, other) => one === other || JSON.stringify(one) === JSON.stringify(other);

// ---- live ---------------------------------------------------------------------------------------------------------

/** Keeps the present of a destination in a Map until it is closed; see live.d.ts. */
export function live(client, destination, options = {}) {
  const isSingle = !/[*#>,]/.test(destination);
  const keyOf = keyReader(options.key);
  const parse = options.parse ?? parseBody;
  const state = new Map();
  const members = new Map();
  const features = { retained: undefined, history: undefined, delta: undefined, presence: undefined };

  const bases = new Map(); // what deltas apply to: the value last got, by destination and key
  let subscription, presence, patience;
  let isClosed = false;
  let wasCurrent = false; // whether the Map was complete once
  let cursor; // where to resume; undefined: from a snapshot
  let joined; // the cursor as soon as the Map is complete
  let snapshot; // keys that the snapshot has brought, while one is taken
  let expected = 0; // messages that are to come before the Map is complete; 0: the end of the snapshot says so

  const self = {
    state,
    members,
    features,
    current: false,
    refresh() {
      cursor = undefined;
      if (client.connected && !isClosed) subscribe();
    },
    close() {
      isClosed = true;
      self.current = false;
      clearTimeout(patience);
      stops.forEach((stop) => stop());
      if (client.connected) {
        subscription?.unsubscribe();
        presence?.unsubscribe();
      }
    },
  };

  const gap = (reason, count) => options.onGap?.({ reason, count }, self);

  // ---- the Map ----------------------------------------------------------------------------------------------------

  function set(key, value, message) {
    const isNew = !state.has(key);
    const previous = state.get(key);
    state.set(key, value);
    // a snapshot repeats what has not changed
    if (isNew || !snapshot || !same(previous, value)) change('set', key, value, previous, message);
  }

  function remove(key, message) {
    const previous = state.get(key);
    if (state.delete(key)) change('remove', key, undefined, previous, message);
  }

  function change(type, key, value, previous, message) {
    options.onChange?.({ type, key, value, previous, snapshot: !!snapshot, message }, state);
  }

  /** The Map is the present. */
  function complete() {
    if (snapshot) {
      for (const key of [...state.keys()]) if (!snapshot.has(key)) remove(key);
    } else if (self.current) {
      return;
    }
    clearTimeout(patience);
    snapshot = undefined;
    expected = 0;
    cursor = joined;
    self.current = wasCurrent = true;
    options.onState?.(state, self);
  }

  // ---- the subscription -------------------------------------------------------------------------------------------

  function subscribe() {
    const id = nextId();
    const receipt = nextId();
    const headers = { ...options.headers, id, receipt, retained: 'true' };
    if (options.delta) headers.delta = 'merge-patch';
    const from = cursor ? cursor.epoch + '/' + cursor.seq : wasCurrent ? undefined : options.from;
    if (from) headers.from = from;
    subscription?.unsubscribe();
    self.current = false;
    snapshot = cursor ? undefined : new Set();
    joined = undefined;
    expected = 0;
    bases.clear();
    clearTimeout(patience);
    client.watchForReceipt(receipt, (frame) => {
      if (subscription?.id === id) subscribed(frame.headers);
    });
    subscription = client.subscribe(destination, received, headers);
  }

  /** The RECEIPT of SUBSCRIBE says what the broker does, and where the subscription begins. */
  function subscribed({ retained, seq, epoch, recovered, replayed }) {
    patience = setTimeout(outOfPatience, options.patience ?? 5000);
    // of several topics, each begins somewhere else: the end of the snapshot is the end of all of them
    if (!isSingle) {
      if (retained !== undefined) features.retained = true;
      return;
    }
    features.retained = retained !== undefined || seq !== undefined;
    features.history = seq !== undefined;
    if (!features.retained) return void unsupported();
    if (seq !== undefined) joined = { epoch, seq };
    if (recovered === 'false') {
      cursor = undefined;
      snapshot = new Set();
      gap('not-recovered');
    }
    if (!+retained) {
      expected = +replayed || 0;
      if (!expected) complete();
    }
    watchMembers();
  }

  /** The broker keeps nothing: the Map holds what comes from now on. */
  function unsupported() {
    features.retained ??= false;
    features.history ??= false;
    snapshot = undefined;
    gap('unsupported');
    complete();
  }

  function outOfPatience() {
    if (!isSingle && !features.retained) {
      unsupported();
    } else if (!snapshot) {
      // a selector may leave out some of what was to come; what is late may be lost yet, so that no place behind it is one to resume
      joined = cursor;
      complete();
    }
  }

  function received(message) {
    const { headers } = message;
    const isEnd = headers.snapshot === 'end';
    const isRetained = headers.retained === 'true';
    if (isRetained || headers.seq) {
      features.retained ??= true;
      watchMembers();
    }
    if (+headers.dropped) gap('dropped', +headers.dropped);
    // an empty snapshot has an end without a value; a value, which may be empty, has a place
    if ((message.body || headers.seq || !isEnd) && !take(message)) return;
    if (isSingle && headers.seq && !isRetained) {
      joined = { epoch: headers.epoch, seq: headers.seq };
      // what is behind a part of a snapshot is no place to resume
      if (!snapshot) cursor = joined;
    }
    if (isEnd || (expected && !--expected)) complete();
  }

  /** Takes a value; false: it can't be known, and the snapshot is taken anew. */
  function take(message) {
    const { headers } = message;
    const isRemoval = headers.retain === 'remove';
    let value = isRemoval && !message.body ? undefined : parse(message);
    const key = String(keyOf(message, value) ?? headers['retain-key'] ?? headers.destination);
    // of a message with both, this is the broker's key
    const base = headers.destination + '\n' + (headers['retain-key'] ?? key);
    if (headers.delta === 'merge-patch') {
      features.delta = true;
      if (!bases.has(base)) {
        gap('patch');
        self.refresh();
        return false;
      }
      value = mergePatch(bases.get(base), value);
    }
    if (isRemoval) {
      bases.delete(base);
      remove(key, message);
    } else {
      if (options.delta) bases.set(base, value);
      snapshot?.add(key);
      set(key, value, message);
    }
    options.onMessage?.(message, value, key);
    return true;
  }

  // ---- presence ---------------------------------------------------------------------------------------------------

  /** Not before the broker has shown what it is: others refuse the destination, and close the connection. */
  function watchMembers() {
    if (options.onPresence && isSingle && !presence && !isClosed) {
      features.presence = true;
      const here = new Set();
      presence = client.subscribe('/presence' + destination, (message) => met(message, here), { id: nextId() });
    }
  }

  function met({ headers, body }, here) {
    const type = headers.presence ?? 'here'; // the end of an empty room has none
    const member = body ? JSON.parse(body) : {};
    if (headers.reason) member.reason = headers.reason;
    if (type === 'leave') {
      members.delete(member.session);
    } else if (member.session) {
      members.set(member.session, member);
      here.add(member.session);
    }
    if (type !== 'here') {
      options.onPresence({ type, member }, members);
    } else if (headers.snapshot === 'end') {
      for (const session of [...members.keys()]) if (!here.has(session)) members.delete(session);
      options.onPresence({ type }, members);
    }
  }

  // ---- connections ------------------------------------------------------------------------------------------------

  function connected() {
    subscription = presence = undefined;
    if (wasCurrent && !cursor && features.retained) gap('snapshot');
    subscribe();
  }

  const stops = [
    listen(client, 'onConnect', connected),
    listen(client, 'onWebSocketClose', () => {
      subscription = presence = undefined;
      clearTimeout(patience);
      self.current = false;
    }),
  ];
  if (options.token) stops.push(renewTokens(client, options.token, options.onError));
  if (client.connected) connected();
  return self;
}

// ---- tokens -------------------------------------------------------------------------------------------------------

/** Sends a new token before the session expires; see live.d.ts. */
export function renewTokens(client, token, onError = console.error) {
  let end, timer;

  function wait() {
    clearTimeout(timer);
    const left = end - Date.now();
    // when the broker warns: half a minute before, or after half of a shorter time
    if (left > 1000) timer = setTimeout(renew, Math.min(left > 60000 ? left - 30000 : left / 2, LONGEST_TIMER));
  }

  function begin({ headers }) {
    end = Date.now() + +headers['session-expires'];
    wait();
  }

  async function renew() {
    const receipt = nextId();
    try {
      const passcode = await token();
      client.watchForReceipt(receipt, begin);
      client.publish({ destination: '/broker/auth', headers: { passcode, receipt } });
    } catch (error) {
      onError(error);
      wait();
    }
  }

  const stop = () => clearTimeout(timer);
  const stops = [listen(client, 'onConnect', begin), listen(client, 'onWebSocketClose', stop), stop];
  return () => stops.forEach((each) => each());
}
