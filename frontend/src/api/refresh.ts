import type { Query, QueryClient, QueryKey } from "@tanstack/react-query";

/**
 * Asks again for what a change has made old.
 *
 * `invalidateQueries` alone does not restart a query's first load, whose answer may be older than the change and would
 * then stay on the page as if it were new.
 */
export async function refresh(
  client: QueryClient,
  queryKey: QueryKey,
  predicate: (query: Query) => boolean = () => true,
): Promise<void> {
  const isFirstLoad = (query: Query) => query.state.data === undefined && predicate(query);
  await client.cancelQueries({ queryKey, predicate: isFirstLoad });
  await client.invalidateQueries({ queryKey, predicate });
}
