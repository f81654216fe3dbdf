import { timed } from "./late";
import { timeZone } from "./timeZone";
import type { Problem } from "./types";

/** A request that did not do what was asked; `message` is a sentence for the person in front of the page. */
export class RequestFailed extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly problem: Problem | null = null,
  ) {
    super(message);
    this.name = "RequestFailed";
  }
  /** The server never answered, or something in between answered for it. */
  get unreachable(): boolean {
    return this.status === 0 || (this.problem === null && this.status >= 502 && this.status <= 504);
  }
}

export interface Reply<T> {
  data: T;
  undoToken: string | null;
}

// The first write gives a newcomer the cookie of a private space. Writes sent side by side before its answer would each
// be given a space of their own, so they wait for it. Reads give no cookie and never wait; neither does parsing.
let firstWrite: Promise<boolean> | null = null;

function isWrite(path: string, method = "GET"): boolean {
  return method !== "GET" && path !== "/api/tasks/parse";
}

export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  const writes = isWrite(path, init.method);
  // When the first one failed, one of those that waited takes its place and the others wait for that.
  while (writes && firstWrite && !(await firstWrite));
  const pending = timed(fetch(path, { credentials: "same-origin", ...init }));
  if (writes) {
    firstWrite ??= pending.then(
      () => true,
      () => {
        firstWrite = null;
        return false;
      },
    );
  }
  try {
    return await pending;
  } catch (reason) {
    if (reason instanceof DOMException && reason.name === "AbortError") throw reason;
    throw new RequestFailed(0, "offline");
  }
}

export async function failure(response: Response): Promise<RequestFailed> {
  const type = response.headers.get("content-type") ?? "";
  if (!type.includes("json")) return new RequestFailed(response.status, "unexpected");
  const problem = (await response.json().catch(() => null)) as Problem | null;
  const sentence = problem?.errors?.[0]?.message ?? problem?.detail ?? problem?.title;
  return new RequestFailed(response.status, sentence ?? "unexpected", problem);
}

export async function call<T>(method: string, path: string, body?: unknown, init: RequestInit = {}): Promise<Reply<T>> {
  const response = await send(path, {
    ...init,
    method,
    headers: {
      accept: "application/json",
      "time-zone": timeZone(),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...init.headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw await failure(response);
  const undoToken = response.headers.get("undo-token");
  if (response.status === 204) return { data: undefined as T, undoToken };
  if (!response.headers.get("content-type")?.includes("json")) throw new RequestFailed(response.status, "unexpected");
  return { data: (await response.json()) as T, undoToken };
}
