import t from 'tap';
import { afterFile, afterMistake as after } from './fixtures/mistakes.ts';

// Each line makes one mistake in the small content folder of test/fixtures/content and reads what the check says of it.
const route = 'workflows/klein.json';

t.test('what is no JSON is reported where it goes wrong', async (t) => {
  t.strictSame(after(route, '"language": "nl",', '"language": "nl"'), ['workflows/klein.json:6:3: Hier hoort een komma tussen twee waarden.']);
  t.strictSame(after(route, '"subject": "leerling",', '"subject": "leerling",\n  "subject": "leerling",'), [
    'workflows/klein.json:9:3: De naam "subject" staat hier twee keer. Haal er een weg.'
  ]);
  t.strictSame(after(route, '"access": { "read": ["ib"], "own": ["leraar"] }', '"access": { "read": ["ib"], "own": ["leraar"] },'), [
    'workflows/klein.json:63:1: Hier hoort een naam tussen dubbele aanhalingstekens. Staat er een komma te veel voor de sluithaak?'
  ]);
  t.strictSame(after(route, '"title": "Kleine route"', '"title": "Kleine route" // kop'), ['workflows/klein.json:6:27: Commentaar mag niet in dit bestand. Haal het weg.']);
  t.strictSame(after(route, '"days": 3', '"days": 03'), ['workflows/klein.json:26:58: Een getal begint niet met een 0. Schrijf 3 in plaats van 03.']);
  t.strictSame(after(route, '{ "days": 3 }', '"drie dagen"'), ['workflows/klein.json:26:48: Hier hoort een tijd, zoals { "weeks": 2 }.']);
  t.strictSame(after(route, '"Kleine route"', '"Kleine route'), [
    'workflows/klein.json:6:12: Het dubbele aanhalingsteken aan het eind van deze tekst ontbreekt. Een tekst staat op één regel; schrijf \\n waar een nieuwe regel komt.'
  ]);
});

t.test('what is done for each of something names records or rows that are there, and does not nest', async (t) => {
  const once = '"gesprek": { "form": "gesprek", "required": true }';
  const each = (keywords: string, more = ''): string[] => after(route, once, `"gesprek": { "form": "gesprek", ${keywords} }${more}`);
  t.strictSame(each('"for": "melding", "when": { "for.soort": "dringend" }, "unless": { "for.wat": { "answered": false } }'), []);
  t.strictSame(each('"for": "meldin"'), ['workflows/klein.json:35:57: De taak "meldin" is er niet in deze route. Bedoelde u "melding"?']);
  t.strictSame(each('"for": "melding", "when": { "for.sort": "dringend" }'), ['workflows/klein.json:35:78: Het veld "sort" is er niet in dit formulier. Bedoelde u "soort"?']);
  t.strictSame(each('"for": ["melding", "gesprek"]'), ['workflows/klein.json:35:69: De taak gesprek wordt zelf voor elk van iets gedaan. "for" noemt een taak zonder "for".']);
  t.strictSame(each('"for": "case"'), ['workflows/klein.json:35:57: "case" heeft geen vastleggingen of regels. Noem een taak, of een lijst in een formulier.']);
  t.strictSame(each('"for": "melding", "opensCase": true'), ['workflows/klein.json:35:50: "for" en "opensCase" gaan niet samen. Zo\'n taak is er al voordat er iets is om hem voor te doen.']);
  t.strictSame(each('"fields": { "datum": { "prefill": "melding.datum" } }'), []);
  t.strictSame(each('"fields": { "datm": { "prefill": "melding.datum" } }'), ['workflows/klein.json:35:62: Het veld "datm" is er niet in dit formulier. Bedoelde u "datum"?']);
  t.strictSame(each('"fields": { "datum": { "prefill": "melding.datm" } }'), ['workflows/klein.json:35:84: Het veld "datm" is er niet in dit formulier. Bedoelde u "datum"?']);
  t.strictSame(each('"fields": { "datum": { "prefill": "melding.wat" } }'), ['workflows/klein.json:35:84: De antwoorden van "melding.wat" passen niet bij de vraag "datum". Neem een vraag met hetzelfde soort antwoord en dezelfde keuzes.']);
  const wish = (field: string, keywords: string): string[] => each(`"fields": { "${field}": { ${keywords} } }`).map((line) => line.replace(/^\S+ /, ''));
  t.strictSame([...wish('datum', '"set": "2026-01-01"'), ...wish('feiten', '"set": { "field": "melding.wat" }, "when": { "facts.isDringend": true }'), ...wish('zorgen', '"options": { "slaap": { "facts.isDringend": true } }')], []);
  t.strictSame(wish('datum', '"set": "soms"'), ['"soms" kan hier geen antwoord zijn; het antwoord is een datum, zoals 2026-03-27.']);
  t.strictSame(wish('datum', '"set": { "field": "melding.datm" }'), ['Het veld "datm" is er niet in dit formulier. Bedoelde u "datum"?']);
  t.strictSame(wish('datum', '"set": "2026-01-01", "prefill": "melding.datum"'), ['Bij het veld "datum" gaan "set", "rows" en "prefill" niet samen. Laat er een staan.']);
  t.strictSame(wish('datum', '"when": { "facts.isDringnd": true }'), ['Het feit "isDringnd" staat niet bij "facts" van deze route. Bedoelde u "isDringend"?']);
  t.strictSame(wish('datum', '"rows": "melding"'), ['Het veld "datum" is geen lijst met rijen. "rows" hoort bij een lijst waarvan elke rij vragen heeft.']);
  t.strictSame(wish('deelnemers', '"rows": "melding"'), ['De rijen van "melding" en die van "deelnemers" hebben geen vraag met dezelfde naam. Zo weet niemand welke rij over wie gaat. Geef ze een gelijke vraag.']);
  t.strictSame(wish('deelnemers', '"rows": "leerling"'), []);
  t.strictSame(wish('deelnemers', '"rows": "leerling.naam"'), ['"leerling.naam" heeft geen vastleggingen of regels. Noem een taak, of een lijst in een formulier.']);
  t.strictSame(wish('zorgen', '"options": { "slap": { "facts.isDringend": true } }'), ['Het antwoord "slap" kan hier niet. Mogelijk zijn: slaap, eten. Bedoelde u "slaap"?']);
  t.strictSame(wish('feiten', '"options": { "slap": { "facts.isDringend": true } }'), ['De vraag "feiten" heeft geen vaste antwoorden. "options" hoort bij een vraag met antwoorden om uit te kiezen.']);
  t.strictSame(wish('zorgen', '"options": { "slaap": { "facts.isDringend": true }, "eten": { "facts.isDringend": true } }'), ['Let op: Bij "zorgen" kunnen alle antwoorden wegvallen. Laat ten minste één antwoord zonder voorwaarde staan.']);
  t.strictSame(each('"countsAs": "meldin"'), ['workflows/klein.json:35:62: De taak "meldin" is er niet in deze route. Bedoelde u "melding"?']);
  t.strictSame(each('"countsAs": "melding"'), ['workflows/klein.json:35:62: Vastleggingen die meetellen als melding hebben hetzelfde formulier: melding.']);
  t.strictSame(each('"countsAs": "gesprek"'), ['workflows/klein.json:35:62: Vastleggingen kunnen niet meetellen als gesprek. Noem een andere taak, zonder "for" en zonder "countsAs".']);
});

