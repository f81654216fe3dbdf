/** What can still be taken back, newest last: the tokens of changes made on this page, those of one act together. */
const acts: string[][] = [];

/** The newest act now, even if it was remembered before. */
export function remember(first: string, ...more: string[]): void {
  take(first);
  acts.push([first, ...more]);
  if (acts.length > 50) acts.shift();
}

/** The tokens of the act that the given one is of, or of the newest act; forgotten with this call. */
export function take(token?: string): string[] {
  if (!token) return acts.pop() ?? [];
  const index = acts.findLastIndex((tokens) => tokens.includes(token));
  return index < 0 ? [token] : (acts.splice(index, 1)[0] ?? []);
}
