"use client";

import { useQueryClient } from "@tanstack/react-query";
import { MessageSquare, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { deleteConversation, renameConversation } from "@/api/chat";
import { reasonOf } from "@/api/problem";
import { refresh } from "@/api/refresh";
import type { ConversationSummary } from "@/api/types";
import { useText } from "@/i18n/language";
import { notifyFailure } from "@/shell/notify";
import { Button, IconButton } from "@/ui/Button";
import { useChat } from "./ChatProvider";
import { openConversation } from "./openConversation";
import { CONVERSATIONS } from "./useRunningTurn";

interface ConversationItemProps {
  conversation: ConversationSummary;
  onChosen: () => void;
}

/** One conversation: open it, give it a name, or let it go after a second word. */
export function ConversationItem({ conversation, onChosen }: ConversationItemProps) {
  const text = useText();
  const chat = useChat();
  const client = useQueryClient();
  const [name, setName] = useState<string | null>(null);
  const [leaving, setLeaving] = useState(false);
  const title = conversation.title || text("chat.untitled");

  async function attempt(act: () => Promise<unknown>) {
    try {
      await act();
    } catch (error) {
      notifyFailure(text("task.failed", { reason: reasonOf(error, text) }));
    }
    await refresh(client, CONVERSATIONS);
  }

  function rename() {
    const wanted = name?.trim();
    setName(null);
    if (wanted && wanted !== title) void attempt(() => renameConversation(conversation.id, wanted));
  }

  async function remove() {
    await attempt(() => deleteConversation(conversation.id));
    if (conversation.id === openConversation()) chat.start();
  }

  if (name !== null) {
    return (
      <li className="p-1">
        <input
          // biome-ignore lint/a11y/noAutofocus: the person has just asked to write here
          autoFocus
          aria-label={text("chat.rename")}
          value={name}
          dir="auto"
          maxLength={200}
          onChange={(event) => setName(event.target.value)}
          onBlur={rename}
          onKeyDown={(event) => event.key === "Enter" && rename()}
          className="h-9 w-full rounded-lg bg-sunken px-3 text-sm outline-accent"
        />
      </li>
    );
  }
  if (leaving) {
    return (
      <li className="flex flex-wrap items-center gap-1.5 rounded-lg bg-sunken px-3 py-1.5 text-sm">
        <p role="alert" dir="auto" className="min-w-40 flex-1 break-words">
          {text("chat.deleteSure", { title })}
        </p>
        {/* The button that was pressed is gone; this one changes nothing. */}
        <Button autoFocus look="ghost" onClick={() => setLeaving(false)}>
          {text("chat.keep")}
        </Button>
        <Button look="danger" onClick={remove}>
          {text("chat.delete")}
        </Button>
      </li>
    );
  }
  return (
    <li className="group flex items-center gap-1 rounded-lg pe-1 focus-within:bg-sunken hover:bg-sunken">
      <button
        type="button"
        onClick={() => attempt(() => chat.open(conversation.id)).then(onChosen)}
        className="flex h-11 min-w-0 flex-1 items-center gap-3 rounded-lg px-3 text-start text-sm"
      >
        <MessageSquare aria-hidden className="size-4 shrink-0 text-faint" />
        <span dir="auto" className="truncate">
          {title}
        </span>
      </button>
      <IconButton
        label={`${text("chat.rename")}: ${title}`}
        icon={<Pencil aria-hidden className="size-4" />}
        onClick={() => setName(title)}
      />
      <IconButton
        label={`${text("chat.delete")}: ${title}`}
        icon={<Trash2 aria-hidden className="size-4" />}
        onClick={() => setLeaving(true)}
      />
    </li>
  );
}
