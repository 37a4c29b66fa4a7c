// <pairing-qr src="…">: the QR code that pairs a phone, and <pairing-code src="…">: the code typed on it, as the server
// streams them. They live while they are on the page.
//
// A code is drawn in a shadow tree, because every push of the card would else wash it away.

const RETRY_MS = 5000; // after an answer that is no stream; a stream that broke is opened again by the browser

class PairingStream extends HTMLElement {
  connectedCallback() {
    if (!this.shadowRoot) this.draw();
    this.open();
  }

  disconnectedCallback() {
    this.close();
  }

  draw() {
    this.shown = this.frame();
    this.note = document.createElement("p");
    this.note.part = "note";
    this.attachShadow({ mode: "open" }).append(this.shown, this.note);
    this.hide("waiting");
  }

  open() {
    this.stream = new EventSource(this.getAttribute("src"));
    this.stream.addEventListener(this.event, (event) => this.show(JSON.parse(event.data)));
    this.stream.addEventListener("end", (event) => this.end(JSON.parse(event.data).why));
    this.stream.addEventListener("error", () => this.lost());
  }

  close() {
    clearTimeout(this.retry);
    this.stream?.close();
  }

  hide(why) {
    this.shown.hidden = true;
    this.say(why);
  }

  /** Pairing went on or was given up: the card's push says which. Else the stream had its time. */
  end(why) {
    this.close();
    this.hide(why === "left" ? "waiting" : "ended");
  }

  lost() {
    this.say("lost");
    if (this.stream.readyState !== EventSource.CLOSED) return;
    this.close();
    this.retry = setTimeout(() => this.open(), RETRY_MS);
  }

  say(name, time = "") {
    const text = (this.dataset[name] ?? "").replace("{time}", time);
    if (this.note.textContent !== text) this.note.textContent = text;
  }
}

class PairingQr extends PairingStream {
  event = "qr";

  connectedCallback() {
    super.connectedCallback();
    this.clock = setInterval(() => this.count(), 1000);
  }

  disconnectedCallback() {
    clearInterval(this.clock);
    super.disconnectedCallback();
  }

  frame() {
    const picture = Object.assign(document.createElement("img"), { alt: this.dataset.label });
    picture.part = "picture";
    return picture;
  }

  show({ src, next }) {
    this.shown.src = src;
    this.shown.hidden = false;
    this.nextAt = Date.now() + next;
    this.count();
  }

  end(why) {
    this.nextAt = 0;
    super.end(why);
  }

  lost() {
    this.nextAt = 0;
    super.lost();
  }

  count() {
    if (!this.nextAt) return;
    const seconds = Math.max(0, Math.round((this.nextAt - Date.now()) / 1000));
    this.say("next", `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
  }
}

class PairingCode extends PairingStream {
  event = "code";

  frame() {
    const code = Object.assign(document.createElement("p"), { className: "pairing-code", translate: false });
    code.part = "code";
    code.setAttribute("role", "status");
    return code;
  }

  show({ code }) {
    this.shown.textContent = code;
    this.shown.hidden = false;
    this.say("");
  }
}

customElements.define("pairing-qr", PairingQr);
customElements.define("pairing-code", PairingCode);
