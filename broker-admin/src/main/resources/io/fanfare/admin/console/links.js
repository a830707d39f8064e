// Addresses of this page's parts: behind the #, so that the broker sees none of them.

export const toConnection = id => (id ? `#/connections/${encodeURIComponent(id)}` : null);

export const toTopic = destination => `#/topics/${encodeURIComponent(destination)}`;
export const toQueue = destination => `#/queues/${encodeURIComponent(destination)}`;

/** The page of a destination; null for one that has none, such as a pattern. */
export function toDestination(destination) {
  if (destination.startsWith('/topic/') && !/[*#>]/.test(destination)) {
    return toTopic(destination);
  }
  return destination.startsWith('/queue/') ? toQueue(destination) : null;
}
