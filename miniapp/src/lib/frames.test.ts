import { describe, expect, it } from "vitest";
import { follow, type Following, type Grey, greyOf, type Hint, look, NOTHING_YET } from "./frames";
import { type Box, outlineOf, placed } from "./outlines";

const WIDTH = 320;
const HEIGHT = 240;
const CARD = placed(outlineOf("id_card_front"), WIDTH, HEIGHT);

interface Scene {
  table?: number;
  paper?: number;
  ink?: number;
  /** Share of the frame's length. */
  fill?: number;
  degrees?: number;
  shift?: number;
  noise?: number;
  grain?: number;
  /** A fold in the tablecloth above the paper, so much darker. */
  fold?: number;
  blur?: number;
  /** A bright spot of so many pixels across. */
  spot?: number;
  frame?: Box;
}

/** A paper with lines of writing on a table, turned around the middle of the frame. */
function scene(s: Scene = {}): Grey {
  const { table = 95, paper = 205, ink = 60, fill = 0.93, degrees = 0, shift = 0, noise = 2, frame = CARD } = s;
  const data = new Uint8Array(WIDTH * HEIGHT);
  const turn = (degrees * Math.PI) / 180;
  const random = numbers(7 + shift);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const dx = x - frame.left - frame.width / 2 - shift;
      const dy = y - frame.top - frame.height / 2;
      const u = (dx * Math.cos(turn) + dy * Math.sin(turn)) / ((frame.width / 2) * fill);
      const v = (dy * Math.cos(turn) - dx * Math.sin(turn)) / ((frame.height / 2) * fill);
      let value = table + (s.grain ?? 0) * Math.sin(x * 0.9 + Math.sin(y * 0.05) * 4);
      if (s.fold && y < 10) value -= s.fold;
      if (Math.abs(u) < 1 && Math.abs(v) < 1) value = written(u, v) ? ink : paper;
      if (s.spot && Math.hypot(x - 150, y - 110) < s.spot / 2) value = 255;
      data[y * WIDTH + x] = Math.max(0, Math.min(255, value + (random() - 0.5) * 2 * noise));
    }
  return soft({ width: WIDTH, height: HEIGHT, data }, s.blur ?? 0);
}

function written(u: number, v: number): boolean {
  return Math.abs(u) < 0.8 && Math.abs(v) < 0.8 && Math.floor(v * 12) % 3 === 0 && Math.floor(u * 45) % 3 !== 0;
}

function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1103515245 + 12345) % 2147483648) / 2147483648;
}

function soft(grey: Grey, times: number): Grey {
  let data = grey.data;
  for (let n = 0; n < times; n++) {
    const next = data.slice();
    for (let at = WIDTH + 1; at < data.length - WIDTH - 1; at++)
      next[at] =
        (data[at]! * 2 + data[at - 1]! + data[at + 1]! + data[at - WIDTH]! + data[at + WIDTH]!) / 6;
    data = next;
  }
  return { ...grey, data };
}

function hint(s: Scene, before: Scene | null = s): Hint {
  return look(scene(s), before && scene(before), s.frame ?? CARD).hint;
}

describe("the hint for what the camera sees", () => {
  it.each<[string, Scene, Hint]>([
    ["a card that fills the frame", {}, "good"],
    ["a white sheet on a light table", { table: 170, paper: 225 }, "good"],
    ["a dark booklet on a white table", { table: 230, paper: 110, ink: 190 }, "good"],
    ["a card that is turned by a hair", { degrees: 3 }, "good"],
    ["a noisy camera", { noise: 8 }, "good"],
    ["a table with grain", { grain: 12 }, "good"],
    ["a fold in the tablecloth", { fold: 18 }, "good"],
    ["a card that is far", { fill: 0.5 }, "near"],
    ["a card that is very far", { fill: 0.4 }, "near"],
    ["a card that is turned", { degrees: 12 }, "straight"],
    ["a card that is turned the other way", { degrees: -15 }, "straight"],
    ["a dark room", { table: 20, paper: 55, ink: 15 }, "dark"],
    ["a lamp in the plastic", { spot: 40 }, "glare"],
    ["no paper at all", { paper: 95, ink: 95 }, "aim"],
    ["a card that reaches out of the picture", { fill: 1.4 }, "aim"],
    ["a card half out of the frame", { shift: 60 }, "aim"],
    ["a lens out of focus", { blur: 22, noise: 0 }, "steady"],
  ])("%s", (_, s, wanted) => {
    expect(hint(s)).toBe(wanted);
  });

  it.each(["id_card_front", "household_register", "application_form", "portrait", "business_licence", "driving_licence"])(
    "the frame of %s is filled by its own paper",
    (document) => {
      const frame = placed(outlineOf(document), WIDTH, HEIGHT);
      expect(hint({ frame })).toBe("good");
      expect(hint({ frame, fill: 0.5 })).toBe("near");
    },
  );

  it("a hand that moves is asked to hold still, a first frame is not", () => {
    expect(hint({ shift: 6 }, { shift: 0 })).toBe("steady");
    expect(hint({ shift: 0 }, { shift: 1 })).toBe("good");
    expect(hint({}, null)).toBe("good");
  });

  it("a lamp that is switched on is no movement", () => {
    expect(hint({ table: 115, paper: 225, ink: 80 }, {})).toBe("good");
  });

  it("is told within a few milliseconds", () => {
    const [now, before] = [scene(), scene({ shift: 1 })];
    for (let n = 0; n < 20; n++) look(now, before, CARD);
    // the quickest of many, which a busy machine does not make slower
    let each = Infinity;
    for (let n = 0; n < 50; n++) {
      const started = performance.now();
      look(now, before, CARD);
      each = Math.min(each, performance.now() - started);
    }
    console.info(`a frame of ${WIDTH}x${HEIGHT}: ${each.toFixed(2)} ms`);
    expect(each).toBeLessThan(15);
  });
});

describe("a camera's pixels", () => {
  it("become grey, and small enough", () => {
    const rgba = new Uint8Array(640 * 480 * 4).fill(200);
    const grey = greyOf(rgba, 640, 480, 320);
    expect([grey.width, grey.height, grey.data[5]]).toEqual([320, 240, 200]);
    expect(greyOf(rgba, 480, 640, 320).height).toBe(320);
    expect(greyOf(rgba, 300, 200, 320).width).toBe(300);
  });
});

describe("from frame to frame", () => {
  function after(...hints: [Hint, number][]): Following {
    return hints.reduce((state, [hint, at]) => follow(state, hint, at), NOTHING_YET);
  }

  it("one odd frame does not change what is said", () => {
    expect(after(["near", 0], ["near", 200]).shown).toBe("near");
    expect(after(["near", 0], ["near", 200], ["dark", 400]).shown).toBe("near");
    expect(after(["near", 0], ["near", 200], ["dark", 400], ["dark", 600]).shown).toBe("dark");
  });

  it("the picture is taken when all has been good for a second", () => {
    expect(after(["good", 0], ["good", 900]).fire).toBe(false);
    expect(after(["good", 0], ["good", 500], ["good", 1000]).fire).toBe(true);
    expect(after(["good", 0], ["steady", 900], ["good", 1100], ["good", 1900]).fire).toBe(false);
  });
});