t.test('a misspelt keyword or value is named with what was meant', async (t) => {
  t.strictSame(after(route, '"steps": {', '"stepts": {'), ['workflows/klein.json:32:3: Het sleutelwoord "stepts" is hier niet bekend. Bedoelde u "steps"?']);
  t.strictSame(after(route, '"repeat": true,', '"repaet": true,'), ['workflows/klein.json:22:7: Het sleutelwoord "repaet" is hier niet bekend. Bedoelde u "repeat"?']);
  t.strictSame(after(route, '"decide": "one"', '"decide": "two"'), ['workflows/klein.json:42:17: De waarde "two" kan hier niet. Kies uit: one, each.']);
  t.strictSame(after(route, '"read": ["ib"]', '"read": "ib"'), ['workflows/klein.json:62:23: Hier hoort een lijst tussen [ en ].']);
  t.strictSame(after(route, '"version": "1.0.0"', '"version": "1.0"'), [
    'workflows/klein.json:4:14: De versie "1.0" hoort uit drie getallen met punten te bestaan, bijvoorbeeld 1.0.0.'
  ]);
  t.strictSame(after(route, '"days": 3', '"days": -3'), ['workflows/klein.json:26:58: Dit getal is te klein; het moet ten minste 0 zijn.']);
  t.strictSame(after(route, '"years": 2', '"jaren": 2'), ['workflows/klein.json:61:100: Het sleutelwoord "jaren" is hier niet bekend.']);
  t.strictSame(after(route, '"$schema": "./.schemas/workflow.json"', '"$schema": "./.schemas/werkflow.json"'), [
    'workflows/klein.json:2:14: Dit soort bestand is niet bekend. Kies uit: ./.schemas/workflow.json, ./.schemas/overlay.json, ./.schemas/demo.json, ./.schemas/partner-map.json, ./.schemas/scenarios.json, ./.schemas/legal-sources.json, ./.schemas/legal-requirements.json, ../.schemas/calendar.json, ./.schemas/terms.json, ./.schemas/translation.json. Bedoelde u "./.schemas/workflow.json"?'
  ]);
  t.strictSame(afterFile('forms/nieuw.json', '{ "id": "nieuw", "schema": { "type": "object", "properties": { "a": { "type": "string", "title": "A" } } } }').slice(0, 3), ['version', 'language', 'title'].map((key) => `forms/nieuw.json:1:1: Het sleutelwoord "${key}" ontbreekt.`), 'all that is missing is told together');
  t.strictSame(after(route, '"on": { "for.soort": "dringend" },', ''), ['workflows/klein.json:51:17: Het sleutelwoord "on" ontbreekt.']);
});

