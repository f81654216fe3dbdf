"use client";

import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { call, RequestFailed } from "@/api/http";
import type { Meta } from "@/api/types";
import type { Text } from "@/i18n/format";

/** `stale`: the newest code did not start, the one before it serves. `waking`: the database is not there yet. */
export type ServiceState = "online" | "stale" | "waking" | "down" | "offline";

export const engineName = ({ engine }: Meta, text: Text): string =>
  engine.kind === "rules" ? text("status.rules") : (engine.model ?? "");
export const databaseName = ({ database }: Meta): string => (database.kind === "postgresql" ? "PostgreSQL" : "SQLite");

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
  const { data, error } = useQuery({
    queryKey: ["meta"],
    queryFn: async () => (await call<Meta>("GET", "/api/meta")).data,
    retry: false,
    networkMode: "always",
    refetchInterval: (query) => (query.state.status === "error" ? 2_000 : 20_000),
  });
  return { meta: data, state: stateOf(online, error, data) };
}

function stateOf(online: boolean, error: Error | null, meta: Meta | undefined): ServiceState {
  if (!online) return "offline";
  if (error) return error instanceof RequestFailed && error.status === 503 && error.problem ? "waking" : "down";
  return meta?.reload?.state === "failed" ? "stale" : "online";
}
