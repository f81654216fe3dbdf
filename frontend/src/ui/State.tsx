import type { ReactNode } from "react";

/** What a region shows instead of content: nothing there, or something wrong, and the next step. */
export function State(props: { icon: ReactNode; title: string; text?: string; children?: ReactNode; alert?: boolean }) {
  return (
    <div
      role={props.alert ? "alert" : undefined}
      className="mx-auto flex max-w-sm animate-rise flex-col items-center gap-2 px-6 py-16 text-center"
    >
      <div className="mb-2 grid size-14 place-items-center rounded-2xl bg-accent-soft text-accent">{props.icon}</div>
      <h2 className="font-semibold text-base">{props.title}</h2>
      {props.text && <p className="text-pretty text-sm text-soft first-letter:uppercase">{props.text}</p>}
      {props.children && <div className="mt-3 flex gap-2">{props.children}</div>}
    </div>
  );
}
