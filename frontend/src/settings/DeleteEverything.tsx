"use client";

import { useState } from "react";
import { deleteEverything } from "@/api/account";
import { reasonOf } from "@/api/problem";
import { useText } from "@/i18n/language";
import { notifyFailure } from "@/shell/notify";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Section } from "./Section";

export function DeleteEverything() {
  const text = useText();
  const [asking, setAsking] = useState(false);

  async function remove() {
    try {
      await deleteEverything();
      localStorage.clear();
      location.assign("/");
    } catch (error) {
      setAsking(false);
      notifyFailure(text("task.failed", { reason: reasonOf(error, text) }));
    }
  }

  return (
    <Section title={text("settings.leave")} hint={text("settings.leaveHint")}>
      <div>
        <Button look="danger" onClick={() => setAsking(true)}>
          {text("settings.leaveAction")}
        </Button>
      </div>
      {asking && (
        <Dialog title={text("settings.leaveAction")} onClose={() => setAsking(false)}>
          <p className="p-5 text-sm">{text("settings.leaveSure")}</p>
          <footer className="flex justify-end gap-2 border-line border-t p-3">
            <Button look="ghost" onClick={() => setAsking(false)}>
              {text("task.cancel")}
            </Button>
            <Button look="danger" onClick={remove}>
              {text("settings.leaveAction")}
            </Button>
          </footer>
        </Dialog>
      )}
    </Section>
  );
}
