import type { ReactNode } from "react";

/** A group of settings with its title and what it is for. */
export function Section({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-4">
      <div className="border-line border-b pb-2">
        <h2 className="font-semibold text-base">{title}</h2>
        {hint && <p className="mt-0.5 text-pretty text-sm text-soft">{hint}</p>}
      </div>
      {children}
    </section>
  );
}
