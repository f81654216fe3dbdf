import type { ReactNode } from "react";

export const INPUT =
  "h-10 w-full rounded-lg border border-line bg-surface px-3 text-sm text-ink placeholder:text-faint focus:border-accent focus:outline-none disabled:opacity-50";

/** A labelled input. */
export function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="flex flex-col gap-1.5">
      <span className="font-medium text-soft text-xs">{label}</span>
      {children}
    </label>
  );
}
