"use client";

import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { call } from "@/api/http";
import type { Meta } from "@/api/types";

function subscribe(listener: () => void) {
  addEventListener("online", listener);
  addEventListener("offline", listener);
  return () => {
    removeEventListener("online", listener);
    removeEventListener("offline", listener);
  };
}

/** What answers here, and whether it does; asked again now and then, more often while it does not. */
export function useMeta() {
  const online = useSyncExternalStore(
    subscribe,
    () => navigator.onLine,
    () => true,
  );
  const { data, isError } = useQuery({
    queryKey: ["meta"],
    queryFn: async () => (await call<Meta>("GET", "/api/meta")).data,
    retry: false,
    refetchInterval: (query) => (query.state.status === "error" ? 3_000 : 30_000),
  });
  const state = !online ? "offline" : isError ? "down" : "online";
  return { meta: data, state } as const;
}
