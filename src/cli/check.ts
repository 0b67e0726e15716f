// npm run check [-- FOLDER]: says what is wrong in a content folder; without FOLDER in CONTENT_DIR. Exits with 1 when there is an error.
import { resolve } from 'node:path';
import { projectRoot } from '../config.ts';
import { checkContent } from '../documents/check-content.ts';
import { readTexts } from '../texts.ts';

const [folder = process.env['CONTENT_DIR'] ?? projectRoot] = process.argv.slice(2);
const { lines, ok } = checkContent(resolve(folder), readTexts('nl'));
process.stdout.write(`${lines.join('\n')}\n`);
if (!ok) process.exitCode = 1;
