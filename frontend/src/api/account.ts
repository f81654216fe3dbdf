import { call, failure, type Reply, send } from "./http";
import { timeZone } from "./timeZone";
import type { Imported, Page, Token } from "./types";

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

const TYPES: Record<string, string> = { csv: "text/csv", ics: "text/calendar", json: "application/json" };

/** All of a file is imported, or nothing: the failure then names what is wrong, place by place. A preview only looks. */
export async function importFile(file: File, { preview = false } = {}): Promise<Imported> {
  const type = TYPES[file.name.split(".").at(-1)?.toLowerCase() ?? ""] ?? TYPES.json;
  const response = await send(`/api/import${preview ? "?preview=true" : ""}`, {
    method: "POST",
    headers: { "content-type": type ?? "", accept: "application/json", "time-zone": timeZone() },
    body: file,
  });
  if (!response.ok) throw await failure(response);
  return (await response.json()) as Imported;
}
