"use client";

import { type QueryFunctionContext, useQuery } from "@tanstack/react-query";
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
  const { data } = useQuery({
    queryKey: ["meta"],
    queryFn: ask,
    networkMode: "always",
    refetchInterval: (query) => (query.state.data?.error ? 2_000 : 20_000),
  });
  return { meta: data?.meta, state: stateOf(online, data) };
}

interface Answer {
  meta: Meta | undefined;
  error: unknown;
}

/** An error is an answer too: a query that fails forgets that it did whenever it is asked again, and looks healthy. */
async function ask({ client, queryKey, signal }: QueryFunctionContext): Promise<Answer> {
  try {
    return { meta: (await call<Meta>("GET", "/api/meta", undefined, { signal })).data, error: null };
  } catch (error) {
    return { meta: client.getQueryData<Answer>(queryKey)?.meta, error };
  }
}

function stateOf(online: boolean, answer: Answer | undefined): ServiceState {
  if (!online) return "offline";
  const { meta, error } = answer ?? { meta: undefined, error: null };
  if (error) return error instanceof RequestFailed && error.status === 503 && error.problem ? "waking" : "down";
  return meta?.reload?.state === "failed" ? "stale" : "online";
}