t.test('a task that comes back counts from a date and stops on an answer of its form', async (t) => {
  const repeated = (repeat: string): string[] => after(route, '"repeat": true,', `"repeat": ${repeat},`);
  t.strictSame(repeated('{ "every": { "weeks": 2 }, "next": "this.datum", "until": { "this.soort": "gewoon" } }'), []);
  t.strictSame(repeated('{ "next": "this.dag" }'), ['workflows/klein.json:22:27: Het veld "dag" is er niet in dit formulier.']);
  t.strictSame(repeated('{ "next": "this.wat" }'), ['workflows/klein.json:22:27: "this.wat" is geen datum.']);
  t.strictSame(repeated('{ "until": { "this.soort": "gewon" } }'), ['workflows/klein.json:22:44: Het antwoord "gewon" kan hier niet. Mogelijk zijn: gewoon, dringend. Bedoelde u "gewoon"?']);
  t.strictSame(repeated('{ "every": "this.soort" }'), ['workflows/klein.json:22:28: "this.soort" heeft geen vaste antwoorden die een termijn zijn, zoals 4-weeks of 10-workdays.']);
});

t.test('a term counts from a date, ends some time, and tells people who are there', async (t) => {
  const due = (term: string): string[] => after(route, '"due": { "from": "this.datum", "within": { "days": 3 } }', `"due": ${term}`);
  t.strictSame(due('{ "within": { "days": 3 }, "remind": [{ "workdays": 1 }, { "hours": 2 }], "escalateTo": ["ib"] }'), []);
  t.strictSame(due('{ "from": "this.datum", "escalateTo": ["ib"] }'), ['workflows/klein.json:26:14: Het sleutelwoord "within" ontbreekt.']);
  t.strictSame(due('{ "within": { "days": 3 }, "escalateTo": ["id"] }'), ['workflows/klein.json:26:56: De rol "id" staat niet bij "roles" van deze route. Bedoelde u "ib"?']);
  const event = (moment: string): string[] => after(route, '"on": { "for.soort": "dringend" },', `"at": ${moment},`);
  t.strictSame(event('{ "from": "for.datum" }'), []);
  t.strictSame(event('{ "from": "for.wat", "remind": [{ "days": 1 }] }'), [
    'workflows/klein.json:53:23: "for.wat" is geen datum.',
    'workflows/klein.json:53:34: "remind" betekent niets bij het moment van een gebeurtenis. Haal het weg.'
  ]);
});

t.test('tracks that run beside each other come together again', async (t) => {
  t.strictSame(after(route, '"decide": "one"', '"decide": "each"'), []);
  t.strictSame(after(route, '"title": "Stoppen", "close"', '"title": "Stoppen", "stay": true, "close"'), [
    'workflows/klein.json:46:42: "stay" hoort bij "to": de stap blijft lopen naast een andere. Zet er "to" bij.'
  ]);
  t.strictSame(after(route, '"title": "Naar het besluit", "to": "kiezen"', '"title": "Naar het besluit", "stay": true, "to": "kiezen"'), []);
  t.strictSame(after(route, '"title": "Helpen", "to": "kijken"', '"title": "Helpen", "stay": true, "to": ["kijken", "kiezen"]'), [
    'workflows/klein.json:45:40: Deze weg blijft in de stap "kiezen" en gaat er ook heen. Haal "stay" weg of noem een andere stap.'
  ]);
  t.strictSame(after(route, '"title": "Naar het besluit", "to": "kiezen"', '"title": "Naar het besluit", "to": ["kiezen", "apart"] },\n        "anders": { "title": "Anders", "close": "klaar"').slice(-1), [
    'workflows/klein.json:37:67: De stap "apart" is er niet in deze route.'
  ]);
  const start = '"waivable": ["ib"] }\n  },\n  "steps": {\n    "kijken": {';
  const asked = start.replace('["ib"] }', '["ib"] },\n    "R2": { "when": { "steps.kijken": "waiting" }, "must": { "tasks.gesprek": "done" }, "message": "Wacht.", "hint": true }');
  t.strictSame(after(route, start, asked), ['workflows/klein.json:31:13: Deze voorwaarde kan nooit waar zijn, wat mensen ook antwoorden.'], 'a step that waits for nothing');
  t.strictSame(after(route, start, `${asked} "waitForAll": true,`), []);
});

