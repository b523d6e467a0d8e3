import { describe, expect, it } from "vitest";
import { begun, gone, rounded, type Stroke, tooSmall } from "./strokes";

const NAME: Stroke[] = [Array.from({ length: 20 }, (_, n) => [n / 20, n % 2 ? 0.2 : 0.7])];

describe("a signature", () => {
  it("is refused as a dot, or as a slip of the finger", () => {
    expect(tooSmall([])).toBe(true);
    expect(tooSmall([[[0.5, 0.5]]])).toBe(true);
    expect(tooSmall([Array.from({ length: 50 }, (_, n) => [n / 50, 0.5])])).toBe(true);
    expect(tooSmall(NAME)).toBe(false);
  });

  it("grows with the finger, stays in its frame and takes no point twice", () => {
    let drawn = begun([], [0.1, 0.1]);
    drawn = gone(drawn, [0.1001, 0.1001]);
    expect(drawn).toEqual([[[0.1, 0.1]]]);
    drawn = gone(drawn, [1.4, -0.2]);
    expect(drawn).toEqual([[[0.1, 0.1], [1, 0]]]);
    expect(begun(drawn, [0.5, 0.5])).toHaveLength(2);
    expect(gone([], [0.5, 0.5])).toEqual([]);
  });

  it("is sent with as many digits as a finger is exact", () => {
    expect(rounded([[[1 / 3, 2 / 3]]])).toEqual([[[0.3333, 0.6667]]]);
  });
});
