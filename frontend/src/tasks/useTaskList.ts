"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { listTasks } from "@/api/tasks";
import { LISTS, type ListedTask } from "./cache";
import { useNow } from "./useNow";
import { belongs, type Filters, queryOf, type View } from "./views";

// The first page is to be there soon; whoever scrolls on wants many.
const FIRST = 50;
const MORE = 100;

/** The tasks of a view, page by page. Tasks that have just been completed stay until the server has answered. */
export function useTaskList(view: View, filters: Filters) {
  const { now, today } = useNow();
  const query = queryOf(view, filters, today);
  const result = useInfiniteQuery({
    queryKey: [...LISTS, query],
    queryFn: ({ pageParam, signal }) => listTasks(`${query}&limit=${pageParam ? MORE : FIRST}`, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    enabled: today !== "",
    // To compare thousands of tasks field by field takes longer than to draw the few in sight.
    structuralSharing: false,
  });
  const tasks = useMemo(() => {
    const items = result.data?.pages.flatMap((page): ListedTask[] => page.items) ?? [];
    return items.filter((task) => task.settling || belongs(task, view, filters, now, today));
  }, [result.data, view, filters, now, today]);
  return { ...result, tasks, today, now };
}
