import type { Priority, Task } from "@/api/types";
import { type Day, plusDays } from "./day";
import { isOverdue } from "./due";

export const VIEWS = ["all", "today", "upcoming", "overdue", "done"] as const;
export type View = (typeof VIEWS)[number];
export type Sort = "created" | "due" | "priority" | "urgency" | "title";
export type Status = "open" | "done" | "all";

export interface Filters {
  q: string;
  tag: string;
  priority: Priority | "";
  status: Status | "";
  sort: Sort | "";
}

export const NO_FILTERS: Filters = { q: "", tag: "", priority: "", status: "", sort: "" };

const SORT_OF: Record<View, Sort> = { all: "created", today: "due", upcoming: "due", overdue: "due", done: "created" };
const ORDER_OF: Record<Sort, "asc" | "desc"> = {
  created: "desc",
  due: "asc",
  priority: "desc",
  urgency: "desc",
  title: "asc",
};

export function isView(value: string): value is View {
  return (VIEWS as readonly string[]).includes(value);
}

export function pathOf(view: View): string {
  return view === "all" ? "/" : `/${view}`;
}

export function sortOf(view: View, filters: Filters): Sort {
  return filters.sort || SORT_OF[view];
}

function statusOf(view: View, filters: Filters): Status {
  return view === "done" ? "done" : view === "all" ? filters.status || "open" : "open";
}

/** The query string of `GET /api/tasks` for a view with filters, without cursor and limit. */
export function queryOf(view: View, filters: Filters, today: Day): string {
  const sort = sortOf(view, filters);
  const query = new URLSearchParams({ status: statusOf(view, filters), sort, order: ORDER_OF[sort] });
  if (view === "today") query.set("due_before", plusDays(today, 1));
  if (view === "upcoming") query.set("due_after", plusDays(today, 1));
  if (view === "overdue") query.set("overdue", "true");
  if (filters.q.trim()) query.set("q", filters.q.trim());
  if (filters.tag) query.set("tag", filters.tag);
  if (filters.priority) query.set("priority", filters.priority);
  return query.toString();
}

/** Whether a task belongs to a view now: what the server will say, known before it has said so. */
export function belongs(task: Task, view: View, filters: Filters, now: Date, today: Day): boolean {
  const status = statusOf(view, filters);
  if (task.deleted_at || (status !== "all" && task.done !== (status === "done"))) return false;
  if (filters.tag && !task.tags.includes(filters.tag)) return false;
  if (filters.priority && task.priority !== filters.priority) return false;
  if (filters.q && !`${task.title} ${task.notes}`.toLowerCase().includes(filters.q.trim().toLowerCase())) return false;
  if (view === "today") return task.due !== null && task.due.date <= today;
  if (view === "upcoming") return task.due !== null && task.due.date > today;
  if (view === "overdue") return isOverdue(task, now, today);
  return true;
}
