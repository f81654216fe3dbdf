import { TaskPage } from "./TaskPage";

export default function AllTasksPage() {
  return <TaskPage view="all" />;
}
