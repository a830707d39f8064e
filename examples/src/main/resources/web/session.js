import { renewTokens } from './vendor/fanfare/live.js';

// What a page asks the back end for, and the tokens of its connection. For workers, too: nothing here knows the document.

const RETRY_MILLIS = 1000;

/** The back end's refusal: `message` is for the user, `answer` has what else it says. */
export class Refusal extends Error {
  constructor(status, answer) {
    super(answer.message);
    this.status = status;
    this.answer = answer;
  }
}

/** Posts JSON; gives the JSON of the answer, or throws a `Refusal`. */
export async function post(path, body = {}) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const json = await answer.json();
  if (!answer.ok) {
    throw new Refusal(answer.status, json);
  }
  return json;
}

/**
 * Has a stompjs client connect with a token of the user, and sends it a new one before the old one expires; to be called
 * before the client is active.
 *
 * @param onToken is called with the time at which the token expires, and whether it renews the one of an open connection
 * @param onRefused is called with the `Refusal` when the user gets no token; the client is no longer active then
 */
export function authenticate(client, user, { onToken, onRefused }) {
  const token = async isRenewal => {
    const { token, expires } = await post('token', { user });
    onToken(expires, isRenewal);
    return token;
  };
  client.beforeConnect = async () => {
    while (client.active) {
      try {
        client.connectHeaders = { ...client.connectHeaders, passcode: await token(false) };
        return;
      } catch (error) {
        if (error instanceof Refusal) {
          await client.deactivate();
          onRefused(error);
        } else {
          // the back end does not answer; it is asked again
          await new Promise(resolve => setTimeout(resolve, RETRY_MILLIS));
        }
      }
    }
  };
  renewTokens(client, () => token(true), error => {
    if (error instanceof Refusal) {
      client.deactivate();
      onRefused(error);
    }
  });
}
