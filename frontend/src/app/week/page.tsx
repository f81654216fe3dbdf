import { WeekView } from "@/week/WeekView";
import { titled } from "../titled";

export const generateMetadata = () => titled("view.week");

export default function WeekPage() {
  return <WeekView />;
}
