"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect } from "react";
import { useText } from "@/i18n/language";
import type { ListedTask } from "./cache";
import { TaskRow } from "./TaskRow";
import type { TaskActions } from "./useTaskActions";

interface TaskListProps {
  tasks: ListedTask[];
  actions: TaskActions;
  scroller: RefObject<HTMLElement | null>;
  more: boolean;
  loadMore: () => void;
  onOpen: (id: string) => void;
  onTag: (tag: string) => void;
}

/** Only the rows in sight exist; the next page is asked for shortly before its first row is reached. */
export function TaskList({ tasks, actions, scroller, more, loadMore, onOpen, onTag }: TaskListProps) {
  const text = useText();
  const rows = useVirtualizer({
    count: tasks.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 60,
    overscan: 12,
    getItemKey: (index) => tasks[index]?.id ?? index,
  });
  const visible = rows.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;

  useEffect(() => {
    if (more && last >= tasks.length - 15) loadMore();
  }, [more, last, tasks.length, loadMore]);

  return (
    <ul aria-label={text("list.label")} className="relative" style={{ height: rows.getTotalSize() }}>
      {visible.map((row) => {
        const task = tasks[row.index];
        return (
          task && (
            <li
              key={row.key}
              ref={rows.measureElement}
              data-index={row.index}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${row.start}px)` }}
            >
              <TaskRow task={task} actions={actions} onOpen={onOpen} onTag={onTag} />
            </li>
          )
        );
      })}
    </ul>
  );
}
