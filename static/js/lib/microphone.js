// The microphone: asking for it, recording, pausing, and how loud it is.

const TYPES = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];
const BITS = 48_000;
const SAMPLE_MS = 100;

/** The name of the sentence that says why there is no microphone. */
export function micTrouble(error) {
  if (!globalThis.isSecureContext) return "micInsecure";
  if (error?.name === "NotAllowedError" || error?.name === "SecurityError") return "micDenied";
  return error?.name === "NotFoundError" ? "micMissing" : "micFailed";
}

/**
 * Ask for the microphone and begin. `heard(peaks, seconds)` is told ten times a second, `lost()` when the device goes.
 * Throws what the browser throws. The answer: pause, resume, stop (resolves to the Blob) and drop.
 */
export async function record({ heard, lost }) {
  if (!navigator.mediaDevices?.getUserMedia || !globalThis.MediaRecorder) throw new Error("no recorder");
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true } });
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS });
  const [chunks, peaks, loudness] = [[], [], listen(stream)];
  let [before, since] = [0, performance.now()]; // milliseconds recorded until the last pause; when it went on
  const seconds = () => (before + (recorder.state === "recording" ? performance.now() - since : 0)) / 1000;
  const timer = setInterval(() => {
    if (recorder.state === "recording") peaks.push(loudness());
    heard(peaks, seconds());
  }, SAMPLE_MS);
  const release = () => {
    clearInterval(timer);
    stream.getTracks().forEach((track) => track.stop());
    loudness.close();
  };
  recorder.addEventListener("dataavailable", ({ data }) => data.size && chunks.push(data));
  stream.getAudioTracks()[0].addEventListener("ended", lost);
  recorder.start(1000);
  return {
    pause() {
      before += performance.now() - since;
      recorder.pause();
    },
    resume() {
      since = performance.now();
      recorder.resume();
    },
    async stop() {
      const length = seconds();
      if (recorder.state !== "inactive") {
        const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve, { once: true }));
        recorder.stop();
        await stopped;
      }
      release();
      return { blob: new Blob(chunks, { type: recorder.mimeType }), peaks, seconds: length };
    },
    drop() {
      if (recorder.state !== "inactive") recorder.stop();
      release();
    },
  };
}

/** A function that says how loud it is right now, from 0 to 100. */
function listen(stream) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const loudness = () => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    return Math.min(100, Math.round(Math.sqrt(power) * 400));
  };
  loudness.close = () => context.close().catch(() => {});
  return loudness;
}
