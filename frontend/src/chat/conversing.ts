/** What a conversation needs once it begins, kept out of what the page loads first. */
export { followTurn, readConversation, stopTurn, streamTurn } from "@/api/chat";
export { applyEvent, fromStored } from "./turn";
