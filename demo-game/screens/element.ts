/** The element of the page with this id. Throws when there is none. */
export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element "${id}"`);
  return found;
}

export function canvas(id: string): HTMLCanvasElement {
  const found = element(id);
  if (!(found instanceof HTMLCanvasElement)) throw new Error(`"${id}" is no canvas`);
  return found;
}

/** Touches the page only when the text has changed. */
export function say(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** A new element with some text, in its parent. */
export function add<Tag extends keyof HTMLElementTagNameMap>(
  parent: Element,
  tag: Tag,
  text = "",
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  made.textContent = text;
  parent.append(made);
  return made;
}

/** Whether one points with fingers here, as on a telephone, so that there may be no keys. */
export const hasFingers = (): boolean => matchMedia("(pointer: coarse)").matches;
