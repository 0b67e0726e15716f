// npm run verify: recomputes every chain and rebuilds every case; says the first wrong row of each. Exits with 1 when something is wrong.
import { verify } from '../cases/verify.ts';
import { StartProblem } from '../errors.ts';
import { runCommand, withDatabase } from './run-command.ts';
import { verifiedLines } from './verified-lines.ts';

await runCommand(async (parts) => {
  const [argument] = process.argv.slice(2);
  if (argument !== undefined) throw new StartProblem('upkeep.unknownArgument', { argument, usage: 'npm run verify' });
  const verified = await withDatabase(parts, verify);
  for (const line of verifiedLines(verified, parts.t)) parts.say(line);
  return verified.findings.length === 0;
});
