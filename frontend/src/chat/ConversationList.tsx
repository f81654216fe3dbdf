"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { MessageSquare, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { deleteConversation, listConversations, renameConversation } from "@/api/chat";
import { reasonOf } from "@/api/problem";
import { refresh } from "@/api/refresh";
import type { ConversationSummary } from "@/api/types";
import { useText } from "@/i18n/language";
import { notifyFailure } from "@/shell/notify";
import { IconButton } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { useChat } from "./ChatProvider";
import { openConversation } from "./openConversation";
import { CONVERSATIONS } from "./useRunningTurn";

/** The conversations that were had: open one again, name it, or let it go. */
export default function ConversationList({ onClose }: { onClose: () => void }) {
  const text = useText();
  const { data, error, isPending } = useQuery({ queryKey: CONVERSATIONS, queryFn: listConversations });
  const words = isPending ? text("list.loading") : error ? reasonOf(error, text) : text("chat.noHistory");
  return (
    <Dialog title={text("chat.history")} onClose={onClose}>
      {data?.length ? (
        <ul className="flex flex-col overflow-y-auto p-2">
          {data.map((conversation) => (
            <ConversationItem key={conversation.id} conversation={conversation} onChosen={onClose} />
          ))}
        </ul>
      ) : (
        <p className="p-6 text-sm text-soft first-letter:uppercase">{words}</p>
      )}
    </Dialog>
  );
}

function ConversationItem({ conversation, onChosen }: { conversation: ConversationSummary; onChosen: () => void }) {
  const text = useText();
  const chat = useChat();
  const client = useQueryClient();
  const [name, setName] = useState<string | null>(null);
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
        onClick={() =>
          attempt(() => deleteConversation(conversation.id)).then(
            () => conversation.id === openConversation() && chat.start(),
          )
        }
      />
    </li>
  );
}
