const KEY = "time-zone";

export const zoneOfDevice = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zone that the person has chosen, or null for the device's. */
export const chosenZone = (): string | null => globalThis.localStorage?.getItem(KEY) ?? null;

/** The person's zone: it decides what "today" is, here and on the server. */
export const timeZone = (): string => chosenZone() ?? zoneOfDevice();

/** Everything on the page depends on it, so the page begins again. */
export function chooseZone(zone: string | null): void {
  if (zone) localStorage.setItem(KEY, zone);
  else localStorage.removeItem(KEY);
  location.reload();
}
