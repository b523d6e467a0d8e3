import { describe, expect, it } from "vitest";
import { CORNERS, dragged, turned } from "./cropping";
import { asItIs, digestOf, type Looked, plan, type Turn, WHOLE } from "./editing";
import { outlineOf, placed } from "./outlines";

const PHOTO: Looked = { kind: "jpeg", bytes: 1, digest: "", width: 3000, height: 2000 };
const MIDDLE = { left: 0.25, top: 0.25, width: 0.5, height: 0.5 };

/** Where a point of the picture is drawn. */
function drawn(x: number, y: number, turn: Turn, crop = WHOLE): [number, number] {
  const [a, b, c, d, e, f] = plan(4000, 2000, { turn, crop }).matrix;
  return [Math.round(a * x + c * y + e), Math.round(b * x + d * y + f)];
}

describe("what is made of a picture", () => {
  it("is no longer than reading profits from, and never larger than it was", () => {
    expect(plan(7000, 3500, { turn: 0, crop: WHOLE })).toMatchObject({ width: 3500, height: 1750 });
    expect(plan(800, 600, { turn: 0, crop: WHOLE })).toMatchObject({ width: 800, height: 600 });
    expect(plan(7000, 3500, { turn: 90, crop: MIDDLE })).toMatchObject({ width: 1750, height: 3500 });
  });

  it.each<[Turn, [number, number], [number, number]]>([
    [0, [0, 0], [3500, 1750]],
    [90, [1750, 0], [0, 3500]],
    [180, [3500, 1750], [0, 0]],
    [270, [0, 3500], [1750, 0]],
  ])("lies right after a turn of %i degrees", (turn, first, last) => {
    expect(drawn(0, 0, turn)).toEqual(first);
    expect(drawn(4000, 2000, turn)).toEqual(last);
  });

  it("shows what the frame holds", () => {
    expect(drawn(1000, 500, 0, MIDDLE)).toEqual([0, 0]);
    expect(drawn(3000, 500, 90, MIDDLE)).toEqual([1000, 2000]);
    expect(drawn(1000, 500, 90, MIDDLE)).toEqual([1000, 0]);
  });

  it("is the file itself when nothing was changed", () => {
    expect(asItIs(PHOTO, { turn: 0, crop: WHOLE })).toBe(true);
    expect(asItIs(PHOTO, { turn: 90, crop: WHOLE })).toBe(false);
    expect(asItIs(PHOTO, { turn: 0, crop: MIDDLE })).toBe(false);
    expect(asItIs({ ...PHOTO, kind: "png" }, { turn: 0, crop: WHOLE })).toBe(false);
    expect(asItIs({ ...PHOTO, width: 4000 }, { turn: 0, crop: WHOLE })).toBe(false);
  });

  it("is known again by its content", () => {
    const [one, other] = [new Uint8Array([1, 2, 3]).buffer, new Uint8Array([1, 2, 4]).buffer];
    expect(digestOf(3, one)).toBe(digestOf(3, one.slice(0)));
    expect(digestOf(3, one)).not.toBe(digestOf(3, other));
    expect(digestOf(3, one)).not.toBe(digestOf(4, one));
  });
});

describe("the frame around the paper", () => {
  it("follows a corner; the opposite one stays", () => {
    expect(dragged(MIDDLE, "topLeft", 0.1, 0.2)).toMatchObject({ left: 0.1, top: 0.2, width: 0.65 });
    expect(dragged(MIDDLE, "bottomRight", 0.9, 0.8)).toEqual({ left: 0.25, top: 0.25, width: 0.65, height: 0.55 });
  });

  it.each(CORNERS)("at its %s stays within the picture and never closes", (corner) => {
    for (const to of [-1, 0, 0.5, 1, 2]) {
      const { left, top, width, height } = dragged(MIDDLE, corner, to, to);
      expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
      expect(Math.max(left + width, top + height)).toBeLessThanOrEqual(1.000001);
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(0.0999);
    }
  });

  it("turns with the picture, and four times is none", () => {
    const crop = { left: 0.1, top: 0.2, width: 0.3, height: 0.4 };
    const around = [1, 2, 3, 4].reduce((box) => turned(box, 90), crop);
    for (const key of ["left", "top", "width", "height"] as const) expect(around[key]).toBeCloseTo(crop[key]);
    expect(turned(crop, 180).left).toBeCloseTo(0.6);
    expect(turned(turned(crop, 90), 270).top).toBeCloseTo(0.2);
  });
});

describe("the frame on the screen", () => {
  it.each([
    ["id_card_front", 1.585],
    ["household_register", 1.362],
    ["driving_licence", 1.467],
    ["application_form", 0.707],
    ["business_licence", 1.414],
    ["portrait", 0.714],
    ["", 0.707],
  ])("of %s has its paper's shape and is inside", (document, ratio) => {
    for (const [width, height] of [[360, 520], [414, 640], [740, 240]] as const) {
      const box = placed(outlineOf(document), width, height);
      expect(box.width / box.height).toBeCloseTo(ratio, 2);
      expect(box.left).toBeGreaterThan(0);
      expect(box.top + box.height).toBeLessThan(height);
    }
  });
});
