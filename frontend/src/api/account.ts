import { call, failure, type Reply, send } from "./http";
import type { Page, Token } from "./types";

export async function listTokens(): Promise<Token[]> {
  return (await call<Page<Token>>("GET", "/api/tokens")).data.items;
}

export async function createToken(name: string, scope: Token["scope"]): Promise<Token> {
  return (await call<Token>("POST", "/api/tokens", { name, scope })).data;
}

export const revokeToken = (id: string): Promise<Reply<void>> => call("DELETE", `/api/tokens/${id}`);
export const deleteEverything = (): Promise<Reply<void>> => call("DELETE", "/api/me");

export const EXPORTS = ["json", "csv", "ics"] as const;
export const exportPath = (format: (typeof EXPORTS)[number]): string => `/api/export?format=${format}`;

/** Sends a file as it is; `dryRun` only asks what would happen. */
export async function importFile(file: File, dryRun: boolean): Promise<unknown> {
  const type = file.name.endsWith(".csv")
    ? "text/csv"
    : file.name.endsWith(".ics")
      ? "text/calendar"
      : "application/json";
  const response = await send(`/api/import${dryRun ? "?dry_run=true" : ""}`, {
    method: "POST",
    headers: { "content-type": type, accept: "application/json" },
    body: file,
  });
  if (!response.ok) throw await failure(response);
  return response.json();
}
