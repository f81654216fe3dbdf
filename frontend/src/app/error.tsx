"use client";

import { useText } from "@/i18n/language";

/** Bare on purpose: every page loads it, and it must not need anything that may be what failed. */
export default function PageError() {
  const text = useText();
  return (
    <div role="alert" className="mx-auto flex max-w-sm flex-col items-center gap-2 px-6 py-24 text-center">
      <h1 className="font-semibold text-base">{text("error.page")}</h1>
      <p className="text-sm text-soft">{text("error.pageText")}</p>
      <button
        type="button"
        onClick={() => location.reload()}
        className="mt-3 h-9 rounded-lg bg-accent px-3.5 font-medium text-on-accent text-sm"
      >
        {text("error.reload")}
      </button>
    </div>
  );
}
