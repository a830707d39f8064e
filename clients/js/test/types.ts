import { Client } from '@stomp/stompjs';
import { live, mergePatch, renewTokens, type Change, type Gap, type Live } from '@fanfare/live';

interface Price {
  symbol: string;
  price: number;
}

declare const client: Client;

const prices: Live<Price> = live<Price>(client, '/topic/prices.*', {
  key: 'body.symbol',
  parse: (message) => JSON.parse(message.body) as Price,
  delta: false,
  from: 'first',
  headers: { 'max-rate': '4' },
  patience: 1_000,
  onState: (state, self) => [state.get('ACME')?.price, self.current],
  onChange: (change: Change<Price>, state) => (change.type === 'set' ? change.value?.price : state.size),
  onMessage: (message, value, key) => [message.headers.seq, value?.symbol, key.length],
  onGap: (gap: Gap, self) => {
    if (gap.reason === 'dropped') self.refresh();
  },
  onPresence: ({ type, member }, members) => [type, member?.user, members.size],
  token: async () => 'token',
  onError: (error) => String(error),
});
const present: number | undefined = prices.state.get('ACME')?.price;
const resumes: boolean | undefined = prices.features.history;
prices.close();

live(client, '/topic/a', { key: (message) => message.headers.symbol });
const end: () => void = renewTokens(client, () => 'token');
const merged: unknown = mergePatch({}, {});

// @ts-expect-error: the Map is the module's own to change
prices.state.set('ACME', { symbol: 'ACME', price: 1 });
// @ts-expect-error: no such option
live(client, '/topic/a', { keys: 'symbol' });

export { present, resumes, end, merged };
