import { expect, test } from "vitest";
import { roomOf, sightBetween } from "./sight";

const HEIGHTS = [48, 60, 60, 48, 60];
const heightOf = (index: number) => HEIGHTS[index] ?? Number.NaN;
const sight = (from: number, to: number) => sightBetween(HEIGHTS.length, heightOf, from, to);

test("rows of which something is in sight exist, and no others", () => {
  expect(sight(0, 49)).toEqual({ first: 0, end: 2 });
  expect(sight(47, 48)).toEqual({ first: 0, end: 1 });
  expect(sight(48, 169)).toEqual({ first: 1, end: 4 });
});

test("a list that is wholly under or over what is in sight keeps its nearest row", () => {
  expect(sight(-900, -100)).toEqual({ first: 0, end: 1 });
  expect(sight(9_000, 9_900)).toEqual({ first: 4, end: 5 });
});

test("an empty list has no rows", () => {
  expect(sightBetween(0, heightOf, 0, 900)).toEqual({ first: 0, end: 0 });
});

test("what exists and the room of the rest is as high as all rows", () => {
  const { first, end } = sight(100, 200);
  const parts = [roomOf(heightOf, 0, first), roomOf(heightOf, first, end), roomOf(heightOf, end, HEIGHTS.length)];
  expect(parts).toEqual([48, 168, 60]);
});
