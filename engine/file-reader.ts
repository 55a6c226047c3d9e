/** Gives the bytes of a file that the score names, such as `hero.mid`. */
export type FileReader = (path: string) => Promise<ArrayBuffer | Uint8Array>;

/** From beside the page. */
export const fetchFile: FileReader = async (path) => {
  const response = await fetch(new URL(path, document.baseURI));
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.arrayBuffer();
};
