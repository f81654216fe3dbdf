"use client";

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Row } from "./rows";
import { roomOf, sightBetween } from "./sight";

/** Pixels over and under what is in sight in which rows exist too. */
const SPARE = 600;
/** Rows that may be added at a time before those at the end would have to go and come again, without what is written in them. */
const ADDED = 6;
/** How high a row probably is that was never there. */
const GUESS: Record<Row["kind"], number> = { heading: 48, task: 70 };

/**
 * Which rows of a long list exist: those in sight and some around them. The others are left as room before and after.
 *
 * The room is of the height that its rows had when they were last there. It stands in the flow beside the rows, so that
 * the browser's scroll anchoring (CSS Scroll Anchoring 1) keeps what is in sight in its place where a guess was wrong.
 */
export function useSight(rows: Row[], scroller: RefObject<HTMLElement | null>) {
  const list = useRef<HTMLUListElement>(null);
  const heights = useRef(new Map<string, number>());
  const [sight, setSight] = useState({ first: 0, end: 30 });
  const heightOf = useCallback(
    (index: number) => {
      const row = rows[index];
      return row ? (heights.current.get(row.key) ?? GUESS[row.kind]) : 0;
    },
    [rows],
  );

  const look = useCallback(() => {
    if (!list.current || !scroller.current) return;
    for (const place of list.current.querySelectorAll<HTMLElement>(":scope > [data-index]")) {
      const row = rows[Number(place.dataset.index)];
      if (row) heights.current.set(row.key, place.getBoundingClientRect().height);
    }
    const from = scroller.current.getBoundingClientRect().top - list.current.getBoundingClientRect().top;
    const to = from + scroller.current.clientHeight;
    const { first, end } = sightBetween(rows.length, heightOf, from - SPARE, to + SPARE);
    setSight((now) => (now.first === first && now.end === end + ADDED ? now : { first, end: end + ADDED }));
  }, [rows, scroller, heightOf]);

  useLayoutEffect(look);
  useEffect(() => {
    const box = scroller.current;
    const resized = new ResizeObserver(look);
    if (box) resized.observe(box);
    if (list.current) resized.observe(list.current);
    box?.addEventListener("scroll", look, { passive: true });
    return () => {
      resized.disconnect();
      box?.removeEventListener("scroll", look);
    };
  }, [look, scroller]);

  const end = Math.min(sight.end, rows.length);
  const first = Math.min(sight.first, end);
  return { list, first, end, before: roomOf(heightOf, 0, first), after: roomOf(heightOf, end, rows.length) };
}
