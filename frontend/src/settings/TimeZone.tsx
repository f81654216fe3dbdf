"use client";

import { useSyncExternalStore } from "react";
import { chooseZone, chosenZone, zoneOfDevice } from "@/api/timeZone";
import { useText } from "@/i18n/language";
import { INPUT } from "@/ui/Field";

const never = () => () => undefined;

/** The zone in which days begin and times are meant: the device's, or one that is chosen. */
export function TimeZone() {
  const text = useText();
  const inBrowser = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  const zones = inBrowser ? Intl.supportedValuesOf("timeZone") : [];
  return (
    <label className="flex flex-wrap items-center justify-between gap-3 text-sm">
      {text("settings.timeZone")}
      <select
        value={(inBrowser && chosenZone()) || ""}
        onChange={(event) => chooseZone(event.target.value || null)}
        className={`${INPUT} sm:max-w-72`}
      >
        <option value="">{text("settings.timeZoneDevice", { zone: inBrowser ? zoneOfDevice() : "…" })}</option>
        {zones.map((zone) => (
          <option key={zone} value={zone}>
            {zone.replaceAll("_", " ")}
          </option>
        ))}
      </select>
    </label>
  );
}
