import type { Engine, Plan, ToolCall } from "@/api/types";

export type Part =
  | { kind: "text"; text: string }
  | { kind: "tool"; call: ToolCall }
  | { kind: "plan"; plan: Plan }
  | { kind: "notice"; code: string; text: string; retryAt: string | null };

export type TurnState = "running" | "done" | "stopped" | "lost" | "failed";

export interface Message {
  key: string;
  /** The server's turn that stands where this message does; null before it has one. */
  turnId: string | null;
  role: "user" | "assistant";
  parts: Part[];
  state: TurnState;
  engine: Engine | null;
  undoToken: string | null;
  failure: string | null;
}

export function userMessage(key: string, text: string): Message {
  return { ...emptyAnswer(key), role: "user", parts: [{ kind: "text", text }], state: "done" };
}

export function emptyAnswer(key: string, turnId: string | null = null): Message {
  return { key, turnId, role: "assistant", parts: [], state: "running", engine: null, undoToken: null, failure: null };
}

export function textOf(message: Message): string {
  return message.parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
}

/** Plans that a "yes" or "no" in the conversation has settled. */
export function settledPlans(messages: Message[]): Map<string, "confirmed" | "cancelled"> {
  const notices = messages.flatMap((message) => message.parts).filter((part) => part.kind === "notice");
  return new Map(
    notices
      .filter(({ code }) => code === "plan_confirmed" || code === "plan_cancelled")
      .map(({ code, text }) => [text, code === "plan_confirmed" ? "confirmed" : "cancelled"]),
  );
}
