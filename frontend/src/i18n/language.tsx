"use client";

import { createContext, type ReactNode, useContext, useMemo } from "react";
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
export const useLocale = (): string => useLanguage().locale;
