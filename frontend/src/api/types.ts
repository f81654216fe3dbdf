import type { components } from "./schema";

// What the server's schema says, by the names this page uses; and the few shapes the schema leaves open.
type Schemas = components["schemas"];

export type Task = Schemas["TaskOut"];
export type Priority = Task["priority"];
/** A day of the person's own calendar, perhaps with a time of day. */
export type Due = Schemas["Due"];
export type TaskDraft = Pick<Task, "title"> & Partial<Pick<Task, "notes" | "priority" | "tags" | "due" | "repeat">>;
export type TaskPatch = Partial<TaskDraft & Pick<Task, "done">>;
export type Parsed = Schemas["ParsedLine"];
export type Span = Schemas["Span"];
export type Problem = Schemas["ProblemDetails"];
export type Engine = Schemas["Engine"];
export type ConversationSummary = Schemas["ConversationOut"];
export type Token = Schemas["TokenOut"] & { token?: string };
export type Imported = Schemas["Imported"];
export type PlanOutcome = Schemas["PlanConfirmed"];

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

/** What the development server says of the last save, when there is one. */
export interface Reload {
  state: "ok" | "failed";
  error?: string;
}
export type Meta = Omit<Schemas["Meta"], "reload"> & { reload: Reload | null };

/** A tool call as it is asked for; `ok` and what came back follow. */
export type ToolCall = Pick<Schemas["ToolUse"], "id" | "name" | "arguments"> & Partial<Schemas["ToolUse"]>;

/** Tasks to be added have no id yet. */
export interface Plan {
  plan_id: string;
  summary: string;
  tasks: { id?: string; title: string }[];
  expires_at: string;
}

export type StoredMessage = Omit<Schemas["MessageOut"], "plan"> & { plan?: Plan | null };
export type Conversation = ConversationSummary & { messages: StoredMessage[] };
