export const LOCALES = {
  en: { name: "English", dir: "ltr" },
  ur: { name: "اردو", dir: "rtl" },
} as const;
export type Locale = keyof typeof LOCALES;

export function isLocale(value: string | undefined): value is Locale {
  return value !== undefined && value in LOCALES;
}
