import { call, type Reply } from "./http";
import { timeZone } from "./timeZone";
import type { Due, Page, Parsed, Task, TaskDraft, TaskPatch } from "./types";

export async function listTasks(query: string, cursor: string | null, signal: AbortSignal): Promise<Page<Task>> {
  const path = `/api/tasks?${query}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`;
  return (await call<Page<Task>>("GET", path, undefined, { signal })).data;
}

export async function readTask(id: string): Promise<Task> {
  return (await call<Task>("GET", `/api/tasks/${id}`)).data;
}

export async function parseTask(text: string, signal?: AbortSignal): Promise<Parsed> {
  const body = { text, time_zone: timeZone() };
  return (await call<Parsed>("POST", "/api/tasks/parse", body, { signal: signal ?? null })).data;
}

export const addTask = (draft: TaskDraft): Promise<Reply<Task>> => call("POST", "/api/tasks", draft);

export function patchTask(id: string, patch: TaskPatch, version?: number): Promise<Reply<Task>> {
  const headers: HeadersInit = version === undefined ? {} : { "if-match": `"${version}"` };
  return call("PATCH", `/api/tasks/${id}`, patch, { headers });
}

export const completeTask = (id: string): Promise<Reply<Task>> => call("POST", `/api/tasks/${id}/complete`);
export const reopenTask = (id: string): Promise<Reply<Task>> => call("POST", `/api/tasks/${id}/reopen`);
export const deleteTask = (id: string): Promise<Reply<undefined>> => call("DELETE", `/api/tasks/${id}`);
export const rescheduleTask = (id: string, due: Due): Promise<Reply<Task>> =>
  call("POST", `/api/tasks/${id}/reschedule`, { due });

export async function undo(token: string): Promise<Task[]> {
  return (await call<{ undone: Task[] }>("POST", `/api/undo/${token}`)).data.undone;
}
