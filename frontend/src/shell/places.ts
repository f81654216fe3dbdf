import { CalendarClock, CircleAlert, CircleCheckBig, Inbox, type LucideIcon, Sun } from "lucide-react";
import type { View } from "@/tasks/views";

/** The views in the order of the sidebar, with their pictures. */
export const PLACES: { view: View; icon: LucideIcon }[] = [
  { view: "all", icon: Inbox },
  { view: "today", icon: Sun },
  { view: "upcoming", icon: CalendarClock },
  { view: "overdue", icon: CircleAlert },
  { view: "done", icon: CircleCheckBig },
];
