import { TaskPage } from "./TaskPage";
import { titled } from "./titled";

export const generateMetadata = () => titled("view.all");

export default function AllTasksPage() {
  return <TaskPage view="all" />;
}
