// What is unread, on the tab's picture and on the installed app's.

const link = document.querySelector('link[rel="icon"]');
const plain = link?.href;
const SIZE = 64;
const [RED, WHITE] = ["#d42a2a", "#fff"];
let picture = null;
let shown = 0;

async function draw(count) {
  picture ??= await load(plain);
  const canvas = Object.assign(document.createElement("canvas"), { width: SIZE, height: SIZE });
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0, SIZE, SIZE);
  pen.fillStyle = RED;
  pen.beginPath();
  pen.arc(44, 20, 20, 0, 2 * Math.PI);
  pen.fill();
  pen.fillStyle = WHITE;
  pen.font = `bold ${count > 9 ? 24 : 30}px system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(count > 9 ? "9+" : String(count), 44, 22);
  return canvas.toDataURL("image/png");
}

const load = (source) =>
  new Promise((done, failed) => {
    const image = new Image(SIZE, SIZE);
    image.addEventListener("load", () => done(image));
    image.addEventListener("error", failed);
    image.src = source;
  });

async function show(count) {
  if (count === shown || !link) return;
  shown = count;
  const href = count ? await draw(count).catch(() => plain) : plain;
  if (count === shown) link.href = href;
}

function update({ detail }) {
  show(detail.unread);
  const told = detail.bell ? navigator.setAppBadge?.(detail.bell) : navigator.clearAppBadge?.();
  told?.catch(() => {}); // only installed apps have one
}

document.addEventListener("unread:changed", update);
const unreadOf = (id) => Number(document.getElementById(id)?.dataset.unread || 0);
update({ detail: { bell: unreadOf("bell"), unread: unreadOf("bell") + unreadOf("unread-conversations") } });
