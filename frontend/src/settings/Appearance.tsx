"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useEffect, useState } from "react";
import { useLocale, useText } from "@/i18n/language";
import { LOCALES } from "@/i18n/locales";
import { currentTheme, setLocale, setTheme, type Theme } from "@/shell/appearance";
import { Choice } from "./Choice";
import { Section } from "./Section";
import { TimeZone } from "./TimeZone";

export function Appearance() {
  const text = useText();
  const locale = useLocale().split("-")[0] ?? "en";
  const [theme, remember] = useState<Theme>("system");
  useEffect(() => remember(currentTheme()), []);
  const themes = [
    { value: "light", name: text("theme.light"), icon: <Sun aria-hidden className="size-4" /> },
    { value: "dark", name: text("theme.dark"), icon: <Moon aria-hidden className="size-4" /> },
    { value: "system", name: text("theme.system"), icon: <Monitor aria-hidden className="size-4" /> },
  ] as const;
  return (
    <Section title={text("settings.appearance")}>
      <Choice<Theme>
        label={text("theme.label")}
        value={theme}
        options={themes}
        onChange={(next) => {
          setTheme(next);
          remember(next);
        }}
      />
      <Choice
        label={text("settings.language")}
        value={locale}
        options={Object.entries(LOCALES).map(([value, { name }]) => ({ value, name }))}
        onChange={setLocale}
      />
      <TimeZone />
    </Section>
  );
}