t.test('a setting asks the school something that conditions read, with a default that can be', async (t) => {
  const set = (setting: string, read = 'settings.bellen'): string[] => after(route, '"facts": {', `"settings": { "bellen": ${setting} },\n  "facts": { "belt": { "${read}": true },`);
  t.strictSame(set('{ "type": "boolean", "title": "Belt u?", "default": true }'), [
    'workflows/klein.json:16:14: Let op: Niets in deze route leest het feit "belt". Haal het weg, of gebruik "facts.belt" in een voorwaarde.'
  ]);
  t.strictSame(set('{ "type": "boolean", "title": "Belt u?", "default": "ja" }'), ['workflows/klein.json:15:79: Het antwoord "ja" past niet bij "type": "boolean".']);
  t.strictSame(set('{ "type": "boolean", "default": true }'), ['workflows/klein.json:15:27: Het sleutelwoord "title" ontbreekt.']);
  t.strictSame(set('{ "type": "array", "title": "Wie?", "default": [] }', 'facts.isDringend'), [
    'workflows/klein.json:15:17: Let op: Niets in deze route leest de instelling "bellen". Haal haar weg, of gebruik "settings.bellen" in een voorwaarde.',
    'workflows/klein.json:15:27: Het sleutelwoord "options" ontbreekt.'
  ]);
  t.strictSame(set('{ "type": "boolean", "title": "Belt u?", "default": true }', 'settings.belen').slice(1), [
    'workflows/klein.json:16:24: De instelling "belen" staat niet bij "settings" van deze route. Bedoelde u "bellen"?'
  ]);
  t.strictSame(set('{ "type": "string", "title": "Wie?", "options": { "ib": {} }, "default": "id" }'), [
    'workflows/klein.json:15:100: Het antwoord "id" kan hier niet. Mogelijk zijn: ib. Bedoelde u "ib"?',
    'workflows/klein.json:16:43: Het antwoord "true" kan hier niet. Mogelijk zijn: ib.'
  ]);
  t.strictSame(set('{ "type": "integer", "title": "Wie?", "options": { "ib": {} }, "default": 1 }'), [
    'workflows/klein.json:15:65: "options" betekent niets bij "type": "integer". Haal het weg of kies een ander type.',
    'workflows/klein.json:16:43: Het antwoord "true" kan hier niet. Mogelijk zijn: ib.'
  ]);
});

t.test('a route names only what is there, and its tasks can be done', async (t) => {
  t.strictSame(after(route, '"form": "gesprek"', '"form": "gespek"'), [
    'workflows/klein.json:35:39: Het formulier "gespek" is er niet in de map forms. Bedoelde u "gesprek"?'
  ]);
  t.strictSame(after(route, '"template": "verslag"', '"template": "verslg"'), [
    'workflows/klein.json:59:30: De sjabloon "verslg.hbs" is er niet in de map documents. Bedoelde u "verslag"?'
  ]);
  t.strictSame(after(route, '"close": "klaar"', '"close": "klar"'), [
    'workflows/klein.json:46:51: De afloop "klar" staat niet bij "outcomes" van deze route. Bedoelde u "klaar"?'
  ]);
  t.strictSame(after(route, '"notify": ["ib"]', '"notify": ["id"]'), ['workflows/klein.json:54:18: De rol "id" staat niet bij "roles" van deze route. Bedoelde u "ib"?']);
  t.strictSame(after(route, '"intake": ["wat", "soort", "subject"]', '"intake": ["wat", "sort", "subject"]'), [
    'workflows/klein.json:24:17: Het veld "soort" is verplicht, maar staat niet in "intake" en ook niet in "later". Zet het in een van de twee.',
    'workflows/klein.json:24:25: Het veld "sort" is er niet in dit formulier. Bedoelde u "soort"?'
  ]);
  t.strictSame(after(route, '"later": ["datum"]', '"later": ["soort"]'), [
    'workflows/klein.json:24:17: Het veld "datum" is verplicht, maar staat niet in "intake" en ook niet in "later". Zet het in een van de twee.'
  ]);
  t.strictSame(after(route, '"gesprek": { "form": "gesprek", "required": true }', '"now": { "form": "gesprek" }'), [
    'workflows/klein.demo.json:22:21: De taak "gesprek" is er niet in deze route.',
    'workflows/klein.json:30:61: De taak "gesprek" is er niet in deze route.',
    'workflows/klein.json:35:18: "now" heeft al een betekenis in voorwaarden. Geef deze taak een andere id.'
  ]);
  t.strictSame(after(route, '"besluit": { "form": "besluit"', '"gesprek": { "form": "besluit"'), [
    'workflows/klein.json:43:18: De taak "gesprek" staat twee keer in deze route. Geef een van de twee een andere id.',
    'workflows/klein.json:45:66: De taak "besluit" is er niet in deze route.',
    'workflows/klein.json:46:70: De taak "besluit" is er niet in deze route.'
  ]);
  t.strictSame(after(route, '"id": "klein"', '"id": "kleine"'), ['workflows/klein.json:3:9: De id is "kleine", maar het bestand heet "klein.json". Maak ze gelijk.']);
  t.strictSame(after(route, '"opensCase": true,', ''), [
    'workflows/klein.demo.json:16:19: Met de taak "melding" kan een zaak niet beginnen: "opensCase" ontbreekt.',
    'workflows/klein.json:7:3: De startpagina biedt deze route aan, maar geen taak heeft "opensCase". Zet het bij de eerste taak.',
    'workflows/klein.json:24:7: "intake" zegt wat de startpagina vraagt, maar deze taak heeft geen "opensCase".'
  ]);
  t.strictSame(after(route, '"opensCase": true,', '"opensCase": true, "emergency": true, "when": { "facts.isDringend": true },'), [
    'workflows/klein.json:21:15: Het veld "wat" van "melding" is verplicht. Dat kan hier niet: niets mag een noodsituatie ophouden.',
    'workflows/klein.json:21:15: Het veld "soort" van "melding" is verplicht. Dat kan hier niet: niets mag een noodsituatie ophouden.',
    'workflows/klein.json:21:15: Het veld "datum" van "melding" is verplicht. Dat kan hier niet: niets mag een noodsituatie ophouden.',
    'workflows/klein.json:23:45: "when" kan hier niet: niets mag een noodsituatie ophouden.'
  ]);
  t.strictSame(after(route, '"waivable": ["ib"]', '"waivable": ["directie"]'), ['workflows/klein.json:30:149: De rol "directie" staat niet bij "roles" van deze route.']);
  t.strictSame(after(route, '"write": { "melding"', '"write": { "meldin"'), [
    'workflows/klein.json:55:18: De taak "meldin" is er niet in deze route. Bedoelde u "melding"?'
  ]);
  t.strictSame(after(route, '"notify": ["ib"],\n      "write": { "melding": { "wat": "Dringend: {for.wat}", "soort": "gewoon", "datum": { "field": "now" } } }', '"reason": "Zomaar"'), [
    'workflows/klein.json:51:17: Na de gebeurtenis "dringend" volgt niets. Zet er bijvoorbeeld "to", "write" of "notify" bij.'
  ]);
  t.strictSame(after(route, '"for": "melding",', '"for": "meldin",'), ['workflows/klein.json:52:14: De taak "meldin" is er niet in deze route. Bedoelde u "melding"?']);
  t.strictSame(after(route, '"tasks": { "besluit"', '"documents": ["verslagen"],\n      "tasks": { "besluit"'), [
    'workflows/klein.json:43:21: Het document "verslagen" staat niet bij "documents" van deze route. Bedoelde u "verslag"?'
  ]);
  t.strictSame(after(route, '"tasks": { "besluit"', '"tasks": { "kijken"'), [
    'workflows/klein.json:43:18: "kijken" is ook de id van een stap. Geef de taak of de stap een andere id.',
    'workflows/klein.json:45:66: De taak "besluit" is er niet in deze route.',
    'workflows/klein.json:46:70: De taak "besluit" is er niet in deze route.'
  ]);
});

