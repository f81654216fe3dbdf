/** What can still be taken back, newest last: the tokens of changes made on this page. */
const tokens: string[] = [];

export function remember(token: string): void {
  tokens.push(token);
  if (tokens.length > 50) tokens.shift();
}

/** The given token, or the newest; forgotten with this call. */
export function take(token?: string): string | undefined {
  if (!token) return tokens.pop();
  const index = tokens.lastIndexOf(token);
  if (index >= 0) tokens.splice(index, 1);
  return token;
}
