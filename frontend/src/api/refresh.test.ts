import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { refresh } from "./refresh";

test("a change during the first load is on the page although the first answer is older", async () => {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const answers: ((tasks: string[]) => void)[] = [];
  const queryFn = () => new Promise<string[]>((resolve) => answers.push(resolve));
  const seen: (string[] | undefined)[] = [];
  const stop = new QueryObserver(client, { queryKey: ["tasks", "list"], queryFn }).subscribe((result) =>
    seen.push(result.data),
  );
  const refreshed = refresh(client, ["tasks"]);
  answers[0]?.([]);
  await expect.poll(() => answers.length).toBe(2);
  answers[1]?.(["Buy milk"]);
  await refreshed;
  expect(seen.at(-1)).toEqual(["Buy milk"]);
  expect(seen).not.toContainEqual([]);
  stop();
});
