import type { Text } from "@/i18n/format";
import { RequestFailed } from "./http";

/** Why a request failed, as a sentence in the person's language where this page knows one. */
export function reasonOf(error: unknown, text: Text): string {
  // A part of the page that could not be fetched.
  if (error instanceof Error && error.name === "ChunkLoadError") return text("error.offline");
  if (!(error instanceof RequestFailed)) return text("error.unexpected");
  if (error.unreachable) return text("error.offline");
  return error.message === "unexpected" ? text("error.unexpected") : error.message;
}
