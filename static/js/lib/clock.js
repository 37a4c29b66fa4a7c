// The server's time. A browser's clock may be an hour off, and would call late what is not.

const ENOUGH_MS = 60_000; // what the way of an answer, or a slow start, may seem to be
const KEPT = "livia.clock";

/** How far this browser's clock is behind, by when the page was answered. A page that was gone back to may be an old
 * answer: what was found before holds. */
function behind() {
  const [visit] = performance.getEntriesByType("navigation");
  if (!visit || visit.type === "back_forward") return Number(sessionStorage.getItem(KEPT));
  const said = Number(document.documentElement.dataset.now) * 1000;
  const found = said ? said - (performance.timeOrigin + visit.responseStart) : 0;
  const difference = Math.abs(found) > ENOUGH_MS ? found : 0;
  sessionStorage.setItem(KEPT, difference);
  return difference;
}

const difference = behind();

/** Milliseconds since the epoch, as the server counts them. */
export const serverNow = () => Date.now() + difference;
