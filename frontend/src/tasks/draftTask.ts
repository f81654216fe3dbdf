import type { Task, TaskDraft } from "@/api/types";

/** A task as the page shows it before the server has given it an id. */
export function draftTask(draft: TaskDraft): Task {
  const now = new Date().toISOString();
  return {
    id: `draft-${now}`,
    notes: "",
    priority: "none",
    tags: [],
    due: null,
    repeat: null,
    done: false,
    version: 0,
    created_at: now,
    updated_at: now,
    completed_at: null,
    deleted_at: null,
    urgency: { score: 0, reasons: [] },
    ...draft,
  };
}
