import { call, failure, type Reply, RequestFailed, send } from "./http";
import { readEvents } from "./sse";
import { timeZone } from "./timeZone";
import type { Conversation, ConversationSummary, Page, PlanOutcome } from "./types";

const ATTEMPTS = 6;
const STREAM = { accept: "text/event-stream" };

/** A name for a request, so that sending it twice does it once. */
function requestKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function openStream(path: string, init: RequestInit): Promise<ReadableStream<Uint8Array>> {
  const response = await send(path, init);
  if (!response.ok) throw await failure(response);
  const type = response.headers.get("content-type") ?? "";
  if (!response.body || !type.startsWith("text/event-stream")) throw new RequestFailed(response.status, "unexpected");
  return response.body;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function isWorthAnotherTry(error: unknown): boolean {
  return error instanceof RequestFailed ? error.unreachable : error instanceof TypeError;
}

/** The events of a new turn, as they come; it may be said in place of an earlier one. */
export function streamTurn(
  message: string,
  conversationId: string | null,
  replaces: string | null,
  signal: AbortSignal,
) {
  const body = JSON.stringify({ message, conversation_id: conversationId, replaces, time_zone: timeZone() });
  const headers = { "content-type": "application/json", "idempotency-key": requestKey(), ...STREAM };
  return follow(signal, () => openStream("/api/chat", { method: "POST", signal, headers, body }));
}

/** All events of a turn that has begun before, perhaps on a page that is gone. */
export function followTurn(turnId: string, signal: AbortSignal) {
  return follow(signal, () => restOf(turnId, "0", signal));
}

function restOf(turnId: string, seen: string, signal: AbortSignal) {
  return openStream(`/api/turns/${turnId}/events`, { signal, headers: { ...STREAM, "last-event-id": seen } });
}

/** A lost connection is taken up again where it broke. */
async function* follow(signal: AbortSignal, begin: () => Promise<ReadableStream<Uint8Array>>) {
  let turnId: string | null = null;
  let seen = "0";
  for (let attempt = 0; ; attempt++) {
    try {
      const stream: ReadableStream<Uint8Array> = await (turnId ? restOf(turnId, seen, signal) : begin());
      for await (const event of readEvents(stream)) {
        if (event.event === "start") turnId = (JSON.parse(event.data) as { turn_id: string }).turn_id;
        seen = event.id ?? seen;
        attempt = 0;
        yield event;
        if (event.event === "done") return;
      }
    } catch (error) {
      if (signal.aborted || !isWorthAnotherTry(error) || attempt >= ATTEMPTS) throw error;
    }
    if (attempt >= ATTEMPTS) return;
    await pause(Math.min(250 * 2 ** attempt, 4_000));
  }
}

export const stopTurn = (id: string): Promise<Reply<void>> => call("POST", `/api/turns/${id}/stop`);

export async function listConversations(): Promise<ConversationSummary[]> {
  return (await call<Page<ConversationSummary>>("GET", "/api/conversations")).data.items;
}

export async function readConversation(id: string): Promise<Conversation> {
  return (await call<Conversation>("GET", `/api/conversations/${id}`)).data;
}

export const renameConversation = (id: string, title: string): Promise<Reply<unknown>> =>
  call("PATCH", `/api/conversations/${id}`, { title });
export const deleteConversation = (id: string): Promise<Reply<void>> => call("DELETE", `/api/conversations/${id}`);

export async function confirmPlan(id: string): Promise<PlanOutcome> {
  return (await call<PlanOutcome>("POST", `/api/plans/${id}/confirm`)).data;
}

export const cancelPlan = (id: string): Promise<Reply<void>> => call("POST", `/api/plans/${id}/cancel`);
