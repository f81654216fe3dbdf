/** Some rows of a list: from `first`, up to but without `end`. */
export interface Sight {
  first: number;
  end: number;
}

/** The rows of which something lies between two heights of a list, in pixels from its top; at least one. */
export function sightBetween(count: number, heightOf: (index: number) => number, from: number, to: number): Sight {
  let top = 0;
  let first = 0;
  while (first < count - 1 && top + heightOf(first) <= from) top += heightOf(first++);
  let end = first;
  while (end < count && (top < to || end === first)) top += heightOf(end++);
  return { first, end };
}

/** The room that some rows take, in pixels. */
export function roomOf(heightOf: (index: number) => number, first: number, end: number): number {
  let room = 0;
  for (let index = first; index < end; index++) room += heightOf(index);
  return room;
}
