import type { InfiniteData, Query, QueryClient } from "@tanstack/react-query";
import { refresh } from "@/api/refresh";
import type { Page, Task } from "@/api/types";

/** A task on the page; one that settles stays where it is until its change has been seen. */
export type ListedTask = Task & { settling?: boolean };
export type TaskPages = InfiniteData<Page<ListedTask>, string | null>;
/** Everything that changes when tasks do; under it the lists, which hold pages. */
export const TASKS = ["tasks"] as const;
export const LISTS = [...TASKS, "list"] as const;

export type Edit = (items: ListedTask[], firstPage: boolean) => ListedTask[];

function editPages(pages: TaskPages | undefined, edit: Edit): TaskPages | undefined {
  return (
    pages && { ...pages, pages: pages.pages.map((page, index) => ({ ...page, items: edit(page.items, index === 0) })) }
  );
}

let changes = 0;

/** As long as changes are on their way, what the server has lacks some of them. Returns the end of this one. */
export function beginChange(): () => void {
  changes++;
  return () => {
    changes--;
  };
}

export const isChanging = (): boolean => changes > 0;

/** Puts what is about to happen on the page; the returned function takes it back. */
export async function foretell(client: QueryClient, edit: Edit): Promise<() => void> {
  await client.cancelQueries({ queryKey: LISTS });
  const before = client.getQueriesData<TaskPages>({ queryKey: LISTS });
  client.setQueriesData<TaskPages>({ queryKey: LISTS }, (pages) => editPages(pages, edit));
  return () => {
    for (const [key, pages] of before) client.setQueryData(key, pages);
  };
}

const LONG = 5;
const isLong = ({ state }: Query): boolean =>
  ((state.data as Partial<TaskPages> | undefined)?.pages?.length ?? 0) > LONG;

/** Shows what the server has made of a change of this page. */
export function confirm(client: QueryClient, edit: Edit): void {
  client.setQueriesData<TaskPages>({ queryKey: LISTS }, (pages) => editPages(pages, edit));
}

/**
 * Asks for the lists again after a change of this page.
 *
 * A list of many pages would be a request for each of them; it has been told by `confirm`, and is asked for again when
 * it is next opened.
 */
export async function refreshAfterOwnChange(client: QueryClient): Promise<void> {
  const long = client.invalidateQueries({ queryKey: LISTS, predicate: isLong, refetchType: "none" });
  await Promise.all([long, refresh(client, TASKS, (query) => !isLong(query))]);
}

export const replacing =
  (ids: ReadonlySet<string>, change: (task: ListedTask) => ListedTask): Edit =>
  (items) =>
    items.some((task) => ids.has(task.id)) ? items.map((task) => (ids.has(task.id) ? change(task) : task)) : items;

export const removing =
  (ids: ReadonlySet<string>): Edit =>
  (items) =>
    items.filter((task) => !ids.has(task.id));

export const prepending =
  (task: Task): Edit =>
  (items, firstPage) =>
    firstPage ? [task, ...items] : items;
