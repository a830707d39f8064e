import type { Client, IMessage } from '@stomp/stompjs';

/** A change of one key of the Map, which has been made already. */
export interface Change<V> {
  type: 'set' | 'remove';
  key: string;
  /** The new value; undefined when the key is gone. */
  value: V | undefined;
  /** The value before; undefined when the key is new. */
  previous: V | undefined;
  /** Whether a snapshot brought the change, and not a message that was just sent. */
  snapshot: boolean;
  /** Where the change comes from; undefined for a key that a new snapshot does not have any more. */
  message: IMessage | undefined;
}

/** What was missed, or can't be known. */
export interface Gap {
  /**
   * - `not-recovered`: the broker no longer has all messages since the connection broke; a snapshot replaces the Map.
   * - `snapshot`: destinations with wildcards don't resume after a reconnect; a snapshot replaces the Map.
   * - `dropped`: the broker left out `count` messages because this client is slow (`overflow`).
   * - `patch`: a delta came for a value that is not known; a snapshot is taken anew.
   * - `unsupported`: the broker keeps nothing for this destination; the Map has what came while connected.
   */
  reason: 'not-recovered' | 'snapshot' | 'dropped' | 'patch' | 'unsupported';
  /** With `dropped`: how many. */
  count: number | undefined;
}

/** A subscriber of the topic, as its broker tells. */
export interface Member {
  session: string;
  user?: string;
  since?: number | string;
  /** With `leave`: why. */
  reason?: string;
  [more: string]: unknown;
}

/** `here`: `members` is complete, at the beginning and after each reconnect; `join`, `leave`: one member. */
export interface PresenceChange {
  type: 'here' | 'join' | 'leave' | 'count';
  member?: Member;
}

export interface LiveOptions<V> {
  /**
   * What a message's key is: the name of a header (`symbol`), a member of a JSON body (`body.symbol`, `body.item.id`), or a
   * function. Without it, and where the message has none, the header `retain-key` counts, then the destination.
   */
  key?: string | ((message: IMessage, value: V) => string | undefined);

  /** Reads a body. By default JSON is parsed, and everything else is text. */
  parse?: (message: IMessage) => V;

  /** Asks for deltas (`delta:merge-patch`): changed members of JSON objects alone. The key must then be in a header. */
  delta?: boolean;

  /** Where in the history the first subscription begins: `first`, `last`, `time=MS`, or a cursor `EPOCH/SEQ`. */
  from?: string;

  /** Further headers of SUBSCRIBE, such as `max-rate`, `conflate` or `selector`. */
  headers?: Record<string, string>;

  /** How long to wait for a snapshot or a replay whose length is not known, in milliseconds; 5,000. */
  patience?: number;

  /** The Map is complete: after the snapshot, and after each reconnect when what was missed has come. */
  onState?: (state: ReadonlyMap<string, V>, live: Live<V>) => void;

  /** A key has changed; those that a snapshot brings come one by one, before `onState`. */
  onChange?: (change: Change<V>, state: ReadonlyMap<string, V>) => void;

  /** A message has come, also one that replaces a value by the same, or that was replayed. */
  onMessage?: (message: IMessage, value: V | undefined, key: string) => void;

  /** Something was missed, or could have been. */
  onGap?: (gap: Gap, live: Live<V>) => void;

  /** Subscribers of the topic come and go; needs the permission to subscribe to `/presence/topic/NAME`. */
  onPresence?: (change: PresenceChange, members: ReadonlyMap<string, Member>) => void;

  /** Gets a new token before the session expires, for all subscriptions of the client; see {@link renewTokens}. */
  token?: () => string | Promise<string>;

  /** `token` has failed; it is asked again while there is time. By default the error is logged. */
  onError?: (error: unknown) => void;
}

/** A destination that is followed. */
export interface Live<V> {
  /** The newest value of each key. */
  readonly state: ReadonlyMap<string, V>;

  /** Subscribers of the topic by their session, with `onPresence`. */
  readonly members: ReadonlyMap<string, Member>;

  /** Whether the Map is the present: not before the first snapshot, nor from a broken connection until it is made good. */
  readonly current: boolean;

  /**
   * What the broker does for this destination; undefined: not known yet. `retained`: it has last values; `history`: it
   * resumes; `delta`: it has sent deltas; `presence`: its subscribers are watched.
   */
  readonly features: Readonly<Record<'retained' | 'history' | 'delta' | 'presence', boolean | undefined>>;

  /** Takes the snapshot anew. */
  refresh(): void;

  /** Ends the subscription. */
  close(): void;
}

/**
 * Keeps the present of a topic in a Map, across reconnects, until it is closed. May be called before the client is active, and
 * leaves the application's own `onConnect` and `onWebSocketClose` as they are.
 */
export function live<V = unknown>(client: Client, destination: string, options?: LiveOptions<V>): Live<V>;

/**
 * Sends a new token to `/broker/auth` before the session expires: half a minute before, or after half of a shorter time.
 * Counts from the next CONNECTED on, so call it before the client is active.
 *
 * @param onError the token could not be had; it is asked for again while there is time
 * @returns what ends it
 */
export function renewTokens(
  client: Client,
  token: () => string | Promise<string>,
  onError?: (error: unknown) => void,
): () => void;

/** The target with a JSON merge patch (RFC 7396) applied; neither is changed. */
export function mergePatch(target: unknown, patch: unknown): unknown;
