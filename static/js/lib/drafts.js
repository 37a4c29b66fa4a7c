// What was typed and not sent, kept in the browser: `draft.<thread>` for replies, `draft.<thread>.note` for notes.

export const drafts = {
  get: (key) => attempt(() => localStorage.getItem(`draft.${key}`)) ?? "",
  set(key, text) {
    attempt(() => (text ? localStorage.setItem(`draft.${key}`, text) : localStorage.removeItem(`draft.${key}`)));
    document.dispatchEvent(new CustomEvent("drafts:changed", { detail: { key } }));
  },
};

/** Storage may be full or blocked; a draft is then only kept in the field. */
function attempt(use) {
  try {
    return use();
  } catch {
    return undefined;
  }
}
