import { statSync } from 'node:fs';

/** May others than its owner do something with a file that holds a secret? The group of root may read: systemd lays secrets of a vault ready so. Windows has no such modes. */
export function isOpenToOthers(file: string): boolean {
  if (process.platform === 'win32') return false;
  const { mode, gid } = statSync(file);
  return (mode & (gid === 0 ? 0o037 : 0o077)) !== 0;
}
