"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useEffect } from "react";
import { useText } from "@/i18n/language";
import { DayHeading } from "./DayHeading";
import type { Row } from "./rows";
import { type RowProps, TaskRow } from "./TaskRow";
import { useRowKeys } from "./useRowKeys";

interface TaskListProps extends RowProps {
  rows: Row[];
  scroller: RefObject<HTMLElement | null>;
  more: boolean;
  loadMore: () => void;
}

/** Only the rows in sight exist; the next page is asked for shortly before its first row is reached. */
export function TaskList({ rows, scroller, more, loadMore, selected, ...row }: TaskListProps) {
  const text = useText();
  // New functions would make the virtualiser measure thousands of rows again, with every frame of a scroll.
  const estimateSize = useCallback((index: number) => (rows[index]?.kind === "heading" ? 48 : 64), [rows]);
  const getItemKey = useCallback((index: number) => rows[index]?.key ?? index, [rows]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize,
    overscan: 12,
    getItemKey,
  });
  const visible = virtual.getVirtualItems();
  const last = visible.at(-1)?.index ?? 0;
  const onKeyDown = useRowKeys(rows, virtual.scrollToIndex, row);

  useEffect(() => {
    if (more && last >= rows.length - 15) loadMore();
  }, [more, last, rows.length, loadMore]);

  return (
    <ul
      id="tasks"
      aria-label={text("list.label")}
      onKeyDown={onKeyDown}
      className="relative"
      style={{ height: virtual.getTotalSize() }}
    >
      {visible.map((place) => {
        const item = rows[place.index];
        return (
          item && (
            <li
              key={place.key}
              ref={virtual.measureElement}
              data-index={place.index}
              className="absolute inset-x-0 top-0 py-px"
              style={{ transform: `translateY(${place.start}px)` }}
            >
              {item.kind === "heading" ? (
                <DayHeading row={item} />
              ) : (
                <TaskRow task={item.task} picked={selected ? selected.has(item.task.id) : null} {...row} />
              )}
            </li>
          )
        );
      })}
    </ul>
  );
}
