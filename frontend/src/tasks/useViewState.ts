"use client";

import { useSearchParams } from "next/navigation";
import { useCallback, useMemo } from "react";
import { type Filters, NO_FILTERS } from "./views";

const KEYS = Object.keys(NO_FILTERS) as (keyof Filters)[];

/** Changes parts of the address in place, so that every view, filter and task can be linked to. */
export function changeAddress(parts: Record<string, string>): void {
  const url = new URL(location.href);
  for (const [key, value] of Object.entries(parts)) {
    if (value) url.searchParams.set(key, value);
    else url.searchParams.delete(key);
  }
  history.replaceState(null, "", url);
}

/** The filters of a view and the task that is open, as the address has them. */
export function useViewState() {
  const params = useSearchParams();
  const filters = useMemo(
    () => Object.fromEntries(KEYS.map((key) => [key, params.get(key) ?? ""])) as unknown as Filters,
    [params],
  );
  const filter = useCallback((change: Partial<Filters>) => changeAddress(change), []);
  const clear = useCallback(() => changeAddress({ ...NO_FILTERS }), []);
  const openTask = useCallback((id: string | null) => changeAddress({ task: id ?? "" }), []);
  const filtered = KEYS.some((key) => key !== "sort" && filters[key] !== "");
  return { filters, filtered, filter, clear, openTaskId: params.get("task"), openTask };
}
