/** The browser's own chooser. Everything may be chosen: what a file is, its content says later. */

/** More than `most` may come: the page tells which were too many. */
export function choose(most: number): Promise<string[]> {
  return new Promise((resolve) => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = "image/*,application/pdf";
    input.multiple = most > 1;
    input.style.display = "none";
    const done = (paths: string[]): void => {
      input.remove();
      resolve(paths);
    };
    input.onchange = () => done(Array.from(input.files ?? [], (file) => URL.createObjectURL(file)));
    input.addEventListener("cancel", () => done([]));
    document.body.append(input); // without it some phones forget the chooser while it is open
    input.click();
  });
}
