"use client";

import { Download } from "lucide-react";
import { EXPORTS, exportPath } from "@/api/account";
import { useText } from "@/i18n/language";
import { Section } from "./Section";

export function Export() {
  const text = useText();
  return (
    <Section title={text("settings.export")} hint={text("settings.exportHint")}>
      <div className="flex flex-wrap gap-2">
        {EXPORTS.map((format) => (
          <a
            key={format}
            href={exportPath(format)}
            download={`todo.${format}`}
            className="inline-flex h-9 items-center gap-2 rounded-lg bg-picked px-3.5 font-medium text-sm hover:bg-line"
          >
            <Download aria-hidden className="size-4" />
            {text(`settings.export.${format}`)}
          </a>
        ))}
      </div>
    </Section>
  );
}
