import { en, type Messages } from "./en";

export const ur: Messages = { ...en };
