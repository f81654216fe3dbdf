"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { listTasks } from "@/api/tasks";
import { LISTS, type ListedTask } from "@/tasks/cache";
import { type Day, plusDays } from "@/tasks/day";

/** All open tasks of the seven days from `start`. */
export function useWeek(start: Day) {
  const query = start && `status=open&sort=due&limit=100&due_after=${start}&due_before=${plusDays(start, 7)}`;
  const { data, isError, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery({
    queryKey: [...LISTS, query],
    queryFn: ({ pageParam, signal }) => listTasks(query, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    enabled: start !== "",
  });
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const tasks = useMemo(() => data?.pages.flatMap((page): ListedTask[] => page.items) ?? [], [data]);
  return { tasks, isError };
}
