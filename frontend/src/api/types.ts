export type Priority = "none" | "low" | "medium" | "high";

export interface Due {
  /** ISO date, in the person's own calendar. */
  date: string;
  time: string | null;
  time_zone: string | null;
}

export interface Task {
  id: string;
  title: string;
  notes: string;
  priority: Priority;
  tags: string[];
  due: Due | null;
  repeat: string | null;
  done: boolean;
  version: number;
  created_at: string;
  updated_at: string;
  completed_at: string | null;
  deleted_at: string | null;
  urgency: { score: number; reasons: string[] };
}

export type TaskDraft = Pick<Task, "title"> & Partial<Pick<Task, "notes" | "priority" | "tags" | "due" | "repeat">>;
export type TaskPatch = Partial<TaskDraft & Pick<Task, "done">>;

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface Span {
  start: number;
  end: number;
  kind: "tag" | "priority" | "due" | "repeat" | "title";
  text: string;
}

export interface Parsed {
  title: string;
  priority: Priority;
  tags: string[];
  due: Due | null;
  repeat: string | null;
  spans: Span[];
}

export interface Problem {
  type?: string;
  title: string;
  status: number;
  detail?: string;
  request_id?: string;
  errors?: { field?: string; message: string }[];
}

export interface Engine {
  kind: "rules" | "openai_compatible";
  model: string | null;
}

export interface Meta {
  version: string;
  environment: string;
  source_digest: string;
  engine: Engine;
  database: { kind: "sqlite" | "postgresql" };
  limits: Record<string, unknown>;
  reload: { state: "ok" | "failed"; error?: string; traceback?: string; since?: string } | null;
}

export interface ToolCall {
  id: string;
  name: string;
  arguments: Record<string, unknown>;
  ok?: boolean;
  text?: string;
  data?: unknown;
}

export interface Plan {
  plan_id: string;
  summary: string;
  tasks: Task[];
  expires_at: string;
  state?: string;
}

export interface StoredMessage {
  id: string;
  role: "user" | "assistant";
  text: string;
  tool_calls: ToolCall[];
  plan?: Plan | null;
  engine?: Engine | string | null;
  created_at: string;
}

export interface ConversationSummary {
  id: string;
  title: string;
  created_at: string;
  updated_at: string;
}

export interface Conversation extends ConversationSummary {
  messages: StoredMessage[];
}

export interface Token {
  id: string;
  name: string;
  scope: "read" | "write";
  token?: string;
  created_at?: string;
  last_used_at?: string | null;
}
