import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { isLate, LONG, onLateness, timed } from "./late";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function request() {
  let answer = () => {};
  let fail = (_: Error) => {};
  const promise = new Promise<void>((resolve, reject) => {
    answer = resolve;
    fail = reject;
  });
  return { promise, answer, fail };
}

it("says nothing of a request that is answered in time", async () => {
  const told = vi.fn();
  const end = onLateness(told);
  const { promise, answer } = request();
  const passed = timed(promise);
  answer();
  await passed;
  vi.advanceTimersByTime(LONG);
  expect(isLate()).toBe(false);
  expect(told).not.toHaveBeenCalled();
  end();
});

it("is late until the last late request has an answer, even a failure", async () => {
  const first = request();
  const second = request();
  const told = vi.fn();
  const end = onLateness(told);
  const both = [timed(first.promise), timed(second.promise)];
  vi.advanceTimersByTime(LONG - 1);
  expect(isLate()).toBe(false);
  vi.advanceTimersByTime(1);
  expect(isLate()).toBe(true);
  first.answer();
  await both[0];
  expect(isLate()).toBe(true);
  second.fail(new Error("cut"));
  await expect(both[1]).rejects.toThrow("cut");
  expect(isLate()).toBe(false);
  expect(told).toHaveBeenCalledTimes(4);
  end();
});
