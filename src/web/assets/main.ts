import { connectAutosave } from './autosave.ts';
import { connectConditions } from './conditions.ts';
import { connectCounts } from './count.ts';
import { connectCover } from './cover.ts';
import { connectFileNames } from './file-name.ts';
import { closeFolds } from './fold.ts';
import { focusProblems } from './focus-problems.ts';
import { connectOffline } from './offline.ts';
import { connectPrintButtons } from './print-button.ts';
import { connectRows } from './rows.ts';
import { connectSession } from './session.ts';
import { connectPasswordButtons } from './show-password.ts';
import { connectUnsaved } from './unsaved.ts';
import { connectUploads } from './upload.ts';

// Every page works without this file; each module below only makes something easier.
document.documentElement.classList.add('js-enabled');
closeFolds(document, window.matchMedia('(width < 48em)').matches);
connectPasswordButtons(document);
connectPrintButtons(document);
connectConditions(document);
connectCounts(document);
connectFileNames(document);
connectRows(document);
connectOffline(document);
const drafts = connectAutosave(document, (seconds) => { session.extend(seconds); });
const session = connectSession(document, drafts, connectUnsaved(document));
connectUploads(document, drafts);
connectCover(document, drafts);
focusProblems(document);

// What only few pages have is fetched there, so that a form stays light.
if (document.querySelector('[data-colour]') !== null) void import('./colour.ts').then(({ connectColours }) => { connectColours(document); });
if (document.querySelector('form[data-passkey]') !== null) void import('./passkey.ts').then(({ connectPasskeys }) => { connectPasskeys(document); });
if (document.querySelector('[data-draw]') !== null) void import('./signature.ts').then(({ connectSignature }) => { connectSignature(document); });
