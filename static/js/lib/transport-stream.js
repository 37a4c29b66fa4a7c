// A line to the server by server-sent events, where no WebSocket gets through. A stream only speaks: asking for other
// rooms, or for what was lost, means opening it anew; presence goes up by small posts, repeated while the stream lives.

import { csrfToken } from "./dom.js";

const SILENCE_MS = 10_000;
const BEAT_MS = 25_000; // the server says something at least this often

export class StreamLine {
  #due = 0;
  #heard = 0;
  #source = null;
  #name = "";
  #here = null;
  #ended = false;

  constructor({ ready, frame, closed }) {
    this.frame = frame;
    this.closed = closed;
    queueMicrotask(() => this.#ended || ready());
  }

  ask(rooms) {
    this.#source?.close();
    this.#name = "";
    const query = new URLSearchParams({ rooms: JSON.stringify(rooms) });
    const source = new EventSource(`/events/?${query}`);
    this.#source = source;
    source.addEventListener("message", (event) => source === this.#source && this.#hear(JSON.parse(event.data)));
    source.addEventListener("end", (event) => source === this.#source && this.#end(JSON.parse(event.data).code));
    source.addEventListener("error", () => source === this.#source && this.#end(1006));
    this.#expect(SILENCE_MS);
  }

  check() {
    if (this.#heard && Date.now() - this.#heard > BEAT_MS + SILENCE_MS) this.#end(1006);
  }

  say({ here }) {
    this.#here = here;
    if (this.#name) this.#post(here);
  }

  close() {
    this.closed = () => {};
    this.#end(1000);
  }

  #expect(ms) {
    clearTimeout(this.#due);
    this.#due = setTimeout(() => this.#end(1006), ms);
  }

  #hear(frame) {
    this.#heard = Date.now();
    this.#expect(BEAT_MS + SILENCE_MS);
    if (frame.line) {
      this.#name = frame.line;
      return;
    }
    this.frame(frame);
    if (frame.pong && this.#here?.rooms.length) this.#post({ rooms: this.#here.rooms });
  }

  async #post(here) {
    const headers = { "X-CSRFToken": csrfToken(), "Content-Type": "application/json", Accept: "application/json" };
    const body = JSON.stringify({ ...here, line: this.#name });
    try {
      const response = await fetch("/events/here/", { method: "POST", headers, body });
      if (!response.ok || response.redirected || this.#ended) return;
      for (const presence of (await response.json()).presence) this.frame({ presence });
    } catch {
      // nobody sees this person for a moment; the next beat says it again
    }
  }

  #end(code) {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#due);
    this.#source?.close();
    this.#source = null;
    this.closed(code);
  }
}
