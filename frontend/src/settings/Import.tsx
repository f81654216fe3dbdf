"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Upload } from "lucide-react";
import { useState } from "react";
import { importFile } from "@/api/account";
import { RequestFailed } from "@/api/http";
import { reasonOf } from "@/api/problem";
import { refresh } from "@/api/refresh";
import type { Imported, Problem } from "@/api/types";
import { useText } from "@/i18n/language";
import { TASKS } from "@/tasks/cache";
import { Button } from "@/ui/Button";
import { Section } from "./Section";

const SHOWN = 10;

/** A file is chosen, looked at once more, and taken whole or not at all. */
export function Import() {
  const text = useText();
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<Imported | null>(null);
  const [failed, setFailed] = useState<{ reason: string; rows: Problem["errors"] } | null>(null);

  function choose(chosen: File | null) {
    setFile(chosen);
    setDone(null);
    setFailed(null);
  }

  async function run(chosen: File) {
    setBusy(true);
    try {
      setDone(await importFile(chosen));
    } catch (error) {
      const problem = error instanceof RequestFailed ? error.problem : null;
      setFailed({ reason: problem?.detail ?? reasonOf(error, text), rows: problem?.errors });
    }
    setBusy(false);
    setFile(null);
    await refresh(client, TASKS);
  }

  return (
    <Section title={text("settings.import")} hint={text("settings.importHint")}>
      <label className="inline-flex h-9 w-fit cursor-pointer items-center gap-2 rounded-lg bg-sunken px-3.5 font-medium text-sm focus-within:outline-2 focus-within:outline-accent hover:bg-line">
        <Upload aria-hidden className="size-4" />
        {text("settings.importChoose")}
        <input
          type="file"
          accept=".json,.csv,.ics"
          className="sr-only"
          onChange={(event) => {
            choose(event.target.files?.[0] ?? null);
            event.target.value = "";
          }}
        />
      </label>
      {file && (
        <div className="flex flex-wrap items-center gap-3 text-sm">
          <p>{text("settings.importReady", { name: file.name, size: Math.ceil(file.size / 1000) })}</p>
          <Button look="primary" disabled={busy} onClick={() => run(file)}>
            {text("settings.importGo")}
          </Button>
        </div>
      )}
      {done && (
        <p role="status" className="text-sm">
          {text("settings.imported", { n: done.imported })}
          {done.skipped > 0 && ` · ${text("settings.importSkipped", { n: done.skipped })}`}
        </p>
      )}
      {failed && (
        <div role="alert" className="rounded-xl bg-danger-soft p-4 text-danger text-sm">
          <p className="font-medium first-letter:uppercase">{failed.reason}</p>
          <ul className="mt-1 list-disc ps-5">
            {failed.rows?.slice(0, SHOWN).map((row) => (
              <li key={`${row.location} ${row.message}`}>
                {row.location}: {row.message}
              </li>
            ))}
          </ul>
        </div>
      )}
    </Section>
  );
}
