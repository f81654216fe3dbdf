"use client";

import { Pencil, RotateCcw, TriangleAlert, Undo2 } from "lucide-react";
import { useText } from "@/i18n/language";
import { useTaskActions } from "@/tasks/useTaskActions";
import { IconButton } from "@/ui/Button";
import { useChat } from "./ChatProvider";
import { Markdown } from "./Markdown";
import { type Message, type Part, textOf } from "./message";
import { Notice } from "./Notice";
import { PlanCard } from "./PlanCard";
import { ToolCard } from "./ToolCard";

const SMALL = "inline-flex items-center gap-1.5 rounded-md px-2 py-1 text-xs text-soft hover:bg-sunken hover:text-ink";

function PartView({ part }: { part: Part }) {
  if (part.kind === "text") return <Markdown>{part.text}</Markdown>;
  if (part.kind === "tool") return part.call.name === "propose_plan" ? null : <ToolCard call={part.call} />;
  if (part.kind === "plan") return <PlanCard plan={part.plan} />;
  return <Notice {...part} />;
}

export default function MessageView({ message }: { message: Message }) {
  const text = useText();
  if (message.role === "user") {
    return (
      <div className="group/said mt-4 flex animate-rise items-center justify-end gap-1 first:mt-0">
        <EditAgain message={message} />
        <p
          dir="auto"
          className="max-w-[85%] whitespace-pre-wrap break-words rounded-2xl rounded-ee-md bg-accent px-3.5 py-2 text-[14.5px] text-on-accent"
        >
          <span className="sr-only">{text("chat.you")}: </span>
          {textOf(message)}
        </p>
      </div>
    );
  }
  return (
    <div className="mt-4 flex flex-col gap-2.5">
      <span className="sr-only">{text("chat.assistant")}: </span>
      {message.parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts are only ever appended
        <PartView key={index} part={part} />
      ))}
      <Ending message={message} />
    </div>
  );
}

/** Puts the last message back into the composer, to be said better. */
function EditAgain({ message }: { message: Message }) {
  const text = useText();
  const { lastSaid, running, edit } = useChat();
  if (message !== lastSaid || running) return null;
  return (
    <IconButton
      label={text("chat.edit")}
      icon={<Pencil aria-hidden className="size-3.5" />}
      onClick={edit}
      className="focus-visible:opacity-100 group-hover/said:opacity-100 md:opacity-0"
    />
  );
}

/** What is left to say or do after an answer. */
function Ending({ message }: { message: Message }) {
  const text = useText();
  const { retry } = useChat();
  const actions = useTaskActions();
  if (message.state === "running") {
    return (
      <p className="flex items-center gap-2 text-sm text-soft">
        <span aria-hidden className="size-2 animate-dot rounded-full bg-accent" />
        <span className={message.parts.length > 0 ? "sr-only" : ""}>{text("chat.thinking")}</span>
      </p>
    );
  }
  const trouble =
    message.state === "failed"
      ? (message.failure ?? text("error.unexpected"))
      : message.state === "lost"
        ? text("chat.lost")
        : null;
  const undoToken = message.undoToken;
  return (
    <>
      {trouble && (
        <p role="alert" className="flex items-start gap-2 rounded-lg bg-danger-soft px-3 py-2 text-danger text-sm">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <span className="first-letter:uppercase">{trouble}</span>
        </p>
      )}
      {message.state === "stopped" && <p className="text-sm text-soft">{text("chat.stopped")}</p>}
      <div className="-ms-2 flex items-center gap-1">
        {undoToken && (
          <button type="button" className={SMALL} onClick={() => actions.undo(undoToken)}>
            <Undo2 aria-hidden className="size-3.5" />
            {text("undo.action")}
          </button>
        )}
        {message.state !== "done" && (
          <button type="button" className={SMALL} onClick={retry}>
            <RotateCcw aria-hidden className="size-3.5" />
            {text("chat.retry")}
          </button>
        )}
      </div>
    </>
  );
}
