import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';

const quietMs = 150;

/** Calls `changed` when something in the content folders was saved and it has been quiet for a moment. Gives the function that stops it. */
export function watchContent(root: string, changed: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined;
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => { changed().catch((error: unknown) => { process.emitWarning(error as Error); }); }, quietMs);
  };
  const folders = ['workflows', 'workflows/calendars', 'workflows/sociale-kaart', 'workflows/bases', 'forms', 'forms/bases', 'documents', 'documents/partials'].map((folder) => join(root, folder)).filter(existsSync);
  const watchers = folders.map((folder) => watch(folder, soon));
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
