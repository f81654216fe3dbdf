"use client";

import { CircleAlert, CloudOff, Sprout } from "lucide-react";
import { useCallback, useRef, useState } from "react";
import { reasonOf } from "@/api/problem";
import type { TaskDraft } from "@/api/types";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/Button";
import { State } from "@/ui/State";
import { QuickAdd } from "./QuickAdd";
import { Skeleton } from "./Skeleton";
import { TaskList } from "./TaskList";
import { useTaskActions } from "./useTaskActions";
import { useTaskList } from "./useTaskList";
import { ViewHeader } from "./ViewHeader";
import { NO_FILTERS, type View } from "./views";

export function TaskView({ view }: { view: View }) {
  const text = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const [filters] = useState(NO_FILTERS);
  const list = useTaskList(view, filters);
  const actions = useTaskActions();
  const { fetchNextPage } = list;
  const loadMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const nothing = useCallback(() => undefined, []);

  const add = (draft: TaskDraft) =>
    actions.add(
      view === "today" && !draft.due ? { ...draft, due: { date: list.today, time: null, time_zone: null } } : draft,
    );

  return (
    <div ref={scroller} className="h-full overflow-y-auto scroll-smooth">
      <div className="mx-auto w-full max-w-3xl px-4 pb-28 md:px-8 md:pb-12">
        <ViewHeader view={view} count={list.tasks.length} more={list.hasNextPage} />
        <QuickAdd onAdd={add} />
        <div className="mt-4">
          {list.isPending ? (
            <Skeleton />
          ) : list.isError && list.tasks.length === 0 ? (
            <State alert icon={<CloudOff aria-hidden />} title={text("list.failed")} text={reasonOf(list.error, text)}>
              <Button look="primary" onClick={() => list.refetch()}>
                {text("list.retry")}
              </Button>
            </State>
          ) : list.tasks.length === 0 ? (
            <State
              icon={view === "overdue" ? <CircleAlert aria-hidden /> : <Sprout aria-hidden />}
              title={text(`empty.${view}.title`)}
              text={text(`empty.${view}.text`)}
            />
          ) : (
            <TaskList
              tasks={list.tasks}
              actions={actions}
              scroller={scroller}
              more={list.hasNextPage && !list.isFetchingNextPage}
              loadMore={loadMore}
              onOpen={nothing}
              onTag={nothing}
            />
          )}
        </div>
      </div>
    </div>
  );
}
