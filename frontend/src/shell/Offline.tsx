"use client";

import { useEffect } from "react";

/** Parts that come when they are wanted, and then perhaps could not be fetched any more. */
const LATER = [
  () => import("@/ui/MenuParts"),
  () => import("./Toaster"),
  () => import("@/tasks/TaskList"),
  () => import("@/tasks/TaskDialog"),
  () => import("@/tasks/MarkChips"),
  () => import("@/tasks/ListChoices"),
  () => import("@/chat/conversing"),
  () => import("@/chat/MessageView"),
  () => import("@/chat/RenderedMarkdown"),
];

const ACTS = ["pointerdown", "keydown"] as const;

/** Whoever begins to use the page gets the rest of it, a part whenever the browser has nothing else to do. */
function fetchTheRest() {
  for (const act of ACTS) removeEventListener(act, fetchTheRest);
  const idle = window.requestIdleCallback ?? setTimeout;
  const next = () => {
    const part = LATER.shift();
    if (part) part().then(() => idle(next), next);
  };
  idle(next);
}

/** Makes the page one that works without a network. Not while it is being developed: its parts change by the minute. */
export function Offline() {
  useEffect(() => {
    if (process.env.NODE_ENV !== "production") return;
    for (const act of ACTS) addEventListener(act, fetchTheRest);
    void navigator.serviceWorker?.register("/sw.js").catch(() => undefined);
    return () => {
      for (const act of ACTS) removeEventListener(act, fetchTheRest);
    };
  }, []);
  return null;
}
