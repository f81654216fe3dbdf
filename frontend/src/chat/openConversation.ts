const KEY = "conversation";

/** The conversation that this tab has open; kept as long as the tab, so that a page loaded again goes on with it. */
export const openConversation = (): string | null => sessionStorage.getItem(KEY);

export function keepOpen(conversation: string | null): void {
  if (conversation) sessionStorage.setItem(KEY, conversation);
  else sessionStorage.removeItem(KEY);
}
