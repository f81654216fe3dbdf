export const LOCALES = {
  en: { name: "English", dir: "ltr" },
  ur: { name: "اردو", dir: "rtl" },
} as const;
export type Locale = keyof typeof LOCALES;

/** The language that a cookie names, English when it names none. */
export function localeOf(value: string | undefined): Locale {
  return value !== undefined && value in LOCALES ? (value as Locale) : "en";
}
