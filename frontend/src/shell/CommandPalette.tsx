import { useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { CircleCheck, Circle as CircleIcon, Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { useDeferredValue, useState } from "react";
import { listTasks } from "@/api/tasks";
import { useText } from "@/i18n/language";
import { TASKS } from "@/tasks/cache";
import { Dialog } from "@/ui/Dialog";
import { type CommandItem, useCommands } from "./useCommands";

const ITEM =
  "flex h-10 cursor-pointer select-none items-center gap-3 rounded-lg px-3 text-sm data-[selected=true]:bg-picked";
const GROUP =
  "[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-3 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-faint [&_[cmdk-group-heading]]:text-xs";

/** Everything the page can do, by typing: places, acts, tasks, or words for the chat. */
export default function CommandPalette({ onClose }: { onClose: () => void }) {
  const text = useText();
  const router = useRouter();
  const [words, setWords] = useState("");
  const q = useDeferredValue(words.trim());
  const groups = useCommands(words.trim());
  const found = useQuery({
    queryKey: [...TASKS, "find", q],
    queryFn: ({ signal }) => listTasks(`limit=8&sort=urgency&q=${encodeURIComponent(q)}`, null, signal),
    enabled: q.length > 1,
  });

  function run(item: CommandItem) {
    onClose();
    item.run();
  }

  return (
    <Dialog bare title={text("nav.commands")} onClose={onClose} className="mt-[12dvh] mb-auto">
      <Command shouldFilter={false} label={text("nav.commands")} className="flex min-h-0 flex-col">
        <div className="flex items-center gap-3 border-line border-b px-4">
          <Search aria-hidden className="size-[18px] text-faint" />
          <Command.Input
            data-autofocus
            dir="auto"
            value={words}
            onValueChange={setWords}
            onKeyDown={(event) => {
              // New words leave no item chosen; Enter then means the first.
              const first = groups[0]?.items[0];
              if (event.key !== "Enter" || !first || document.querySelector('[cmdk-item][data-selected="true"]'))
                return;
              event.preventDefault();
              run(first);
            }}
            placeholder={text("command.placeholder")}
            className="h-13 min-w-0 flex-1 bg-transparent text-[15px] outline-none placeholder:text-faint"
          />
        </div>
        <Command.List className="max-h-[60dvh] overflow-y-auto p-2">
          {groups.map((group) => (
            <Command.Group key={group.name} heading={group.name} className={GROUP}>
              {group.items.map((item) => (
                <Command.Item key={item.key} value={item.key} onSelect={() => run(item)} className={ITEM}>
                  <item.icon aria-hidden className="size-4 text-soft" />
                  <span className="truncate">{item.name}</span>
                </Command.Item>
              ))}
            </Command.Group>
          ))}
          {(found.data?.items.length ?? 0) > 0 && (
            <Command.Group heading={text("list.label")} className={GROUP}>
              {found.data?.items.map((task) => (
                <Command.Item
                  key={task.id}
                  value={`task ${task.id}`}
                  onSelect={() =>
                    run({ key: task.id, name: task.title, icon: Search, run: () => router.push(`/?task=${task.id}`) })
                  }
                  className={ITEM}
                >
                  {task.done ? (
                    <CircleCheck aria-hidden className="size-4 text-accent" />
                  ) : (
                    <CircleIcon aria-hidden className="size-4 text-faint" />
                  )}
                  <span dir="auto" className="truncate">
                    {task.title}
                  </span>
                </Command.Item>
              ))}
            </Command.Group>
          )}
        </Command.List>
      </Command>
    </Dialog>
  );
}