t.test('the ways between steps lead somewhere, and nobody stands before closed doors', async (t) => {
  t.strictSame(after(route, '"to": "kiezen"', '"to": "kiesen"'), ['workflows/klein.json:37:56: De stap "kiesen" is er niet in deze route. Bedoelde u "kiezen"?']);
  t.strictSame(after(route, '"to": "kiezen"', '"close": "klaar"'), ['workflows/klein.json:40:5: Geen enkele uitgang leidt naar de stap "kiezen".']);
  t.strictSame(after(route, '"title": "Naar het besluit", "to": "kiezen"', '"title": "Naar het besluit"'), [
    'workflows/klein.json:37:19: Deze uitgang leidt nergens heen. Zet er "to" of "close" bij.'
  ]);
  t.strictSame(after(route, '"close": "klaar"', '"to": "kijken"'), [
    'workflows/klein.json:32:3: Geen enkele uitgang sluit de zaak af. Zet "close" bij de laatste uitgang.'
  ]);
  t.strictSame(after(route, '["ja", "misschien"]', '["ja"]'), [
    'workflows/klein.json:44:7: Bij deze antwoorden is er geen uitgang uit de stap "kiezen": "besluit.hulp": "misschien". Een zaak zou hier vastlopen.'
  ]);
  t.strictSame(after(route, '"besluit.hulp": "nee"', '"besluit.hulp": ["nee", "ja"]'), [
    'workflows/klein.json:46:9: Let op: Bij deze antwoorden zijn twee uitgangen tegelijk open, "helpen" en "stoppen": "besluit.hulp": "ja". Een mens kiest dan.'
  ]);
  t.strictSame(after(route, '"start": "kijken"', '"start": "kiken"'), ['workflows/klein.json:18:12: De stap "kiken" is er niet in deze route. Bedoelde u "kijken"?']);
  t.strictSame(after(route, '"stoppen": { "title": "Stoppen", "close": "klaar", "when": { "besluit.hulp": "nee" } }', '"stoppen": { "title": "Stoppen", "to": "wachten", "when": { "besluit.hulp": "nee" } }\n      }\n    },\n    "wachten": {\n      "title": "Wachten",\n      "transitions": {'), [
    'workflows/klein.json:32:3: Geen enkele uitgang sluit de zaak af. Zet "close" bij de laatste uitgang.',
    'workflows/klein.json:49:5: Uit de stap "wachten" leidt geen uitgang. Een zaak zou hier vastlopen.'
  ]);
  t.strictSame(after(route, '"stoppen": { "title": "Stoppen", "close": "klaar",', '"wachten": { "title": "Wachten", "to": "kijken", "when": { "besluit.hulp": "misschien" } },\n        "stoppen": { "title": "Stoppen", "close": "klaar", "to": "kijken",'), [
    'workflows/klein.json:47:42: Deze uitgang heeft "to" en "close". Kies er een.'
  ]);
  t.strictSame(after(route, '"besluit.hulp": "nee"', '"melding": { "last": { "soort": "gewoon" } }'), [
    'workflows/klein.json:44:7: Let op: Misschien is er bij deze antwoorden geen uitgang uit de stap "kiezen": "besluit.hulp": "nee", "none": [{ "melding": {"last":{"soort":"gewoon"}} }]. Dat is niet helemaal na te gaan.'
  ]);
});

