// Places a popover next to what opened it, within the window.

export function placeBeside(menu, opener) {
  const at = opener.getBoundingClientRect();
  const left = Math.min(at.left, innerWidth - menu.offsetWidth - 8);
  const below = at.bottom + 4;
  const top = below + menu.offsetHeight > innerHeight - 8 ? Math.max(8, at.top - menu.offsetHeight - 4) : below;
  menu.style.left = `${Math.max(8, left)}px`;
  menu.style.top = `${top}px`;
}
