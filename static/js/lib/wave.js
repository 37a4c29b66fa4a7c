// Loudnesses as the bars of an SVG path, as the server draws them (conversations/templatetags/media.py).

const [WIDTH, HEIGHT] = [256, 32];
const BARS = 32; // of a finished recording
export const LIVE = 64; // of one that is being made: the last so many peaks

/** The path of peaks from 0 to 100, `bars` of which fill the width. */
export function wavePath(peaks, bars = BARS) {
  const step = WIDTH / bars;
  return peaks
    .slice(-bars)
    .map((peak, number) => {
      const height = Math.round((Math.max(0, Math.min(peak, 100)) * (HEIGHT - 4)) / 100);
      return `M${number * step + step / 2} ${Math.floor((HEIGHT - height) / 2)}v${height}`;
    })
    .join("");
}

/** Any number of peaks as one for each bar: the loudest of its part, the loudest of all being 100. */
export function gathered(peaks) {
  const size = peaks.length / BARS;
  const most = Math.max(...peaks, 1);
  return Array.from({ length: BARS }, (_, n) => {
    const part = peaks.slice(Math.floor(n * size), Math.max(Math.floor((n + 1) * size), Math.floor(n * size) + 1));
    return Math.round((100 * Math.max(0, ...part)) / most);
  });
}

/** `1:05` */
export const clockOf = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
