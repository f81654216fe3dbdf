/** Milliseconds after which a request that is still unanswered is worth a word; a slow phone network stays below it. */
export const LONG = 5_000;

const late = new Set<Promise<unknown>>();
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

/** Passes `request` on and counts it as late from `LONG` until it is settled. */
export function timed<T>(request: Promise<T>): Promise<T> {
  const timer = setTimeout(() => {
    late.add(request);
    tell();
  }, LONG);
  const settle = () => {
    clearTimeout(timer);
    if (late.delete(request)) tell();
  };
  request.then(settle, settle);
  return request;
}

/** Whether some request has waited for longer than `LONG`. */
export function isLate(): boolean {
  return late.size > 0;
}

/** Calls `listener` whenever `isLate` may have changed; gives back what ends that. */
export function onLateness(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
