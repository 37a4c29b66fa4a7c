// A line to the server by WebSocket. Rooms and presence go up by it too; a ping proves that it lives.

const PING_MS = 25_000;
const SILENCE_MS = 10_000; // an answer later than this means a dead connection that TCP has not noticed

export class SocketLine {
  #due = 0;
  #beat = 0;
  #ended = false;
  #pings = 0;
  #awaited = 0; // the ping whose pong answers what was asked last; the pong of an earlier one says nothing about it
  #pongs = 0;

  constructor({ ready, frame, closed }) {
    this.frame = frame;
    this.closed = closed;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}/ws/`);
    this.socket.addEventListener("open", () => this.#ended || ready());
    this.socket.addEventListener("message", (event) => this.#hear(JSON.parse(event.data)));
    this.socket.addEventListener("close", (event) => this.#end(event.code));
    this.#beat = setInterval(() => this.check(), PING_MS);
    this.#expect();
  }

  /** Join or heal: everything missed has come when the pong comes. */
  ask(rooms) {
    this.#send({ rooms });
    this.check();
    this.#awaited = this.#pings;
  }

  /** Find out whether the line lives. */
  check() {
    if (!this.#send({ ping: 1 })) return;
    this.#pings += 1;
    this.#expect();
  }

  say(message) {
    this.#send(message);
  }

  close() {
    this.closed = () => {};
    this.#end(1000);
  }

  #send(message) {
    if (this.socket.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  #expect() {
    clearTimeout(this.#due);
    this.#due = setTimeout(() => this.#end(1006), SILENCE_MS);
  }

  #hear(frame) {
    if (this.#ended) return;
    if (frame.pong) {
      this.#pongs += 1;
      if (this.#pongs === this.#pings) clearTimeout(this.#due);
      if (this.#pongs < this.#awaited) return;
    }
    this.frame(frame);
  }

  /** At once: a closing handshake with a server that cannot hear would take its time. */
  #end(code) {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#due);
    clearInterval(this.#beat);
    this.socket.close();
    this.closed(code);
  }
}
