import type { Metadata } from "next";
import { cookies } from "next/headers";
import type { MessageKey } from "@/i18n/en";
import { textIn } from "@/i18n/format";
import { localeOf } from "@/i18n/locales";
import { messagesOf } from "@/i18n/messages";

/** The name of a page in the browser's tabs, history and bookmarks. */
export async function titled(key: MessageKey): Promise<Metadata> {
  const locale = localeOf((await cookies()).get("locale")?.value);
  const text = textIn(locale, messagesOf(locale));
  return { title: `${text(key)} · ${text("app.name")}` };
}
