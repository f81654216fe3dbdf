"use client";

import { Link2, Trash2 } from "lucide-react";
import { type FormEvent, type Ref, useState } from "react";
import { timeZone } from "@/api/timeZone";
import type { Task } from "@/api/types";
import { useLocale, useText } from "@/i18n/language";
import { notify } from "@/shell/notify";
import { Button, IconButton } from "@/ui/Button";
import { copied } from "@/ui/clipboard";
import { Field, INPUT } from "@/ui/Field";
import { PRIORITIES } from "./priorities";
import { REPEATS, repeatName } from "./repeat";
import { TagsInput } from "./TagsInput";
import { changesOf, type Edited, editedOf } from "./taskEdit";
import type { TaskActions } from "./useTaskActions";

interface TaskFormProps {
  ref: Ref<HTMLFormElement>;
  task: Task;
  actions: TaskActions;
  onClose: () => void;
}

export function TaskForm({ ref, task, actions, onClose }: TaskFormProps) {
  const text = useText();
  const locale = useLocale();
  // What others change meanwhile is no change of this form.
  const [begun] = useState(task);
  const [edited, setEdited] = useState<Edited>(() => editedOf(task));
  const set = <K extends keyof Edited>(key: K, value: Edited[K]) => setEdited((now) => ({ ...now, [key]: value }));
  const repeats = REPEATS.includes(edited.repeat as (typeof REPEATS)[number]) ? REPEATS : [...REPEATS, edited.repeat];
  const when = (moment: string) =>
    new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone: timeZone() }).format(
      new Date(moment),
    );

  async function save(event: FormEvent) {
    event.preventDefault();
    const changes = changesOf(begun, edited);
    if (Object.keys(changes).length === 0) return onClose();
    if (await actions.patch(task, changes)) onClose();
  }

  return (
    <form ref={ref} onSubmit={save} className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-1 flex-col gap-4 overflow-y-auto p-5">
        <textarea
          aria-label={text("task.title")}
          value={edited.title}
          dir="auto"
          required
          rows={1}
          maxLength={200}
          onChange={(event) => set("title", event.target.value.replace(/\s*\n\s*/g, " "))}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }}
          className="field-sizing-content w-full shrink-0 resize-none rounded-lg bg-transparent font-semibold text-xl tracking-tight outline-none"
        />
        <textarea
          aria-label={text("task.notes")}
          placeholder={text("task.notesHint")}
          value={edited.notes}
          dir="auto"
          maxLength={10_000}
          rows={3}
          onChange={(event) => set("notes", event.target.value)}
          className={`${INPUT} field-sizing-content max-h-60 min-h-20 resize-none py-2 leading-6`}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={text("task.due")}>
            <input
              type="date"
              value={edited.date}
              onChange={(event) => set("date", event.target.value)}
              className={INPUT}
            />
          </Field>
          <Field label={text("task.time")}>
            <input
              type="time"
              value={edited.time}
              disabled={!edited.date}
              onChange={(event) => set("time", event.target.value)}
              className={INPUT}
            />
          </Field>
          <Field label={text("task.priority")}>
            <select
              value={edited.priority}
              onChange={(event) => set("priority", event.target.value as Edited["priority"])}
              className={INPUT}
            >
              {PRIORITIES.map((priority) => (
                <option key={priority} value={priority}>
                  {text(`priority.${priority}`)}
                </option>
              ))}
            </select>
          </Field>
          <Field label={text("task.repeat")}>
            <select value={edited.repeat} onChange={(event) => set("repeat", event.target.value)} className={INPUT}>
              {repeats.map((rule) => (
                <option key={rule} value={rule}>
                  {rule ? repeatName(rule, text) : text("repeat.none")}
                </option>
              ))}
            </select>
          </Field>
        </div>
        <TagsInput tags={edited.tags} onChange={(tags) => set("tags", tags)} />
        <p className="text-faint text-xs">
          {text("task.created", { when: when(task.created_at) })}
          {task.completed_at && ` · ${text("task.completed", { when: when(task.completed_at) })}`}
        </p>
      </div>
      <footer className="flex shrink-0 items-center gap-1 border-line border-t px-4 py-3">
        <IconButton
          label={text("task.delete")}
          icon={<Trash2 aria-hidden className="size-4" />}
          onClick={() => {
            onClose();
            void actions.remove(task);
          }}
        />
        <IconButton
          label={text("task.copyLink")}
          icon={<Link2 aria-hidden className="size-4" />}
          onClick={async () => {
            notify((await copied(location.href)) ? text("task.linkCopied") : location.href);
          }}
        />
        <span className="flex-1" />
        <Button look="ghost" onClick={onClose}>
          {text("task.cancel")}
        </Button>
        <Button type="submit" look="primary">
          {text("task.save")}
        </Button>
      </footer>
    </form>
  );
}
