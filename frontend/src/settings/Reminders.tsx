"use client";

import { useText } from "@/i18n/language";
import { askPermission, usePermission } from "@/shell/reminding";
import { Button } from "@/ui/Button";
import { Section } from "./Section";

/** Notifications at the time a task is due, as long as a page of the application is open. */
export function Reminders() {
  const text = useText();
  const permission = usePermission();
  return (
    <Section title={text("settings.reminders")} hint={text("settings.remindersHint")}>
      <div className="flex items-center gap-3 text-sm">
        {permission === "default" ? (
          <Button onClick={askPermission}>{text("settings.remindersAllow")}</Button>
        ) : (
          <p className="text-soft">{text(`settings.reminders.${permission}`)}</p>
        )}
      </div>
    </Section>
  );
}
