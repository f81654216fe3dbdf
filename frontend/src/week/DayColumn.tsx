"use client";

import { type DragEvent, useState } from "react";
import { useLocale } from "@/i18n/language";
import type { ListedTask } from "@/tasks/cache";
import { type Day, noonOf } from "@/tasks/day";
import { useNow } from "@/tasks/useNow";
import type { TaskActions } from "@/tasks/useTaskActions";
import { classes } from "@/ui/classes";
import { WeekCard } from "./WeekCard";

const KIND = "application/x-todo-task";

interface DayColumnProps {
  day: Day;
  tasks: ListedTask[];
  all: ListedTask[];
  actions: TaskActions;
  onOpen: (id: string) => void;
}

export function DayColumn({ day, tasks, all, actions, onOpen }: DayColumnProps) {
  const locale = useLocale();
  const { today } = useNow();
  const [over, setOver] = useState(false);
  const date = noonOf(day);
  const name = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" }).format(date);

  function onDragOver(event: DragEvent) {
    if (!event.dataTransfer.types.includes(KIND)) return;
    event.preventDefault();
    setOver(true);
  }

  function onDrop(event: DragEvent) {
    setOver(false);
    const task = all.find((candidate) => candidate.id === event.dataTransfer.getData(KIND));
    if (!task?.due || task.due.date === day) return;
    event.preventDefault();
    void actions.reschedule(task, { ...task.due, date: day });
  }

  return (
    <section
      aria-label={name}
      data-day={day}
      onDragOver={onDragOver}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      className={classes(
        "flex min-h-14 @lg:min-h-24 min-w-0 flex-col rounded-xl border p-2 transition-colors",
        over ? "border-accent bg-accent-soft" : "border-transparent bg-hover",
      )}
    >
      <h2 className="mb-2 flex items-baseline gap-1.5 px-1.5 pt-1 text-sm">
        <span className={day === today ? "font-semibold text-accent" : "text-soft"}>
          {new Intl.DateTimeFormat(locale, { weekday: "short" }).format(date)}
        </span>
        <span className={classes("font-semibold tabular-nums", day === today && "text-accent")}>
          {new Intl.DateTimeFormat(locale, { day: "numeric" }).format(date)}
        </span>
      </h2>
      <ul className="flex flex-col gap-1.5">
        {tasks.map((task) => (
          <li
            key={task.id}
            draggable
            onDragStart={(event) => event.dataTransfer.setData(KIND, task.id)}
            className="cursor-grab active:cursor-grabbing"
          >
            <WeekCard task={task} actions={actions} onOpen={() => onOpen(task.id)} />
          </li>
        ))}
      </ul>
    </section>
  );
}
