"use client";

import { useEffect, useState } from "react";
import { later } from "@/ui/later";
import { firstMessage } from "./notify";

const Toaster = later(async () => (await import("./Toaster")).default);

/** Where messages appear, once there is a first one. */
export function Toasts({ dir }: { dir: "ltr" | "rtl" }) {
  const [wanted, setWanted] = useState(false);
  useEffect(() => void firstMessage().then(() => setWanted(true)), []);
  return wanted && <Toaster dir={dir} />;
}
