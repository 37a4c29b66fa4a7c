// <pairing-qr src="…">: the QR code that pairs a phone, as the server streams it. It lives while it is on the page.
//
// The code is drawn in a shadow tree, because every push of the card would else wash it away.

const RETRY_MS = 5000; // after an answer that is no stream; a stream that broke is opened again by the browser

class PairingQr extends HTMLElement {
  connectedCallback() {
    if (!this.shadowRoot) this.draw();
    this.open();
    this.clock = setInterval(() => this.count(), 1000);
  }

  disconnectedCallback() {
    clearInterval(this.clock);
    this.close();
  }

  draw() {
    const root = this.attachShadow({ mode: "open" });
    this.picture = Object.assign(document.createElement("img"), { alt: this.dataset.label, hidden: true });
    this.note = document.createElement("p");
    this.picture.part = "picture";
    this.note.part = "note";
    root.append(this.picture, this.note);
    this.say("waiting");
  }

  open() {
    this.stream = new EventSource(this.getAttribute("src"));
    this.stream.addEventListener("qr", (event) => this.show(JSON.parse(event.data)));
    this.stream.addEventListener("end", (event) => this.end(JSON.parse(event.data).why));
    this.stream.addEventListener("error", () => this.lost());
  }

  close() {
    clearTimeout(this.retry);
    this.stream?.close();
  }

  show({ src, next }) {
    this.picture.src = src;
    this.picture.hidden = false;
    this.nextAt = Date.now() + next;
    this.count();
  }

  /** Pairing went on or was given up: the card's push says which. Else the stream had its time. */
  end(why) {
    this.close();
    this.nextAt = 0;
    this.picture.hidden = true;
    this.say(why === "left" ? "waiting" : "ended");
  }

  lost() {
    this.nextAt = 0;
    this.say("lost");
    if (this.stream.readyState !== EventSource.CLOSED) return;
    this.close();
    this.retry = setTimeout(() => this.open(), RETRY_MS);
  }

  count() {
    if (!this.nextAt) return;
    const seconds = Math.max(0, Math.round((this.nextAt - Date.now()) / 1000));
    this.say("next", `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
  }

  say(name, time = "") {
    const text = this.dataset[name].replace("{time}", time);
    if (this.note.textContent !== text) this.note.textContent = text;
  }
}

customElements.define("pairing-qr", PairingQr);
