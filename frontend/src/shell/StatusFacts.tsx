import type { Meta } from "@/api/types";
import { useText } from "@/i18n/language";
import { databaseName, engineName } from "./useMeta";

/** Everything that is known of what answers. */
export default function StatusFacts({ meta }: { meta: Meta }) {
  const text = useText();
  const facts = [
    [text("status.engine"), engineName(meta, text)],
    [text("status.database"), databaseName(meta)],
    [text("status.version"), meta.version],
    [text("status.environment"), meta.environment],
    [text("status.source"), meta.source_digest],
  ] as const;
  return (
    <>
      <dl className="flex flex-col gap-1.5">
        {facts.map(([name, value]) => (
          <div key={name} className="flex justify-between gap-4">
            <dt className="text-soft">{name}</dt>
            <dd className="truncate font-medium" dir="ltr">
              {value}
            </dd>
          </div>
        ))}
      </dl>
      {meta.engine.kind === "rules" && <p className="mt-3 text-faint text-xs">{text("status.upgrade")}</p>}
    </>
  );
}
