"use client";

import type { Imported } from "@/api/types";
import { useText } from "@/i18n/language";
import { Button } from "@/ui/Button";

interface ImportPreviewProps {
  file: File;
  would: Imported;
  /** A sentence about what is there already, or nothing. */
  skipped: string;
  onTake: () => void;
}

/** What taking a file would do, before anything is done. */
export function ImportPreview({ file, would, skipped, onTake }: ImportPreviewProps) {
  const text = useText();
  const { imported, examples } = would;
  const more = imported - (examples?.length ?? 0);
  return (
    <div role="status" className="flex flex-col items-start gap-3 rounded-xl border border-line p-4 text-sm">
      <p>
        {text("settings.importWould", { n: imported, name: file.name })}
        {skipped}
      </p>
      {imported > 0 && (
        <>
          <ul className="list-disc ps-5 text-soft">
            {examples?.map((title, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two tasks may have the same title
              <li key={place} dir="auto" className="break-words">
                {title}
              </li>
            ))}
          </ul>
          {more > 0 && <p className="text-soft">{text("plan.more", { n: more })}</p>}
          <Button look="primary" onClick={onTake}>
            {text("settings.importGo")}
          </Button>
        </>
      )}
    </div>
  );
}
