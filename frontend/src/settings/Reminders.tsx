"use client";

import { useEffect, useState } from "react";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { Section } from "./Section";

type Permission = NotificationPermission | "unsupported";

/** Notifications at the time a task is due, as long as a page of the application is open. */
export function Reminders() {
  const text = useText();
  const [permission, setPermission] = useState<Permission>("default");
  useEffect(() => setPermission("Notification" in window ? Notification.permission : "unsupported"), []);
  return (
    <Section title={text("settings.reminders")} hint={text("settings.remindersHint")}>
      <div className="flex items-center gap-3 text-sm">
        {permission === "default" ? (
          <Button onClick={async () => setPermission(await Notification.requestPermission())}>
            {text("settings.remindersAllow")}
          </Button>
        ) : (
          <p className="text-soft">{text(`settings.reminders.${permission}`)}</p>
        )}
      </div>
    </Section>
  );
}
