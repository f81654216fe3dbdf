import { expect, test } from "vitest";
import type { Task } from "@/api/types";
import { changesOf, editedOf } from "./taskEdit";

const task = {
  title: "Pay rent",
  notes: "",
  priority: "high",
  tags: ["home"],
  due: { date: "2026-12-01", time: "17:00", time_zone: "Asia/Karachi" },
  repeat: "FREQ=MONTHLY",
} as Task;

test("an untouched form changes nothing", () => {
  expect(changesOf(task, editedOf(task))).toEqual({});
});

test("only what was changed is sent", () => {
  expect(changesOf(task, { ...editedOf(task), title: " Pay the rent ", repeat: "" })).toEqual({
    title: "Pay the rent",
    repeat: null,
  });
});

test("a moved task keeps its time and its zone", () => {
  expect(changesOf(task, { ...editedOf(task), date: "2026-12-02" })).toEqual({
    due: { date: "2026-12-02", time: "17:00", time_zone: "Asia/Karachi" },
  });
});

test("without a date there is no due", () => {
  expect(changesOf(task, { ...editedOf(task), date: "" })).toEqual({ due: null });
});
