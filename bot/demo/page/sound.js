// Voice notes: recording one, making one up where there is no microphone, and playing them.

import { make } from "./element.js";

const RATE = 16000;
const SIGNS = [
  ["RIFF", "audio/wav"],
  ["OggS", "audio/ogg"],
  ["\x1aE\xdf\xa3", "audio/webm"],
];

// A recording that is under way: `seconds()` so far; `stop()` lets go of the microphone and gives {sound, seconds}.
// Throws where there is no microphone, or where the person does not want it to be used.
export async function record() {
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) throw new Error("no microphone");
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const recorder = new MediaRecorder(stream);
  const pieces = [];
  const started = Date.now();
  recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
  recorder.start();
  const end = () =>
    new Promise((resolve) => {
      const release = () => {
        for (const track of stream.getTracks()) track.stop();
        resolve();
      };
      if (recorder.state === "inactive") return release();
      recorder.addEventListener("stop", release, { once: true });
      recorder.stop();
    });
  return {
    seconds: () => Math.round((Date.now() - started) / 1000),
    async stop() {
      const seconds = Math.max(1, this.seconds());
      await end();
      return { sound: new Blob(pieces, { type: recorder.mimeType }), seconds };
    },
  };
}

// Two seconds of a soft hum that rises and falls as a sentence does, as a WAV file that every browser plays.
export function makeUpVoice() {
  const count = RATE * 2;
  const bytes = new DataView(new ArrayBuffer(44 + count * 2));
  const write = (at, text) => [...text].forEach((letter, index) => bytes.setUint8(at + index, letter.charCodeAt(0)));
  write(0, "RIFF");
  bytes.setUint32(4, 36 + count * 2, true);
  write(8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, RATE, true);
  bytes.setUint32(28, RATE * 2, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  write(36, "data");
  bytes.setUint32(40, count * 2, true);
  let phase = 0;
  for (let index = 0; index < count; index += 1) {
    const at = index / RATE;
    phase += (2 * Math.PI * (170 + 35 * Math.sin(2.2 * at) - 22 * at)) / RATE;
    const syllable = Math.sin(Math.PI * ((at * 3.5) % 1)) ** 2;
    const edge = Math.min(1, at * 8, (2 - at) * 4);
    const tone = Math.sin(phase) + 0.4 * Math.sin(2 * phase) + 0.15 * Math.sin(3 * phase);
    bytes.setInt16(44 + index * 2, 6500 * tone * syllable * edge, true);
  }
  return { sound: new Blob([bytes.buffer], { type: "audio/wav" }), seconds: 2 };
}

// A small player. The sound is fetched at the first play, and its kind read from its first bytes: Telegram's stand-in
// calls every voice note Ogg, and not every browser forgives that.
export function drawVoice(address, words) {
  const player = make("div", "media player");
  const button = make("button", "round play");
  button.type = "button";
  const progress = make("span", "progress");
  const filled = make("span", "filled");
  progress.append(filled);
  player.append(button, progress, make("span", "player-word", words.voice));
  let audio = null;
  const show = (playing) => {
    button.setAttribute("aria-label", playing ? words.pause : words.play);
    button.classList.toggle("playing", playing);
  };
  show(false);
  button.addEventListener("click", async () => {
    audio ??= await load(address, filled, show);
    if (audio.paused) await audio.play().catch(() => show(false));
    else audio.pause();
  });
  return player;
}

async function load(address, filled, show) {
  const bytes = await (await fetch(address)).arrayBuffer();
  const sign = String.fromCharCode(...new Uint8Array(bytes.slice(0, 4)));
  const kind = SIGNS.find(([letters]) => letters === sign)?.[1] ?? "audio/mp4";
  const audio = new Audio(URL.createObjectURL(new Blob([bytes], { type: kind })));
  audio.addEventListener("play", () => show(true));
  for (const over of ["pause", "ended", "error"]) audio.addEventListener(over, () => show(false));
  audio.addEventListener("timeupdate", () => {
    // A recording of the browser's own does not know how long it is until it has been played.
    const share = Number.isFinite(audio.duration) ? audio.currentTime / audio.duration : 0.5;
    filled.style.width = audio.ended ? "0" : `${Math.min(100, 100 * share)}%`;
  });
  return audio;
}
