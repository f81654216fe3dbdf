/** Puts words on the clipboard; false where a page may not, as without https on any host but this machine. */
export async function copied(words: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return false;
  }
}
