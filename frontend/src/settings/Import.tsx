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
import { ImportPreview } from "./ImportPreview";
import { Section } from "./Section";

const SHOWN = 10;

type Failure = { reason: string; rows: Problem["errors"] };
type Step =
  | { name: "choose" }
  | { name: "looking" | "taking" }
  | { name: "ready"; file: File; would: Imported }
  | { name: "done"; did: Imported }
  | { name: "failed"; failure: Failure };

/** A file is chosen and looked at; then, when the person wants what was found, taken whole. */
export function Import() {
  const text = useText();
  const client = useQueryClient();
  const [step, setStep] = useState<Step>({ name: "choose" });

  async function attempt(act: () => Promise<Step>) {
    try {
      setStep(await act());
    } catch (error) {
      const problem = error instanceof RequestFailed ? error.problem : null;
      setStep({
        name: "failed",
        failure: { reason: problem?.detail ?? reasonOf(error, text), rows: problem?.errors },
      });
    }
  }

  function look(file: File) {
    setStep({ name: "looking" });
    void attempt(async () => ({ name: "ready", file, would: await importFile(file, { preview: true }) }));
  }

  async function take(file: File) {
    setStep({ name: "taking" });
    await attempt(async () => ({ name: "done", did: await importFile(file) }));
    await refresh(client, TASKS);
  }

  const skipped = ({ skipped: n }: Imported) => (n > 0 ? ` ${text("settings.importSkipped", { n })}` : "");
  return (
    <Section title={text("settings.import")} hint={text("settings.importHint")}>
      <label className="inline-flex h-9 w-fit cursor-pointer items-center gap-2 rounded-lg bg-picked px-3.5 font-medium text-sm focus-within:outline-2 focus-within:outline-accent hover:bg-line">
        <Upload aria-hidden className="size-4" />
        {text("settings.importChoose")}
        <input
          type="file"
          accept=".json,.csv,.ics"
          className="sr-only"
          onChange={(event) => {
            const chosen = event.target.files?.[0];
            if (chosen) look(chosen);
            event.target.value = "";
          }}
        />
      </label>
      {(step.name === "looking" || step.name === "taking") && (
        <p role="status" className="text-sm text-soft">
          {text("settings.importReading")}
        </p>
      )}
      {step.name === "ready" && (
        <ImportPreview
          file={step.file}
          would={step.would}
          onTake={() => take(step.file)}
          skipped={skipped(step.would)}
        />
      )}
      {step.name === "done" && (
        <p role="status" className="text-sm">
          {text("settings.imported", { n: step.did.imported })}.{skipped(step.did)}
        </p>
      )}
      {step.name === "failed" && (
        <div role="alert" className="rounded-xl bg-danger-soft p-4 text-danger text-sm">
          <p className="font-medium first-letter:uppercase">{step.failure.reason}</p>
          <ul className="mt-1 list-disc ps-5">
            {step.failure.rows?.slice(0, SHOWN).map((row) => (
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
