"use client";

import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
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
  // By place too, and kept up to date: thousands of look-ups by key with every frame of a scroll take longer than to draw it.
  const sizes = useMemo(() => rows.map((row) => heights.current.get(row.key) ?? GUESS[row.kind]), [rows]);
  const heightOf = useCallback((index: number) => sizes[index] ?? 0, [sizes]);

  const look = useCallback(() => {
    if (!list.current || !scroller.current) return;
    for (const place of list.current.querySelectorAll<HTMLElement>(":scope > [data-index]")) {
      const index = Number(place.dataset.index);
      const row = rows[index];
      if (!row) continue;
      sizes[index] = place.getBoundingClientRect().height;
      heights.current.set(row.key, sizes[index]);
    }
    const from = scroller.current.getBoundingClientRect().top - list.current.getBoundingClientRect().top;
    const to = from + scroller.current.clientHeight;
    const { first, end } = sightBetween(rows.length, heightOf, from - SPARE, to + SPARE);
    setSight((now) => (now.first === first && now.end === end + ADDED ? now : { first, end: end + ADDED }));
  }, [rows, scroller, sizes, heightOf]);

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
