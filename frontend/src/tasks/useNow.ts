"use client";

import { useSyncExternalStore } from "react";
import { timeZone } from "@/api/timeZone";
import { type Day, dayIn } from "./day";

interface Now {
  now: Date;
  today: Day;
}

// The server does not know the person's time zone, so there is no today before the page runs in the browser.
const UNKNOWN: Now = { now: new Date(0), today: "" };
let current = UNKNOWN;
const listeners = new Set<() => void>();

function present(): Now {
  const now = new Date();
  return { now, today: dayIn(timeZone(), now) };
}

function refresh() {
  current = present();
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
  if (current === UNKNOWN) current = present();
  return current;
}

/** The minute that it is, so that a page left open over midnight moves on. */
export function useNow(): Now {
  return useSyncExternalStore(subscribe, read, () => UNKNOWN);
}
