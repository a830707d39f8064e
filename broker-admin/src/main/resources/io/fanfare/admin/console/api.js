// The HTTP API of the broker: docs/api.md. The login is kept for this tab alone, and sent with each request; there are no cookies.

const PREFIX = '/api/v1';
const LOGIN = 'fanfare.login';
// in ms; a move of a shared queue may take 20 s
const LOOK_TIMEOUT = 10_000;
const CHANGE_TIMEOUT = 30_000;

/** Something the API refuses, or no answer at all. The message is a sentence for people. */
export class ApiError extends Error {
  constructor(status, message, problem = {}) {
    super(message);
    this.status = status;
    this.problem = problem;
  }
}

/** Told when the API needs a login, or another one. */
export const logins = new EventTarget();

export const login = {
  /** `{ token }`, `{ user, passcode }`, or null. */
  get: () => JSON.parse(sessionStorage.getItem(LOGIN)),
  set: credentials => sessionStorage.setItem(LOGIN, JSON.stringify(credentials)),
  clear: () => sessionStorage.removeItem(LOGIN),
};

function authorization() {
  const credentials = login.get();
  if (!credentials) {
    return {};
  }
  if (credentials.token) {
    return { Authorization: `Bearer ${credentials.token}` };
  }
  const octets = new TextEncoder().encode(`${credentials.user}:${credentials.passcode}`);
  return { Authorization: `Basic ${btoa(String.fromCharCode(...octets))}` };
}

/** Sends a request; the JSON of the answer. The path begins behind /api/v1. */
export async function call(method, path, body) {
  let response;
  try {
    response = await fetch(PREFIX + path, {
      method,
      headers: { ...authorization(), ...(body && { 'Content-Type': 'application/json' }) },
      body: body && JSON.stringify(body),
      // no dialog of the browser's own for a 401
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.timeout(method === 'GET' ? LOOK_TIMEOUT : CHANGE_TIMEOUT),
    });
  } catch {
    throw new ApiError(0, 'The broker does not answer. Is it running?');
  }
  if (response.ok) {
    return response.json();
  }
  const problem = await response.json().catch(() => ({}));
  if (response.status === 401) {
    logins.dispatchEvent(new Event('needed'));
    throw new ApiError(401, login.get() ? 'The broker does not take this login.' : 'The broker asks for a login.');
  }
  throw new ApiError(response.status, sentence(problem.detail ?? problem.title ?? `HTTP ${response.status}`), problem);
}

export const get = path => call('GET', path);
export const post = (path, body) => call('POST', path, body);
export const remove = path => call('DELETE', path);

/** A path's segment, or a query's value. A destination is one segment, with its slashes. */
export const encode = encodeURIComponent;

/** A query, without what is empty. */
export function query(parameters) {
  const pairs = Object.entries(parameters).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  return pairs.length === 0 ? '' : `?${pairs.map(([key, value]) => `${key}=${encode(value)}`).join('&')}`;
}

function sentence(text) {
  const upper = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(upper) ? upper : `${upper}.`;
}
