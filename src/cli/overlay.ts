// npm run overlay -- start|accept FILE: begins a file with a school's own changes, or records that it goes with a new version of what it changes.
import { StartProblem } from '../errors.ts';
import { acceptBase, overlayFiles, startOverlay } from './overlay-files.ts';
import { runCommand } from './run-command.ts';

await runCommand(async ({ config: { contentDir }, t, say }) => {
  const [action = '', named = '', ...more] = process.argv.slice(2);
  if ((action !== 'start' && action !== 'accept') || named === '' || more.length > 0) {
    throw new StartProblem('upkeep.unknownArgument', { argument: process.argv.slice(2).join(' '), usage: 'npm run overlay -- start|accept BESTAND' });
  }
  const files = overlayFiles(contentDir, named);
  if (action === 'start') startOverlay(contentDir, files);
  else acceptBase(contentDir, files);
  say(t(action === 'start' ? 'upkeep.overlayStarted' : 'upkeep.baseAccepted', files));
  return Promise.resolve(true);
});
