// Keeps one line to the server: a socket, or a stream after sockets failed three times in a row. While it is a stream a
// socket is tried now and then behind its back, and takes over when it opens.

import { SocketLine } from "./transport-socket.js";
import { StreamLine } from "./transport-stream.js";

const [SLOWEST_MS, FASTEST_MS] = [30_000, 1000];
const STREAM_AFTER = 3;
const [FIRST_PROBE_MS, PROBE_MS] = [30_000, 180_000];
const MEMORY = "livia.stream"; // when the next socket is to be tried: the tab's next page starts with a stream too

export class Transport {
  #line = null;
  #probe = null;
  #failures = 0;
  #failedSockets = 0;
  #retry = 0;
  #probing = 0;

  /** ready: the line is open, ask now. closed(code): true to let it be opened again. */
  constructor({ ready, frame, closed }) {
    this.ready = ready;
    this.frame = frame;
    this.closed = closed;
  }

  open() {
    clearTimeout(this.#retry);
    if (this.#line) return;
    if (remembered()) this.#use(StreamLine);
    else this.#use(SocketLine);
  }

  /** Tell the server what the page shows; without a line it is asked as soon as there is one. */
  ask = (rooms) => this.#line?.ask(rooms);
  say = (message) => this.#line?.say(message);

  get isOpen() {
    return this.#line !== null;
  }

  /** The page is looked at again: find out at once whether the line outlived the sleep. */
  check() {
    if (this.#line) this.#line.check();
    else this.open();
  }

  #use(Line) {
    const isSocket = Line === SocketLine;
    const line = new Line({
      ready: () => this.ready(),
      frame: (frame) => {
        if (frame.pong) this.#succeeded(isSocket);
        this.frame(frame);
      },
      closed: (code) => this.#lost(code, isSocket),
    });
    this.#line = line;
    if (!isSocket) this.#probeLater();
  }

  /** Only now: a server that opens and closes at once is no success. */
  #succeeded(isSocket) {
    this.#failures = 0;
    if (!isSocket) return;
    this.#failedSockets = 0;
    remember(null);
  }

  #lost(code, isSocket) {
    this.#line = null;
    this.#dropProbe();
    if (!this.closed(code)) return;
    if (isSocket && navigator.onLine) this.#failedSockets += 1;
    if (!isSocket && this.#failures) this.#forget(); // it works no better: perhaps the server is away
    if (this.#failedSockets >= STREAM_AFTER && !remembered()) {
      remember(Date.now() + FIRST_PROBE_MS);
      this.open();
      return;
    }
    const delay = Math.min(SLOWEST_MS, FASTEST_MS * 2 ** this.#failures++);
    this.#retry = setTimeout(() => this.open(), delay * (0.5 + Math.random() / 2));
  }

  #forget() {
    this.#failedSockets = 0;
    remember(null);
  }

  #probeLater() {
    const wait = Math.min(Math.max(remembered() - Date.now(), 0), PROBE_MS);
    this.#probing = setTimeout(() => this.#tryOne(), wait);
  }

  #tryOne() {
    remember(Date.now() + PROBE_MS);
    const socket = new SocketLine({
      ready: () => this.#takeOver(socket),
      frame: (frame) => {
        if (frame.pong) this.#succeeded(true);
        this.frame(frame);
      },
      closed: (code) => {
        if (this.#line === socket) this.#lost(code, true);
        else if (this.#probe === socket) this.#probeLater();
      },
    });
    this.#probe = socket;
  }

  #takeOver(socket) {
    this.#probe = null;
    this.#line?.close();
    this.#line = socket;
    this.ready();
  }

  #dropProbe() {
    clearTimeout(this.#probing);
    this.#probe?.close();
    this.#probe = null;
  }
}

const remembered = () => Number(sessionStorage.getItem(MEMORY));

function remember(due) {
  if (due) sessionStorage.setItem(MEMORY, due);
  else sessionStorage.removeItem(MEMORY);
}