t.test('a condition reads fields that exist and asks answers that can be', async (t) => {
  t.strictSame(after(route, '"soort": "dringend" }', '"sort": "dringend" }'), [
    'workflows/klein.json:16:44: Het veld "sort" is er niet in dit formulier. Bedoelde u "soort"?'
  ]);
  t.strictSame(after(route, '"melding": { "some": { "soort": "dringend" } }', '"melding.soort": "dringend"'), [
    'workflows/klein.json:16:21: "melding.soort" kan meer dan een keer zijn ingevuld. Zeg welke telt met some, every, none, last of count.'
  ]);
  t.strictSame(after(route, '"some": { "soort": "dringend" }', '"some": { "soort": "dringent" }'), [
    'workflows/klein.json:16:53: Het antwoord "dringent" kan hier niet. Mogelijk zijn: gewoon, dringend. Bedoelde u "dringend"?'
  ]);
  t.strictSame(after(route, '"some": { "soort"', '"sone": { "soort"'), ['workflows/klein.json:16:34: De vergelijking "sone" is niet bekend. Bedoelde u "some"?']);
  t.strictSame(after(route, '"tasks.gesprek": "done"', '"tasks.gesprk": "done"'), [
    'workflows/klein.json:30:61: De taak "gesprk" is er niet in deze route. Bedoelde u "gesprek"?'
  ]);
  t.strictSame(after(route, '"tasks.gesprek": "done"', '"tasks.gesprek": "gedaan"'), [
    'workflows/klein.json:30:78: Het antwoord "gedaan" kan hier niet. Mogelijk zijn: none, open, done, settled.'
  ]);
  t.strictSame(after(route, '"when": { "facts.isDringend": true }', '"when": { "facts.isDringen": true }'), [
    'workflows/klein.json:30:23: Het feit "isDringen" staat niet bij "facts" van deze route. Bedoelde u "isDringend"?'
  ]);
  t.strictSame(after(route, '"when": { "facts.isDringend": true }', '"when": { "leerling.naam": { "atLeast": 3 } }'), [
    'workflows/klein.json:30:42: "atLeast" kan alleen bij een getal.'
  ]);
  t.strictSame(after(route, '{leerling.naam}', '{leerling.nam}'), ['workflows/klein.json:30:99: Het veld "nam" is er niet in dit formulier. Bedoelde u "naam"?']);
  t.strictSame(after(route, '"from": "this.datum"', '"from": "this.wat"'), ['workflows/klein.json:26:24: "this.wat" is geen datum.']);
  t.strictSame(after(route, '"besluit.hulp": "nee"', '"besluit.hulp": "ne"'), [
    'workflows/klein.json:46:86: Het antwoord "ne" kan hier niet. Mogelijk zijn: ja, misschien, nee. Bedoelde u "nee"?'
  ]);
  t.strictSame(after(route, '"melding": { "some": { "soort": "dringend" } }', '"facts.isDringend": true'), [
    'workflows/klein.json:16:5: Dit feit hangt van zichzelf af: isDringend, isDringend.'
  ]);
  t.strictSame(after(route, '"soort": "gewoon", "datum"', '"datum"'), ['workflows/klein.json:55:29: Het veld "soort" is verplicht in "melding". Zet het hier bij.']);
  t.strictSame(after(route, '"besluit.hulp": "nee"', '"besluit.hulp": { "atLeast": 1 }'), ['workflows/klein.json:46:88: "atLeast" kan alleen bij een getal.']);
  t.strictSame(after(route, '"besluit.hulp": "nee"', '"besluit.hulp": { "field": "melding.soort" }'), [
    'workflows/klein.json:46:97: Dit kan nooit gelijk zijn aan "melding.soort": de mogelijke antwoorden verschillen.'
  ]);
  t.strictSame(after(route, '"besluit.hulp": "nee"', '"gesprek.deelnemers": { "naam": "x" }'), [
    'workflows/klein.json:46:94: "gesprek.deelnemers" staat in rijen. Zeg welke rijen tellen met some, every, none, last of count.'
  ]);
  t.strictSame(after(route, '"besluit.hulp": "nee"', '"gesprek.deelnemers.naam": "x"'), [
    'workflows/klein.json:46:70: "gesprek.deelnemers.naam" staat in rijen. Zeg welke rijen tellen met some, every, none, last of count.'
  ]);
  t.strictSame(after(route, '"besluit.hulp": "nee"', '"gesprek.zorgen": "slaap"'), [
    'workflows/klein.json:46:88: "gesprek.zorgen" heeft een lijst van antwoorden. Zeg welke tellen met some, every, none, last of count.'
  ]);
  t.strictSame(after(route, '"besluit.hulp": "nee"', '"gesprek.datum.dag": 3'), [
    'workflows/klein.json:46:70: "gesprek.datum.dag" gaat te ver: wat voor "dag" staat is een enkel antwoord zonder velden.'
  ]);
  t.strictSame(after(route, '"besluit.hulp": "nee"', '"gesprek.met": "smit"'), [
    'workflows/klein.json:46:85: "gesprek.met" is een groep vragen en geen enkel antwoord. Noem een van de velden.'
  ]);
  t.strictSame(after(route, '"besluit.hulp": "nee"', '"gesprek.datum": { "olderThan": { "dagen": 3 } }'), [
    'workflows/klein.json:46:102: Hier hoort een tijdsduur met een heel getal, zoals { "days": 3 }. Kies uit: minutes, hours, days, weeks, months, years, workdays.'
  ]);
  t.strictSame(after(route, '"besluit.hulp": "nee"', '"gesprek.datum": { "weekday": "maandag" }'), [
    'workflows/klein.json:46:100: Hier hoort een dag van de week in het Engels, zoals monday, of een getal van 1 (maandag) tot en met 7.'
  ]);
  t.strictSame(after(route, '"besluit.hulp": "nee"', '"gesprek.datum": { "onOrAfter": "gisteren" }'), [
    'workflows/klein.json:46:102: "gisteren" kan hier geen antwoord zijn; het antwoord is een datum, zoals 2026-03-27.'
  ]);
  t.strictSame(after(route, '"besluit.hulp": "nee"', '"any": { "besluit.hulp": "nee" }'), [
    'workflows/klein.json:46:77: Bij "any" hoort een lijst van voorwaarden tussen [ en ].'
  ]);
  t.strictSame(after(route, '"besluit.hulp": "nee"', '"besluit.hulp": { "some": { "x": 1 } }'), [
    'workflows/klein.json:46:88: "some" kan alleen bij een lijst, bij rijen of bij een taak die vaker kan.'
  ]);
  t.strictSame(after(route, '"besluit.hulp": "nee"', '"steps.kijkn": "active"'), [
    'workflows/klein.json:46:70: De stap "kijkn" is er niet in deze route. Bedoelde u "kijken"?'
  ]);
  t.strictSame(after(route, '"besluit.hulp": "nee"', '"bsluit.hulp": "nee"'), [
    'workflows/klein.json:46:70: De taak "bsluit" is er niet in deze route. Bedoelde u "besluit"?'
  ]);
  t.strictSame(after(route, '"besluit.hulp": "nee"', '"all": [{ "all": [{ "all": [{ "all": [{ "all": [{ "all": [{ "all": [{ "besluit.hulp": "nee" }] }] }] }] }] }] }]'), [
    'workflows/klein.json:46:138: Deze voorwaarde is dieper genest dan 6 niveaus. Maak er een feit van bij "facts".'
  ]);
  t.strictSame(after(route, '"soort": "gewoon", "datum"', '"soort": "gewon", "datum"'), [
    'workflows/klein.json:55:70: Het antwoord "gewon" kan hier niet. Mogelijk zijn: gewoon, dringend. Bedoelde u "gewoon"?'
  ]);
  t.strictSame(after(route, '"datum": { "field": "now" }', '"datum": { "field": "for.wat" }'), [
    'workflows/klein.json:55:100: Dit kan nooit gelijk zijn aan "for.wat": de mogelijke antwoorden verschillen.'
  ]);
  t.strictSame(after(route, '"besluit": { "form": "besluit"', '"leerling": { "form": "besluit"'), [
    'workflows/klein.json:30:99: Het veld "naam" is er niet in dit formulier.',
    'workflows/klein.json:43:18: "leerling" is de id van het onderwerp, maar deze taak gebruikt een ander formulier. Geef de taak een andere id.',
    'workflows/klein.json:45:66: De taak "besluit" is er niet in deze route.',
    'workflows/klein.json:46:70: De taak "besluit" is er niet in deze route.'
  ]);
});

