import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { LOCALES, localeOf } from "@/i18n/locales";
import { messagesOf } from "@/i18n/messages";
import { Providers } from "@/shell/Providers";
import { Shell } from "@/shell/Shell";
import "./globals.css";

export const metadata: Metadata = {
  title: "Todo",
  description: "Tasks you type or tell.",
  applicationName: "Todo",
  icons: { icon: "/icon.svg", apple: "/icon-512.png" },
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  viewportFit: "cover",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f3f4f1" },
    { media: "(prefers-color-scheme: dark)", color: "#0f1211" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const jar = await cookies();
  const locale = localeOf(jar.get("locale")?.value);
  const theme = jar.get("theme")?.value;
  const { dir } = LOCALES[locale];
  return (
    <html lang={locale} dir={dir} data-theme={theme === "light" || theme === "dark" ? theme : undefined}>
      <body>
        <Providers locale={locale} dir={dir} messages={messagesOf(locale)}>
          <Shell>{children}</Shell>
        </Providers>
      </body>
    </html>
  );
}
