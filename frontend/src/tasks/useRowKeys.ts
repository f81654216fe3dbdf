"use client";

import type { KeyboardEvent } from "react";
import { isWriting } from "@/shell/keys";
import type { Row } from "./rows";
import type { RowProps } from "./TaskRow";

const STEP: Record<string, 1 | -1> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 };

/** Rows exist well beyond what is in sight; the browser scrolls to what has the focus. */
export function focusRow(index: number): void {
  document.querySelector<HTMLElement>(`#tasks [data-index="${index}"] input[type="checkbox"]`)?.focus();
}

/** Keys of the list: up and down, Enter opens, E writes the title, Delete deletes. */
export function useRowKeys(rows: Row[], { actions, onOpen }: Pick<RowProps, "actions" | "onOpen">) {
  return (event: KeyboardEvent<HTMLElement>) => {
    if (!(event.target instanceof HTMLElement) || isWriting(event.target) || event.ctrlKey || event.metaKey) return;
    const place = event.target.closest<HTMLElement>("[data-index]");
    if (!place) return;
    const index = Number(place.dataset.index);
    const row = rows[index];
    const step = STEP[event.key];
    if (step) {
      let next = index + step;
      if (rows[next]?.kind === "heading") next += step;
      if (!rows[next]) return;
      event.preventDefault();
      focusRow(next);
    } else if (row?.kind === "task" && event.target instanceof HTMLInputElement) {
      if (event.key === "Enter") onOpen(row.task.id);
      else if (event.key === "e") place.querySelector<HTMLElement>("[data-title]")?.click();
      else if (event.key === "Delete") void actions.remove(row.task);
      else return;
      event.preventDefault();
    }
  };
}