t.test('what a route means is weighed: conditions that say nothing, doors that stay closed, events that meet, names that nothing uses', async (t) => {
  t.strictSame(after(route, '"when": { "facts.isDringend": true }', '"when": { "all": [{ "leerling.naam": "A" }, { "leerling.naam": "B" }] }'), [
    'workflows/klein.json:16:5: Let op: Niets in deze route leest het feit "isDringend". Haal het weg, of gebruik "facts.isDringend" in een voorwaarde.',
    'workflows/klein.json:30:13: Deze voorwaarde kan nooit waar zijn, wat mensen ook antwoorden.'
  ]);
  t.strictSame(after(route, '"when": { "facts.isDringend": true }', '"when": { "any": [{ "facts.isDringend": true }, { "facts.isDringend": false }] }'), [
    'workflows/klein.json:30:13: Let op: Deze voorwaarde is altijd waar, wat mensen ook antwoorden. Haal haar weg of maak haar strenger.'
  ]);
  // Nothing leads back from the last step, so what it asks comes too late.
  t.strictSame(after(route, ...onlyForwards('"rules": { "S1": { "must": { "besluit.hulp": "ja" }, "message": "Besluit eerst." } },')), [
    'workflows/klein.json:34:53: Dit kan pas kloppen na "besluit.hulp" in de stap "kiezen". Die komt na de stap "kijken", dus uit "kijken" komt niemand.'
  ]);
  t.strictSame(after(route, ...onlyForwards('"rules": { "S1": { "must": { "any": [{ "besluit.hulp": "ja" }, { "gesprek.boos": true }] }, "message": "Besluit eerst." } },')), []);
  const move = '"later": { "for": "melding", "on": { "for.wat": { "answered": true } }, "to": "kiezen" },';
  t.strictSame(after(route, '"events": {', `"events": { "eerst": { "for": "melding", "on": { "for.soort": "dringend" }, "to": "kiezen" }, ${move}`), [
    'workflows/klein.json:50:97: Let op: De gebeurtenissen "eerst" en "later" kunnen tegelijk de zaak verplaatsen. Alleen "eerst" doet dat dan. Maak een van de twee strenger.'
  ]);
  t.strictSame(after(route, '"events": {', `"events": { "eerst": { "for": "melding", "on": { "for.soort": "dringend" }, "to": "kiezen" }, ${move.replace('"answered": true } }', '"answered": true }, "for.soort": "gewoon" }')}`), []);
  t.strictSame(after(route, '"soort": "gewoon", "datum"', '"soort": "dringend", "datum"'), [
    'workflows/klein.json:55:7: Deze gebeurtenissen roepen elkaar zonder einde op: dringend, dringend. Schrijf een antwoord waarbij de volgende niet volgt.'
  ]);
  t.strictSame(after(route, '"outcomes": {', '"outcomes": { "weg": {},'), [
    'workflows/klein.json:61:17: Let op: Geen enkele uitgang sluit een zaak met de afloop "weg". Haal haar weg, of gebruik haar bij "close".'
  ]);
  t.strictSame(after(route, '"roles": {', '"roles": { "kok": {},'), [
    'workflows/klein.json:9:14: Let op: Niemand doet of ziet in deze route iets met de rol "kok". Haal haar weg, of noem haar bij "performers" of "access".'
  ]);
  t.strictSame(after(route, '"partnerRoles": {', '"partnerRoles": { "bakker": {},'), [
    'workflows/klein.json:13:21: Let op: Geen formulier van deze route en geen sociale kaart noemt de partnerrol "bakker". Haal haar weg, of gebruik haar.'
  ]);
  t.strictSame(afterFile('documents/los.hbs', '<p>Los</p>\n'), [
    'documents/los.hbs:1:1: Let op: Geen enkele route gebruikt dit bestand. Haal het weg, of noem het in een route.'
  ]);
});

