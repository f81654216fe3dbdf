import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";
import type { Task } from "@/api/types";
import { confirm, LISTS, refreshAfterOwnChange, replacing, type TaskPages } from "./cache";

const task = (id: string, title = id) => ({ id, title }) as Task;
const pages = (count: number): TaskPages => ({
  pages: Array.from({ length: count }, (_, page) => ({ items: [task(`task-${page}`)], next_cursor: null })),
  pageParams: Array.from({ length: count }, () => null),
});

/** A list on the page with so many pages, and how often it was asked for again. */
function listOf(count: number) {
  const client = new QueryClient();
  const queryKey = [...LISTS, "status=open"];
  client.setQueryData(queryKey, pages(count));
  let asked = 0;
  const queryFn = async () => {
    asked++;
    return pages(count);
  };
  const stop = new QueryObserver(client, { queryKey, queryFn, staleTime: Infinity }).subscribe(() => undefined);
  return { client, stop, queryKey, asked: () => asked };
}

test("a short list is asked for again after a change, a long one is not: that would be a request a page", async () => {
  const [short, long] = [listOf(2), listOf(100)];
  for (const { client } of [short, long]) await refreshAfterOwnChange(client);
  expect(short.asked()).toBe(1);
  expect(long.asked()).toBe(0);
  expect(long.client.getQueryState(long.queryKey)?.isInvalidated).toBe(true);
  for (const { stop } of [short, long]) stop();
});

test("a long list shows what the server has made of a task", () => {
  const { client, stop, queryKey } = listOf(100);
  confirm(
    client,
    replacing(new Set(["task-7"]), () => task("task-7", "As the server has it")),
  );
  const titles = client.getQueryData<TaskPages>(queryKey)?.pages.map((page) => page.items[0]?.title);
  expect(titles?.[7]).toBe("As the server has it");
  expect(titles?.[8]).toBe("task-8");
  stop();
});
