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
  reschedule_task: "tool.reschedule_task",
  propose_plan: "tool.propose_plan",
  undo: "tool.undo",
};

function StateIcon({ ok }: { ok: boolean | undefined }) {
  if (ok === undefined) return <LoaderCircle aria-hidden className="size-4 animate-spin text-faint" />;
  if (ok) return <CircleCheck aria-hidden className="size-4 text-accent" />;
  return <CircleX aria-hidden className="size-4 text-danger" />;
}

/** What a tool gave back, as far as this page knows its shape. */
interface Outcome {
  tasks?: { id?: string; title: string; done?: boolean }[];
  failed?: { reference: string; message: string }[];
  total?: number;
  error?: unknown;
}

const SHOWN = 8;

function Result({ call }: { call: ToolCall }) {
  const text = useText();
  const outcome = (call.data ?? {}) as Outcome;
  const tasks = outcome.tasks ?? [];
  const hidden = Math.max(outcome.total ?? 0, tasks.length) - Math.min(tasks.length, SHOWN);
  if (tasks.length === 0 && !outcome.failed?.length) {
    return <dd className="text-soft">{typeof outcome.error === "string" ? outcome.error : text("chat.noTasks")}</dd>;
  }
  return (
    <dd>
      <ul className="space-y-0.5">
        {tasks.slice(0, SHOWN).map((task) => (
          <li key={task.id ?? task.title} className={task.done ? "text-faint line-through" : ""}>
            <bdi>{task.title}</bdi>
          </li>
        ))}
        {outcome.failed?.map((failure) => (
          <li key={failure.reference} className="text-danger">
            {failure.message}
          </li>
        ))}
      </ul>
      {hidden > 0 && <p className="mt-1 text-soft">{text("plan.more", { n: hidden })}</p>}
    </dd>
  );
}

/** The task that a call is about, for its one line. */
function subjectOf(call: ToolCall): string | null {
  const [first, ...more] = ((call.data ?? {}) as Outcome).tasks ?? [];
  if (call.name === "list_tasks" || !first) return null;
  return more.length > 0 ? `${first.title} +${more.length}` : first.title;
}

/** What the assistant did, in one line; with what it asked for and what came back behind it. */
export function ToolCard({ call }: { call: ToolCall }) {
  const text = useText();
  const known = NAMES[call.name];
  const name = known ? text(known) : text("tool.other", { name: call.name });
  const subject = subjectOf(call);
  return (
    <details className="group rounded-xl border border-line text-sm open:bg-hover">
      <summary className="flex cursor-pointer list-none items-center gap-2 rounded-xl px-3 py-2 hover:bg-hover [&::-webkit-details-marker]:hidden">
        <StateIcon ok={call.ok} />
        <span className="min-w-0 flex-1 truncate">
          {call.ok === false ? `${text("chat.failedTool")}: ${name}` : name}
          {subject && (
            <span className="text-soft">
              {" · "}
              <bdi>{subject}</bdi>
            </span>
          )}
        </span>
        <ChevronRight
          aria-hidden
          className="size-4 text-faint transition-transform group-open:rotate-90 rtl:-scale-x-100"
        />
      </summary>
      <dl className="flex flex-col gap-2 px-3 pb-3 text-[13px]">
        <div>
          <dt className="mb-0.5 font-medium text-faint text-xs">{text("chat.arguments")}</dt>
          <dd>
            <pre
              dir="ltr"
              className="max-h-48 overflow-auto whitespace-pre-wrap break-words rounded-md bg-sunken p-2 font-mono text-[11.5px]"
            >
              {JSON.stringify(call.arguments, null, 2)}
            </pre>
          </dd>
        </div>
        {call.ok !== undefined && (
          <div>
            <dt className="mb-0.5 font-medium text-faint text-xs">{text("chat.result")}</dt>
            <Result call={call} />
          </div>
        )}
      </dl>
    </details>
  );
}
