"use client";

import { ListChecks } from "lucide-react";
import { useState } from "react";
import { cancelPlan, confirmPlan } from "@/api/chat";
import { reasonOf } from "@/api/problem";
import type { Plan } from "@/api/types";
import { useText } from "@/i18n/language";
import { useTaskActions } from "@/tasks/useTaskActions";
import { Button } from "@/ui/Button";
import { useChat } from "./ChatProvider";

const SHOWN = 6;
type Answer = { state: "open" | "busy" | "confirmed" | "cancelled" | "expired" } | { state: "failed"; reason: string };

/** How this browser has answered a plan, so that a page loaded again does not ask once more. */
function answerTo(plan: Plan): Answer {
  const kept = localStorage.getItem(`plan:${plan.plan_id}`);
  if (kept === "confirmed" || kept === "cancelled") return { state: kept };
  return { state: Date.parse(plan.expires_at) < Date.now() ? "expired" : "open" };
}

/** Acts that are worth a second look wait here; confirming carries out exactly the tasks shown. */
export function PlanCard({ plan }: { plan: Plan }) {
  const text = useText();
  const actions = useTaskActions();
  const { settled } = useChat();
  const [own, setAnswer] = useState<Answer>(() => answerTo(plan));
  const said = settled.get(plan.plan_id);
  const answer: Answer = said ? { state: said } : own;

  async function decide(confirmed: boolean) {
    setAnswer({ state: "busy" });
    try {
      if (confirmed) {
        const outcome = await confirmPlan(plan.plan_id);
        actions.offerUndo(outcome.text, outcome.undo_token);
      } else await cancelPlan(plan.plan_id);
      const state = confirmed ? "confirmed" : "cancelled";
      localStorage.setItem(`plan:${plan.plan_id}`, state);
      setAnswer({ state });
    } catch (error) {
      setAnswer({ state: "failed", reason: reasonOf(error, text) });
    }
    void actions.refresh();
  }

  const hidden = plan.tasks.length - SHOWN;
  return (
    <div className="animate-rise rounded-xl border border-warn/40 bg-warn-soft/50 p-3.5 text-sm">
      <p className="flex items-center gap-2 font-semibold">
        <ListChecks aria-hidden className="size-4 text-warn" />
        {text("plan.title")}
      </p>
      <p dir="auto" className="mt-1 text-soft">
        {plan.summary}
      </p>
      <ul className="mt-2 list-disc space-y-0.5 ps-5 marker:text-faint">
        {plan.tasks.slice(0, SHOWN).map((task, index) => (
          <li key={task.id ?? index} className="break-words">
            <bdi>{task.title}</bdi>
          </li>
        ))}
      </ul>
      {hidden > 0 && <p className="mt-1 ps-5 text-soft">{text("plan.more", { n: hidden })}</p>}
      {answer.state === "open" || answer.state === "busy" ? (
        <div className="mt-3 flex gap-2">
          <Button look="primary" disabled={answer.state === "busy"} onClick={() => decide(true)}>
            {text("plan.confirm")}
          </Button>
          <Button disabled={answer.state === "busy"} onClick={() => decide(false)}>
            {text("plan.cancel")}
          </Button>
        </div>
      ) : (
        <p role="status" className="mt-2 font-medium">
          {answer.state === "failed" ? answer.reason : text(`plan.${answer.state}`)}
        </p>
      )}
    </div>
  );
}
