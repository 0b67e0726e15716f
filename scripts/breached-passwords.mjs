import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

// Makes src/staff/breached-passwords.bin of a list with one password a line, most used first (such as the million of "10 million
// passwords" by Mark Burnett, which he gave to everybody): node scripts/breached-passwords.mjs LIST. Kept is what is long enough to be
// chosen here, as the first six bytes of its SHA-256, sorted: nobody has to read the words, and looking one up takes no time.
const shortest = 12;
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Name the file with the list: node scripts/breached-passwords.mjs LIST');
const words = readFileSync(file, 'utf8').split('\n').map((line) => line.trim().normalize('NFC').toLowerCase()).filter((word) => Array.from(word).length >= shortest);
const marks = [...new Set(words.map((word) => createHash('sha256').update(word).digest('hex').slice(0, 12)))].sort();
writeFileSync('src/staff/breached-passwords.bin', marks.join(''), 'hex');
process.stdout.write(`${String(marks.length)} passwords.\n`);
