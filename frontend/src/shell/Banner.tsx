"use client";

import { useQueryClient } from "@tanstack/react-query";
import { TriangleAlert, WifiOff } from "lucide-react";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { isLate, onLateness } from "@/api/late";
import { useText } from "@/i18n/language";
import { useMeta } from "./useMeta";

/** One line over the page while something stands in the way, with what happens next. */
export function Banner() {
  const text = useText();
  const client = useQueryClient();
  const { meta, state } = useMeta();
  const before = useRef(state);
  const late = useSyncExternalStore(onLateness, isLate, () => false);

  useEffect(() => {
    const isBack = before.current !== "online" && state === "online";
    before.current = state;
    if (isBack) void client.invalidateQueries();
  }, [state, client]);

  async function askAgain() {
    await client.cancelQueries(); // what has no answer yet would only be waited for again
    await client.invalidateQueries();
  }

  if (state === "online" && !late) return null;
  const Icon = state === "offline" ? WifiOff : TriangleAlert;
  const words = {
    offline: text("status.offlineText"),
    down: text("status.downText"),
    waking: text("status.waking"),
    online: text("status.lateText"),
    stale: `${text("status.reloadFailed")} ${meta?.reload?.error ?? ""}`,
  }[state];
  return (
    <p role="alert" className="flex items-center gap-2.5 bg-warn-soft px-4 py-2 text-sm text-warn md:px-8">
      <Icon aria-hidden className="size-4 shrink-0" />
      <span className="min-w-0 truncate">{words}</span>
      {late && state !== "offline" && (
        <button
          type="button"
          className="-my-1 shrink-0 rounded-md px-2 py-1 font-medium underline underline-offset-2"
          onClick={askAgain}
        >
          {text("list.retry")}
        </button>
      )}
    </p>
  );
}
