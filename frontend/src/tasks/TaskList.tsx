"use client";

import { type RefObject, useEffect } from "react";
import { useText } from "@/i18n/language";
import { DayHeading } from "./DayHeading";
import type { Row } from "./rows";
import { type RowProps, TaskRow } from "./TaskRow";
import { useKeptFocus } from "./useKeptFocus";
import { useRowKeys } from "./useRowKeys";
import { useSight } from "./useSight";

/** Rows from the end of what is loaded at which the next page is asked for. */
const AHEAD = 15;

interface TaskListProps extends RowProps {
  rows: Row[];
  scroller: RefObject<HTMLElement | null>;
  more: boolean;
  loadMore: () => void;
}

/** Only the rows in sight exist; the next page is asked for shortly before its first row is reached. */
export function TaskList({ rows, scroller, more, loadMore, selected, ...row }: TaskListProps) {
  const text = useText();
  const { list, first, end, before, after } = useSight(rows, scroller);
  const onKeyDown = useRowKeys(rows, row);
  const focus = useKeptFocus(rows);

  useEffect(() => {
    if (more && end >= rows.length - AHEAD) loadMore();
  }, [more, end, rows.length, loadMore]);

  return (
    <ul ref={list} id="tasks" aria-label={text("list.label")} onKeyDown={onKeyDown} {...focus}>
      <li aria-hidden style={{ height: before }} />
      {rows.slice(first, end).map((item, place) => (
        <li key={item.key} data-index={first + place} className="py-px">
          {item.kind === "heading" ? (
            <DayHeading row={item} />
          ) : (
            <TaskRow task={item.task} picked={selected ? selected.has(item.task.id) : null} {...row} />
          )}
        </li>
      ))}
      <li aria-hidden style={{ height: after }} />
    </ul>
  );
}
