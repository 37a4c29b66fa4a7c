// The page shown without a connection: it goes away by itself once the server answers.

const TRY_MS = 4000;

async function attempt() {
  try {
    await fetch("/health/live", { cache: "no-store" });
    location.reload();
  } catch {
    // still away
  }
}

addEventListener("online", attempt);
setInterval(attempt, TRY_MS);
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-retry]")) location.reload();
});