t.test('a "not" on a question that may have no answer is said in words, unless the file says what it means', async (t) => {
  const rule = (test: string): string[] => after(route, '"when": { "facts.isDringend": true }', `"when": { "facts.isDringend": true, ${test} }`);
  t.strictSame(rule('"besluit.hulp": { "not": "nee" }'), [
    'workflows/klein.json:30:67: Let op: Er staat: ‘Gaat u helpen?’ bij ‘Besluit’ is niet ‘nee’. Dat klopt ook als "besluit.hulp" niet is ingevuld. Zet er "answered": true bij, of { "answered": false } als u dat bedoelt.'
  ]);
  t.strictSame(rule('"besluit.hulp": { "answered": true, "not": "nee" }'), []);
  t.strictSame(rule('"besluit.hulp": { "any": [{ "answered": false }, { "not": "nee" }] }'), []);
  t.strictSame(rule('"gesprek.datum": { "not": { "olderThan": { "days": 3 } } }'), [], 'a day that has not come is meant so');
  t.strictSame(rule('"melding": { "some": { "soort": { "not": "gewoon" } } }'), [], 'a required question of a record has an answer');
  t.strictSame(rule('"tasks.gesprek": { "not": "done" }'), []);
  t.strictSame(after(route, '"besluit.hulp": "nee"', '"besluit.hulp": { "not": ["ja", "misschien"] }'), [], 'the task is required before this way is open');
});

t.test('a legal basis whose day of review has passed is a warning, only from that day', async (t) => {
  const from = '"subject": "leerling",';
  const to = `"legalBasis": { "reviewBy": "2026-06-01" }, ${from}`;
  t.strictSame(after(route, from, to), []);
  t.strictSame(after(route, from, to, '2026-06-01'), []);
  t.strictSame(after(route, from, to, '2026-06-02'), [
    'workflows/klein.json:8:31: Let op: Deze grondslag moest voor 2026-06-01 opnieuw zijn bekeken. Kijk of zij nog klopt en zet hier een nieuwe datum.'
  ]);
});

/** From the first step only to the second, where the case ends; `rules` stand in the first. */
function onlyForwards(rules: string): [from: string, to: string] {
  const from = '"title": "Kijken",\n      "tasks": { "gesprek": { "form": "gesprek", "required": true } },\n      "transitions": {\n        "verder": { "title": "Naar het besluit", "to": "kiezen" }\n      }\n    },\n    "kiezen": {\n      "title": "Kiezen",\n      "decide": "one",\n      "tasks": { "besluit": { "form": "besluit", "required": true } },\n      "transitions": {\n        "helpen": { "title": "Helpen", "to": "kijken",';
  return [from, from.replace('"title": "Kijken",', `"title": "Kijken", ${rules}`).replace('"to": "kijken",', '"close": "klaar",')];
}
