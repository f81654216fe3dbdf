"use client";

import { useQueryClient } from "@tanstack/react-query";
import { TriangleAlert, WifiOff } from "lucide-react";
import { useEffect, useRef } from "react";
import { useText } from "@/i18n/language";
import { useMeta } from "./useMeta";

/** One line over the page while something stands in the way, with what happens next. */
export function Banner() {
  const text = useText();
  const client = useQueryClient();
  const { meta, state } = useMeta();
  const before = useRef(state);

  useEffect(() => {
    const isBack = before.current !== "online" && state === "online";
    before.current = state;
    if (isBack) void client.invalidateQueries();
  }, [state, client]);

  if (state === "online") return null;
  const Icon = state === "offline" ? WifiOff : TriangleAlert;
  const words = {
    offline: text("status.offlineText"),
    down: text("status.downText"),
    waking: text("status.waking"),
    stale: `${text("status.reloadFailed")} ${meta?.reload?.error ?? ""}`,
  }[state];
  return (
    <p role="alert" className="flex items-center gap-2.5 bg-warn-soft px-4 py-2 text-sm text-warn md:px-8">
      <Icon aria-hidden className="size-4 shrink-0" />
      <span className="min-w-0 truncate">{words}</span>
    </p>
  );
}
