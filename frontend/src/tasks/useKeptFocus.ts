"use client";

import { type FocusEvent, useLayoutEffect, useRef } from "react";
import type { Row } from "./rows";
import { focusRow } from "./useRowKeys";

interface Place {
  element: Element;
  key: string;
  index: number;
}

/** Whoever works down a list by keyboard stays in it: when the row with the focus leaves, the one after it has it. */
export function useKeptFocus(rows: Row[]) {
  const place = useRef<Place | null>(null);

  useLayoutEffect(() => {
    const lost = place.current;
    if (!lost || lost.element.isConnected) return;
    place.current = null;
    // A row that has only been scrolled out of sight is still one.
    if (document.activeElement === document.body && !rows.some((row) => row.key === lost.key)) {
      const next = rows[lost.index]?.kind === "heading" ? lost.index + 1 : lost.index;
      focusRow(Math.min(next, rows.length - 1));
    }
  }, [rows]);

  function onFocus({ target }: FocusEvent) {
    const index = Number(target.closest<HTMLElement>("[data-index]")?.dataset.index);
    const key = rows[index]?.key;
    place.current = key && target.matches(":focus-visible") ? { element: target, key, index } : null;
  }
  // React tells of no focus that is lost by what React itself takes away.
  function onBlur() {
    place.current = null;
  }
  return { onFocus, onBlur };
}
