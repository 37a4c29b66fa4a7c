// A page about a client who is erased while it is open: what lies outside of its regions, such as the title, still names
// them, so the page is loaded once more.

const isErased = () => Boolean(document.querySelector(".lead-page [data-erased], #panes [data-erased]"));
const wasErased = isErased();

for (const name of ["realtime:event", "realtime:refresh"])
  document.addEventListener(name, () => {
    if (!wasErased && isErased()) location.reload();
  });
