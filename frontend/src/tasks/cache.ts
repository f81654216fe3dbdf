import type { InfiniteData, QueryClient } from "@tanstack/react-query";
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

/** Puts what is about to happen on the page; the returned function takes it back. */
export async function foretell(client: QueryClient, edit: Edit): Promise<() => void> {
  await client.cancelQueries({ queryKey: LISTS });
  const before = client.getQueriesData<TaskPages>({ queryKey: LISTS });
  client.setQueriesData<TaskPages>({ queryKey: LISTS }, (pages) => editPages(pages, edit));
  return () => {
    for (const [key, pages] of before) client.setQueryData(key, pages);
  };
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
