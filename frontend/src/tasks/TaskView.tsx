"use client";

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { TaskDraft } from "@/api/types";
import { later } from "@/ui/later";
import { ListBar } from "./ListBar";
import { ListState } from "./ListState";
import { QuickAdd } from "./QuickAdd";
import { rowsOf } from "./rows";
import { Skeleton } from "./Skeleton";
import { useTaskActions } from "./useTaskActions";
import { useTaskList } from "./useTaskList";
import { useViewState } from "./useViewState";
import { ViewHeader } from "./ViewHeader";
import { sortOf, type View } from "./views";

const taskList = () => import("./TaskList");
const TaskList = later(async () => (await taskList()).TaskList, <Skeleton />);
const TaskDialog = later(async () => (await import("./TaskDialog")).TaskDialog);
const SelectionBar = later(async () => (await import("./SelectionBar")).SelectionBar);

interface TaskViewProps {
  view: View;
  /** Whether this person has been here before, and so will have tasks. */
  returning: boolean;
}

/** One view of the tasks: a line to add, ways to find, the list. */
export function TaskView({ view, returning }: TaskViewProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { filters, filtered, filter, clear, openTaskId, openTask } = useViewState();
  const list = useTaskList(view, filters);
  const actions = useTaskActions();
  const [selected, setSelected] = useState<ReadonlySet<string> | null>(null);
  const { fetchNextPage, tasks, today } = list;
  const loadMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const onTag = useCallback((tag: string) => filter({ tag }), [filter]);
  const onSelect = useCallback((id: string) => {
    setSelected((now) => new Set(now?.has(id) ? [...now].filter((other) => other !== id) : [...(now ?? []), id]));
  }, []);
  const sorted = sortOf(view, filters) === "due";
  const rows = useMemo(() => rowsOf(tasks, view, sorted, today), [tasks, view, sorted, today]);

  useEffect(() => {
    if (returning) void taskList().catch(() => undefined);
  }, [returning]);

  /** What is added where one looks belongs there, unless its words say otherwise. */
  function add(draft: TaskDraft) {
    const { tags = [], priority = "none" } = draft;
    const dueToday = view === "today" && !draft.due && !draft.repeat;
    return actions.add({
      ...draft,
      ...(dueToday && { due: { date: today, time: null, time_zone: null } }),
      tags: filters.tag && !tags.includes(filters.tag) ? [...tags, filters.tag] : tags,
      priority: priority === "none" && filters.priority ? filters.priority : priority,
    });
  }

  return (
    <div ref={scroller} className="h-full overflow-y-auto">
      <div className="mx-auto w-full max-w-3xl px-4 pb-28 md:px-8 md:pb-12">
        <ViewHeader view={view} count={tasks.length} more={list.hasNextPage} />
        <QuickAdd onAdd={add} />
        <ListBar
          view={view}
          filters={filters}
          onFilter={filter}
          onSelect={() => setSelected(selected ? null : new Set())}
        />
        <ListState list={list} view={view} filtered={filtered} onClear={clear} />
        {tasks.length > 0 && (
          <TaskList
            rows={rows}
            actions={actions}
            scroller={scroller}
            more={list.hasNextPage && !list.isFetchingNextPage}
            loadMore={loadMore}
            onOpen={openTask}
            onTag={onTag}
            selected={selected}
            onSelect={onSelect}
          />
        )}
        {selected && (
          <SelectionBar
            tasks={tasks.filter((task) => selected.has(task.id))}
            loaded={list.hasNextPage ? tasks.length : null}
            onAll={() => setSelected(new Set(tasks.map((task) => task.id)))}
            onStop={() => setSelected(null)}
          />
        )}
      </div>
      {openTaskId && <TaskDialog key={openTaskId} id={openTaskId} actions={actions} onClose={() => openTask(null)} />}
    </div>
  );
}
