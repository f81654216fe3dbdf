"use client";

import { History } from "lucide-react";
import { useState } from "react";
import { useText } from "@/i18n/language";
import { IconButton } from "@/ui/Button";
import { later } from "@/ui/later";

const ConversationList = later(async () => (await import("./ConversationList")).default);

/** The button behind which the earlier conversations are. */
export function Conversations() {
  const text = useText();
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton
        label={text("chat.history")}
        icon={<History aria-hidden className="size-[18px]" />}
        onClick={() => setOpen(true)}
      />
      {open && <ConversationList onClose={() => setOpen(false)} />}
    </>
  );
}
