import { CalendarClock, CalendarDays, CircleAlert, CircleCheckBig, Inbox, type LucideIcon, Sun } from "lucide-react";
import type { MessageKey } from "@/i18n/en";

export interface Place {
  path: string;
  name: MessageKey;
  icon: LucideIcon;
}

/** Where one can go, in the order of the sidebar. */
export const PLACES: readonly Place[] = [
  { path: "/", name: "view.all", icon: Inbox },
  { path: "/today", name: "view.today", icon: Sun },
  { path: "/upcoming", name: "view.upcoming", icon: CalendarClock },
  { path: "/week", name: "view.week", icon: CalendarDays },
  { path: "/overdue", name: "view.overdue", icon: CircleAlert },
  { path: "/done", name: "view.done", icon: CircleCheckBig },
];
