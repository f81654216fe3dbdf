import { en, type Messages } from "./en";
import type { Locale } from "./locales";
import { ur } from "./ur";

/** Server side only, so that the browser gets the texts of one language. */
export function messagesOf(locale: Locale): Messages {
  return locale === "ur" ? ur : en;
}
