import { useEffect } from "react";
import { Toaster as Sonner } from "sonner";
import { placeIsThere } from "./notify";

export { toast } from "sonner";

/** The corner of the page in which messages appear; it follows the theme by the page's own colours. */
export default function Toaster({ dir }: { dir: "ltr" | "rtl" }) {
  useEffect(placeIsThere, []);
  return <Sonner position="bottom-center" dir={dir} theme="system" className="toaster" />;
}
