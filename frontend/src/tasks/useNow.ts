"use client";

import { useSyncExternalStore } from "react";
import { type Day, today } from "./day";

interface Now {
  now: Date;
  today: Day;
}

// The server does not know the person's time zone, so there is no today before the page runs in the browser.
const UNKNOWN: Now = { now: new Date(0), today: "" };
let current = UNKNOWN;
const listeners = new Set<() => void>();

function refresh() {
  current = { now: new Date(), today: today() };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  const timer = setInterval(refresh, 60_000);
  return () => {
    listeners.delete(listener);
    clearInterval(timer);
  };
}

function read(): Now {
  if (current === UNKNOWN) current = { now: new Date(), today: today() };
  return current;
}

/** The minute that it is, so that a page left open over midnight moves on. */
export function useNow(): Now {
  return useSyncExternalStore(subscribe, read, () => UNKNOWN);
}
