import { Compass } from "lucide-react";
import { cookies } from "next/headers";
import { textIn } from "@/i18n/format";
import { localeOf } from "@/i18n/locales";
import { messagesOf } from "@/i18n/messages";
import { State } from "@/ui/State";

export default async function NotFound() {
  const locale = localeOf((await cookies()).get("locale")?.value);
  const text = textIn(locale, messagesOf(locale));
  return (
    <State icon={<Compass aria-hidden />} title={text("error.notFound")}>
      <a href="/" className="font-medium text-accent underline underline-offset-4">
        {text("error.home")}
      </a>
    </State>
  );
}
