"use client";

import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from "react";
import type { Messages } from "./en";
import { type Text, textIn } from "./format";

const Language = createContext<{ locale: string; text: Text } | null>(null);

export function LanguageProvider(props: { locale: string; messages: Messages; children: ReactNode }) {
  const { locale, messages, children } = props;
  const value = useMemo(() => ({ locale, text: textIn(locale, messages) }), [locale, messages]);
  return <Language value={value}>{children}</Language>;
}

function useLanguage() {
  const language = useContext(Language);
  if (!language) throw new Error("LanguageProvider is missing");
  return language;
}

export const useText = (): Text => useLanguage().text;

const never = () => () => undefined;

/** The language with the region that the browser prefers, for dates and numbers; the server knows no region. */
export function useLocale(): string {
  const { locale } = useLanguage();
  return useSyncExternalStore(
    never,
    () => navigator.languages.find((language) => language.split("-")[0] === locale) ?? locale,
    () => locale,
  );
}
