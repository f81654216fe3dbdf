import type { ServerEvent } from "@/api/sse";
import type { Engine, Plan, Problem, StoredMessage, ToolCall } from "@/api/types";
import { emptyAnswer, type Message, type Part } from "./message";

function appendText(parts: Part[], delta: string): Part[] {
  const last = parts.at(-1);
  if (last?.kind !== "text") return [...parts, { kind: "text", text: delta }];
  return [...parts.slice(0, -1), { kind: "text", text: last.text + delta }];
}

function finishTool(parts: Part[], result: ToolCall): Part[] {
  return parts.map((part) =>
    part.kind === "tool" && part.call.id === result.id ? { kind: "tool", call: { ...part.call, ...result } } : part,
  );
}

/** The engine as events and stored messages name it: an object, or only its kind. */
export function engineOf(value: unknown): Engine | null {
  if (typeof value === "string") return { kind: value === "rules" ? "rules" : "openai_compatible", model: null };
  return value && typeof value === "object" && "kind" in value ? (value as Engine) : null;
}

/** A turn after one more event (the names are those of `POST /api/chat`); unknown events change nothing. */
export function applyEvent(message: Message, { event, data }: ServerEvent): Message {
  let body: Record<string, unknown>;
  try {
    body = JSON.parse(data) as Record<string, unknown>;
  } catch {
    return message;
  }
  switch (event) {
    case "start":
      return { ...emptyAnswer(message.key, String(body.turn_id)), engine: engineOf(body.engine) };
    case "text":
      return { ...message, parts: appendText(message.parts, String(body.delta ?? "")) };
    case "tool_call":
      return { ...message, parts: [...message.parts, { kind: "tool", call: body as unknown as ToolCall }] };
    case "tool_result":
      return { ...message, parts: finishTool(message.parts, body as unknown as ToolCall) };
    case "plan":
      return { ...message, parts: [...message.parts, { kind: "plan", plan: body as unknown as Plan }] };
    case "notice": {
      const retryAt = typeof body.retry_at === "string" ? body.retry_at : null;
      const notice: Part = { kind: "notice", code: String(body.code), text: String(body.text), retryAt };
      return { ...message, parts: [...message.parts, notice] };
    }
    case "error": {
      const problem = (body.problem ?? body) as Problem;
      return { ...message, state: "failed", failure: problem.detail ?? problem.title ?? null };
    }
    case "done":
      return {
        ...message,
        state: message.state === "failed" ? "failed" : "done",
        engine: engineOf(body.engine) ?? message.engine,
        undoToken: typeof body.undo_token === "string" ? body.undo_token : null,
      };
    default:
      return message;
  }
}

/** A message as the server keeps it, for a conversation that is opened again. */
export function fromStored(stored: StoredMessage): Message {
  const parts: Part[] = (stored.tool_calls ?? []).map((call) => ({ kind: "tool", call }));
  if (stored.text) parts.push({ kind: "text", text: stored.text });
  if (stored.plan) parts.push({ kind: "plan", plan: stored.plan });
  const empty = emptyAnswer(stored.id, turnOf(stored));
  return { ...empty, role: stored.role, parts, state: "done", engine: engineOf(stored.engine) };
}

/** The turn that a stored message is one side of. */
const turnOf = (message: StoredMessage): string => message.id.replace(/-(user|assistant)$/, "");
