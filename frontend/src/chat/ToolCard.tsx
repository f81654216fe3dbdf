"use client";

import { ChevronRight, CircleCheck, CircleX, LoaderCircle } from "lucide-react";
import type { ToolCall } from "@/api/types";
import type { MessageKey } from "@/i18n/en";
import { useText } from "@/i18n/language";

const NAMES: Record<string, MessageKey> = {
  add_task: "tool.add_task",
  list_tasks: "tool.list_tasks",
  complete_task: "tool.complete_task",
  update_task: "tool.update_task",
  delete_task: "tool.delete_task",
};

function StateIcon({ ok }: { ok: boolean | undefined }) {
  if (ok === undefined) return <LoaderCircle aria-hidden className="size-4 animate-spin text-faint" />;
  if (ok) return <CircleCheck aria-hidden className="size-4 text-accent" />;
  return <CircleX aria-hidden className="size-4 text-danger" />;
}

function Detail({ name, children }: { name: string; children: string }) {
  return (
    <div>
      <dt className="font-medium text-faint">{name}</dt>
      <dd>
        <pre className="mt-0.5 max-h-48 overflow-auto whitespace-pre-wrap break-words rounded-md bg-sunken p-2 font-mono text-[11.5px]">
          {children}
        </pre>
      </dd>
    </div>
  );
}

/** What the assistant did, in one line; with what it asked for and what came back behind it. */
export function ToolCard({ call }: { call: ToolCall }) {
  const text = useText();
  const known = NAMES[call.name];
  const name = known ? text(known) : text("tool.other", { name: call.name });
  const subject = typeof call.arguments?.title === "string" ? call.arguments.title : null;
  return (
    <details className="group rounded-xl border border-line text-sm open:bg-hover">
      <summary className="flex cursor-pointer list-none items-center gap-2 rounded-xl px-3 py-2 hover:bg-hover [&::-webkit-details-marker]:hidden">
        <StateIcon ok={call.ok} />
        <span className="min-w-0 flex-1 truncate">
          {call.ok === false ? `${text("chat.failedTool")}: ${name}` : name}
          {subject && <span className="text-soft"> · {subject}</span>}
        </span>
        <ChevronRight
          aria-hidden
          className="size-4 text-faint transition-transform group-open:rotate-90 rtl:-scale-x-100"
        />
      </summary>
      <dl className="flex flex-col gap-2 px-3 pb-3 text-xs">
        <Detail name={text("chat.arguments")}>{JSON.stringify(call.arguments, null, 2)}</Detail>
        {call.text && <Detail name={text("chat.result")}>{call.text}</Detail>}
      </dl>
    </details>
  );
}
