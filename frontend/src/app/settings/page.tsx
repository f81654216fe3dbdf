import { SettingsView } from "@/settings/SettingsView";

export default function SettingsPage() {
  return <SettingsView />;
}
