import { SettingsView } from "@/settings/SettingsView";
import { titled } from "../titled";

export const generateMetadata = () => titled("nav.settings");

export default function SettingsPage() {
  return <SettingsView />;
}
