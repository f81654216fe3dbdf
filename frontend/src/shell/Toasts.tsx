"use client";

import { lazy, Suspense, useEffect, useState } from "react";
import { firstMessage } from "./notify";

const Toaster = lazy(() => import("./Toaster"));

/** Where messages appear, once there is a first one. */
export function Toasts({ dir }: { dir: "ltr" | "rtl" }) {
  const [wanted, setWanted] = useState(false);
  useEffect(() => void firstMessage().then(() => setWanted(true)), []);
  return <Suspense>{wanted && <Toaster dir={dir} />}</Suspense>;
}
