"use client";

import { useEffect } from "react";

const ACTS = ["pointerdown", "keydown"] as const;

/** Makes the page one that works without a network. Not while it is being developed: its parts change by the minute. */
export function Offline() {
  useEffect(() => {
    if (process.env.NODE_ENV !== "production") return;
    const begun = new AbortController();
    // Whoever begins to use the page gets the rest of it; until then nothing competes with its first paint.
    const begin = () => {
      begun.abort();
      import("./rest").then((rest) => rest.fetchTheRest()).catch(() => undefined);
    };
    for (const act of ACTS) addEventListener(act, begin, { signal: begun.signal });
    return () => begun.abort();
  }, []);
  return null;
}
