/** The browser's own chooser. */
export function choose(): Promise<string> {
  return new Promise((resolve) => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = ".csv,.txt,text/csv,text/plain";
    input.style.display = "none";
    input.onchange = () => {
      const file = input.files?.[0];
      input.remove();
      void (file ? base64(file) : Promise.resolve("")).then(resolve);
    };
    input.addEventListener("cancel", () => resolve(""));
    document.body.append(input); // without it some phones forget the chooser while it is open
    input.click();
  });
}

async function base64(file: File): Promise<string> {
  return uni.arrayBufferToBase64(await file.arrayBuffer());
}
