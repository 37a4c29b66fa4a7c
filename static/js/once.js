// The second click of a double click, or a second Enter, sends nothing: the answer to the first may be shown only once,
// and would be lost behind the answer to the second.

const PAUSE = 2000;
const sent = new WeakMap();

document.addEventListener("submit", (event) => {
  if (event.timeStamp - (sent.get(event.target) ?? -PAUSE) < PAUSE) event.preventDefault();
  else sent.set(event.target, event.timeStamp);
});
