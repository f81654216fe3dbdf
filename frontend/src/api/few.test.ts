import { expect, test } from "vitest";
import { fewAtATime } from "./few";

test("many requests are a few at a time, and one that fails says so in its place", async () => {
  let running = 0;
  let most = 0;
  const outcomes = await fewAtATime([...Array(20).keys()], async (number) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    if (number === 7) throw new Error("seven");
    return number * 2;
  });
  expect(most).toBe(6);
  expect(outcomes.map((one) => (one.status === "fulfilled" ? one.value : null))).toEqual(
    [...Array(20).keys()].map((number) => (number === 7 ? null : number * 2)),
  );
});

test("nothing to do is done at once", async () => {
  expect(await fewAtATime([], () => Promise.reject(new Error("never")))).toEqual([]);
});
