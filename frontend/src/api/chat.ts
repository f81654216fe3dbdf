import { call, failure, type Reply, RequestFailed, send, timeZone } from "./http";
import { readEvents, type ServerEvent } from "./sse";
import type { Conversation, ConversationSummary, Page, Task } from "./types";

/** The events of one turn, as they come. */
export async function* streamTurn(
  message: string,
  conversationId: string | null,
  signal: AbortSignal,
): AsyncGenerator<ServerEvent> {
  const response = await send("/api/chat", {
    method: "POST",
    signal,
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ message, conversation_id: conversationId, time_zone: timeZone() }),
  });
  if (!response.ok) throw await failure(response);
  const type = response.headers.get("content-type") ?? "";
  if (!response.body || !type.startsWith("text/event-stream")) throw new RequestFailed(response.status, "unexpected");
  yield* readEvents(response.body);
}

export async function listConversations(): Promise<ConversationSummary[]> {
  return (await call<Page<ConversationSummary>>("GET", "/api/conversations")).data.items;
}

export async function readConversation(id: string): Promise<Conversation> {
  return (await call<Conversation>("GET", `/api/conversations/${id}`)).data;
}

export const renameConversation = (id: string, title: string): Promise<Reply<unknown>> =>
  call("PATCH", `/api/conversations/${id}`, { title });
export const deleteConversation = (id: string): Promise<Reply<void>> => call("DELETE", `/api/conversations/${id}`);

export interface PlanOutcome {
  text: string;
  tasks: Task[];
  undo_token: string | null;
}

export async function confirmPlan(id: string): Promise<PlanOutcome> {
  return (await call<PlanOutcome>("POST", `/api/plans/${id}/confirm`)).data;
}

export const cancelPlan = (id: string): Promise<Reply<void>> => call("POST", `/api/plans/${id}/cancel`);
