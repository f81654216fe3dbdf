import type { MessageKey, Messages } from "./en";

export type Values = Record<string, string | number>;
export type Text = (key: MessageKey, values?: Values) => string;

/** A function that gives texts of one language, with `{name}` filled in and the form that fits `{n}`. */
export function textIn(locale: string, messages: Messages): Text {
  const plurals = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  return (key, values = {}) => {
    const message = messages[key];
    const template =
      typeof message === "string" ? message : plurals.select(Number(values.n)) === "one" ? message.one : message.other;
    return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      return value === undefined ? whole : typeof value === "number" ? numbers.format(value) : value;
    });
  };
}
