import { WeekView } from "@/week/WeekView";

export default function WeekPage() {
  return <WeekView />;
}
