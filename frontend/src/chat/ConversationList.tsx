"use client";

import { useQuery } from "@tanstack/react-query";
import { listConversations } from "@/api/chat";
import { reasonOf } from "@/api/problem";
import { useText } from "@/i18n/language";
import { Dialog } from "@/ui/Dialog";
import { ConversationItem } from "./ConversationItem";
import { CONVERSATIONS } from "./useRunningTurn";

/** The conversations that were had. */
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
