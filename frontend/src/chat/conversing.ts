import type { StoredMessage } from "@/api/types";

/** What a conversation needs once it begins, kept out of what the page loads first. */
export { followTurn, readConversation, stopTurn, streamTurn } from "@/api/chat";
export { applyEvent, fromStored } from "./turn";

/** The turn that a stored message belongs to. */
export const turnOf = (message: StoredMessage): string => message.id.replace(/-(user|assistant)$/, "");
