// npm run recover-key: asks for the printed recovery code and writes the key file again. Never touches a key file that is there.
import { createInterface } from 'node:readline/promises';
import { StartProblem } from '../errors.ts';
import { writeKeyFile } from '../trust/key-file.ts';
import { keyFromRecovery } from '../trust/recovery.ts';
import { runCommand } from './run-command.ts';

await runCommand(async ({ config, t, say }) => {
  const [argument] = process.argv.slice(2);
  // On the command line the code would stay in the history of the shell.
  if (argument !== undefined) throw new StartProblem('upkeep.unknownArgument', { argument: '…', usage: 'npm run recover-key' });
  const terminal = createInterface({ input: process.stdin, output: process.stdout, terminal: process.stdin.isTTY });
  try {
    say(t('upkeep.recovery.ask'));
    for await (const line of terminal) {
      const key = keyFromRecovery(line);
      if (Buffer.isBuffer(key)) {
        writeKeyFile(config.keyFile, key);
        say(t('upkeep.recovery.written', { file: config.keyFile }));
        return true;
      }
      say(t(key.text, key.params));
    }
    return false;
  } finally {
    terminal.close();
  }
});
