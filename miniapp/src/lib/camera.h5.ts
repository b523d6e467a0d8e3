/** The camera in a browser: its video covers the element; frames are drawn small, a shot as large as the video is. */
import { covering, type Eye, NoCamera, shares, type Shot, WORKING_PIXELS } from "./eye";
import { type Grey, greyOf } from "./frames";
import type { Box } from "./outlines";

const QUALITY = 0.92;
const WANTED: MediaTrackConstraints = {
  facingMode: "environment",
  // what phones give of it; small digits need many pixels
  width: { ideal: 3840 },
  height: { ideal: 2160 },
};

export async function open(id: string): Promise<Eye> {
  const host = document.getElementById(id);
  const stream = await asked();
  if (!host) {
    stop(stream);
    throw new NoCamera(false);
  }
  const video = await playing(stream, host);
  const small = document.createElement("canvas");
  return {
    frame: () => frame(video, host, small),
    shoot: () => shoot(video, host),
    lamp: lampOf(stream),
    close: () => {
      stop(stream);
      video.remove();
      small.width = small.height = 0;
    },
  };
}

async function asked(): Promise<MediaStream> {
  // a page that did not come by https has no cameras at all
  if (!navigator.mediaDevices?.getUserMedia) throw new NoCamera(false);
  try {
    return await navigator.mediaDevices.getUserMedia({ video: WANTED, audio: false });
  } catch (error) {
    throw new NoCamera((error as Error).name === "NotAllowedError");
  }
}

async function playing(stream: MediaStream, host: HTMLElement): Promise<HTMLVideoElement> {
  const video = document.createElement("video");
  video.muted = true;
  video.setAttribute("playsinline", "");
  video.setAttribute("aria-hidden", "true");
  video.style.cssText = "position:absolute;inset:0;width:100%;height:100%;object-fit:cover";
  video.srcObject = stream;
  host.prepend(video);
  await video.play().catch(() => undefined); // a page that was left meanwhile
  return video;
}

function stop(stream: MediaStream): void {
  stream.getTracks().forEach((track) => track.stop());
}

function seen(video: HTMLVideoElement, host: HTMLElement): Box | null {
  if (!video.videoWidth || !host.clientWidth) return null;
  return covering(video.videoWidth, video.videoHeight, host.clientWidth, host.clientHeight);
}

function frame(video: HTMLVideoElement, host: HTMLElement, canvas: HTMLCanvasElement): Grey | null {
  const from = seen(video, host);
  if (!from || video.readyState < 2) return null;
  const scale = WORKING_PIXELS / Math.max(from.width, from.height);
  const width = Math.round(from.width * scale);
  const height = Math.round(from.height * scale);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return null;
  context.drawImage(video, from.left, from.top, from.width, from.height, 0, 0, width, height);
  return greyOf(context.getImageData(0, 0, width, height).data, width, height, WORKING_PIXELS);
}

function shoot(video: HTMLVideoElement, host: HTMLElement): Promise<Shot> {
  const from = seen(video, host);
  if (!from) return Promise.reject(new NoCamera(false));
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  const shown = shares(from, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => {
        canvas.width = canvas.height = 0; // a phone's browser keeps few large canvases
        if (blob) resolve({ path: URL.createObjectURL(blob), shown });
        else reject(new NoCamera(false));
      },
      "image/jpeg",
      QUALITY,
    ),
  );
}

function lampOf(stream: MediaStream): Eye["lamp"] {
  const track = stream.getVideoTracks()[0];
  const can = track?.getCapabilities?.() as { torch?: boolean } | undefined;
  if (!track || !can?.torch) return null;
  return (on) => track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
}
