import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { afterFile, afterMistake as after, smallContent } from './fixtures/mistakes.ts';

// Each line makes one mistake in the small content folder of test/fixtures/content and reads what the check says of it.
const [route, practice] = ['workflows/klein.json', 'workflows/klein.demo.json'];
const [talk, report, decision, pupil] = ['forms/gesprek.json', 'forms/melding.json', 'forms/besluit.json', 'forms/leerling.json'];
const template = 'documents/verslag.hbs';

t.test('a question has one kind of answer, words of that kind and a text', async (t) => {
  t.strictSame(after(talk, '"feiten": { "type": "string", "title"', '"feiten": { "type": "string", "titel"'), [
    'forms/gesprek.json:23:7: Let op: De vraag "feiten" heeft geen tekst. Op het scherm staat nu haar naam. Zet er "title" bij.',
    'forms/gesprek.json:23:37: Het sleutelwoord "titel" is hier niet bekend. Bedoelde u "title"?'
  ]);
  t.strictSame(after(talk, '"minLength": 3, "maxLength"', '"minLenght": 3, "maxLength"'), [
    'forms/gesprek.json:23:71: Het sleutelwoord "minLenght" is hier niet bekend. Bedoelde u "minLength"?'
  ]);
  t.strictSame(after(talk, '"minLength": 3, "maxLength"', '"minLength": 5000, "maxLength"'), [
    'forms/gesprek.json:23:84: "minLength" is groter dan "maxLength". Geen enkel antwoord past.'
  ]);
  t.strictSame(after(talk, '"minLength": 3, "maxLength"', '"minimum": 3, "maxLength"'), [
    'forms/gesprek.json:23:71: "minimum" betekent niets bij "type": "string". Haal het weg of kies een ander type.'
  ]);
  t.strictSame(after(talk, '"required": ["datum", "feiten"]', '"required": ["datum", "feitn"]'), [
    'forms/gesprek.json:10:27: Het veld "feitn" is er niet in dit formulier. Bedoelde u "feiten"?'
  ]);
  t.strictSame(after(talk, '"^[0-9]{4} ?[A-Z]{2}$"', '"^(?=x)[0-9]{4}$"'), [
    'forms/gesprek.json:24:82: Het patroon ^(?=x)[0-9]{4}$ is niet te lezen. Vooruitkijken, terugkijken en terugverwijzen kunnen niet.'
  ]);
  t.strictSame(after(talk, '"#/$defs/deelnemer"', '"#/$defs/deelnemr"'), [
    'forms/gesprek.json:37:104: Het deel "deelnemr" staat niet bij "$defs" van dit formulier. Bedoelde u "#/$defs/deelnemer"?'
  ]);
  t.strictSame(after(talk, '"#/$defs/deelnemer"', '"https://elders.example/x.json"'), [
    'forms/gesprek.json:37:104: De verwijzing "https://elders.example/x.json" hoort eruit te zien als #/$defs/naam. Verwijzen naar een ander bestand kan niet.'
  ]);
  t.strictSame(after(talk, '"welke": { "type": "string", "title": "Welke?", "maxLength": 200,', '"welke": { "$ref": "#/$defs/deelnemer",'), [
    "forms/gesprek.json:12:7: Dit deel bevat zichzelf: deelnemer, deelnemer. Zo'n formulier heeft geen einde."
  ]);
  t.strictSame(after(talk, '"boos": { "type": "boolean"', '"boos": { "x-retention": {}, "type": "boolean"'), [
    'forms/gesprek.json:38:17: "x-retention" hoort bij de taal, maar Stappenplan kan het nog niet. Het komt later; haal het nu weg.'
  ]);
  t.strictSame(after(talk, '"boos": { "type": "boolean"', '"boos": { "$id": "x", "type": "boolean"'), [
    'forms/gesprek.json:38:17: "$id" kan niet in een formulier: een formulier verwijst alleen naar delen in hetzelfde bestand, met #/$defs/naam. Haal het weg.'
  ]);
  t.strictSame(after(talk, '"boos": { "type": "boolean"', '"boos": { "type": ["boolean", "string"]'), [
    'forms/gesprek.json:38:25: Een vraag heeft maar een soort antwoord, maar hier staat: boolean, string. Kies er een.'
  ]);
  t.strictSame(after(talk, '"uniqueItems": true,', ''), [], 'answers that may come more than once are rows');
  t.strictSame(after(talk, '"partners": ["wijkteam"]', '"partners": ["wijktem"]'), [
    'workflows/klein.json:35:39: Dit formulier vraagt naar de partnerrol "wijktem", maar die staat niet bij "partnerRoles" van deze route. Bedoelde u "wijkteam"?'
  ]);
  t.strictSame(after(talk, '"roles": ["leraar"]', '"roles": ["leraren"]'), [
    'workflows/klein.json:35:39: Dit formulier vraagt naar de rol "leraren", maar die staat niet bij "roles" van deze route.'
  ]);
  t.strictSame(after(talk, '"datum": { "type": "string", "format": "date", "title": "Wanneer was het gesprek?", "x-name"', '"datum": { "type": "string", "format": "date", "title": "Wanneer was het gesprek?", "x-nam"'), [
    'forms/gesprek.json:22:7: Let op: De verplichte vraag "datum" heeft geen "x-name". Daarmee wordt de foutmelding duidelijk, bijvoorbeeld: de datum van het gesprek.',
    'forms/gesprek.json:22:91: Het sleutelwoord "x-nam" is hier niet bekend. Bedoelde u "x-name"?'
  ]);
  t.strictSame(after(talk, '"format": "date"', '"format": "datum"'), [
    'forms/gesprek.json:22:46: De waarde "datum" kan hier niet. Kies uit: date, time, date-time, email, uri, uuid, partial-date, file.'
  ]);
  t.strictSame(after(report, '"default": "gewoon"', '"default": "gewon"'), [
    'forms/melding.json:18:20: "gewon" kan hier geen antwoord zijn, dus ook niet het eerste antwoord. Bedoelde u "gewoon"?'
  ]);
  t.strictSame(after(report, '{ "const": "dringend", "title": "Dringend" }', '{ "const": "gewoon", "title": "Dringend" }'), [
    'forms/melding.json:17:72: Het antwoord "gewoon" staat twee keer in de lijst. Haal er een weg.',
    'workflows/klein.json:16:53: Het antwoord "dringend" kan hier niet. Mogelijk zijn: gewoon, gewoon.',
    'workflows/klein.json:53:28: Het antwoord "dringend" kan hier niet. Mogelijk zijn: gewoon, gewoon.'
  ]);
  t.strictSame(after(report, '{ "const": "dringend", "title": "Dringend" }', '{ "const": 2, "title": "Dringend" }'), [
    'forms/melding.json:17:72: Het antwoord 2 past niet bij "type": "string".',
    'workflows/klein.json:16:53: Het antwoord "dringend" kan hier niet. Mogelijk zijn: gewoon, 2.',
    'workflows/klein.json:53:28: Het antwoord "dringend" kan hier niet. Mogelijk zijn: gewoon, 2.'
  ]);
  t.strictSame(after(report, '"{wat}, {soort}"', '"{wat}, {sort}"'), ['forms/melding.json:7:14: Het veld "sort" is er niet in dit formulier. Bedoelde u "soort"?']);
  t.strictSame(after(report, '"x-max": "today"', '"x-max": "tomorrow"'), ['forms/melding.json:21:92: De waarde "tomorrow" kan hier niet. Kies uit: today.']);
  t.strictSame(after(report, '"maxLength": 1000', '"x-max": "today"'), ['forms/melding.json:13:57: "x-max" kan alleen bij een datum.']);
  t.strictSame(after(decision, '"enum": ["ja", "misschien", "nee"]', '"enum": ["ja", "misschien", "nee", "later"]'), [
    'workflows/klein.json:44:7: Bij deze antwoorden is er geen uitgang uit de stap "kiezen": "besluit.hulp": "later". Een zaak zou hier vastlopen.'
  ]);
  t.strictSame(after(pupil, '"maxLength": 200', '"maxLength": 0'), ['forms/leerling.json:12:82: Dit getal is te klein; het moet ten minste 1 zijn.']);
  t.strictSame(after(pupil, '"title": "Hoe heet de leerling?"', '"title": ""'), [
    'forms/leerling.json:12:44: Deze tekst is leeg. Vul hem in of haal het sleutelwoord weg.'
  ]);
  t.strictSame(after(pupil, '"additionalProperties": false', '"additionalProperties": "nee"'), ['forms/leerling.json:9:29: Hier hoort true of false.']);
  t.strictSame(after(pupil, '"maxLength": 200', '"maxLength": 200, "patternProperties": {}'), [
    'forms/leerling.json:12:87: "patternProperties" kan niet in een formulier: elke vraag heeft een vaste naam. Zet de vragen bij "properties", en "additionalProperties": false als er niets bij mag.'
  ]);
  t.strictSame(after(pupil, '"maxLength": 200', '"maxLength": 200, "x-messages": { "requird": "Vul een naam in." }'), [
    'forms/leerling.json:12:103: Het sleutelwoord "requird" is hier niet bekend. Bedoelde u "required"?'
  ]);
  t.strictSame(after(pupil, '"maxLength": 200', '"maxLength": 200, "readOnly": "ja"'), ['forms/leerling.json:12:99: Hier hoort true of false.']);
  t.strictSame(after(pupil, '{ "type": "string", "title"', '{ "title"'), ['forms/leerling.json:12:15: Het sleutelwoord "type" ontbreekt.']);
  t.strictSame(after(pupil, '"required": ["naam"],', '"required": ["naam"], "x-messages": { "/nam": { "required": "Vul een naam in." } },'), [
    'forms/leerling.json:10:43: Het veld "/nam" is er niet in dit formulier. Bedoelde u "/naam"?'
  ]);
  t.strictSame(after(talk, ',\n        "items": { "type": "string", "enum": ["slaap", "eten"] }', ''), ['forms/gesprek.json:31:17: Het sleutelwoord "items" ontbreekt.']);
  t.strictSame(after(talk, '"source": "staff"', '"source": "rows"'), [
    'forms/gesprek.json:28:22: Het sleutelwoord "of" ontbreekt.',
    'forms/gesprek.json:28:22: Een keuze uit de zaak ("rows") wordt bewaard met haar kenmerk en getoond met de naam van nu. Maak hier "type": "string" van, of een lijst daarvan.',
    'forms/gesprek.json:28:42: "roles" betekent niets bij "source": "rows". Haal het weg.'
  ]);
  t.strictSame(after(talk, '"id": { "type": "string" }, ', ''), ['forms/gesprek.json:29:9: Een keuze uit gegevens bewaart "id" en "naam". "id" ontbreekt.']);
  t.strictSame(after(talk, '"properties": { "id": { "type": "string" }, "naam": { "type": "string" } }', '"properties": {}'), [
    'forms/gesprek.json:25:14: Het sleutelwoord "properties" ontbreekt.'
  ]);
  t.strictSame(after(talk, '"#/properties/boos"', '"/boos"'), ['forms/gesprek.json:51:37: De verwijzing "/boos" hoort te beginnen met #/properties/.']);
});

t.test('a value that may be of several kinds is explained by the kind that was meant', async (t) => {
  t.strictSame(after(talk, '"boos": { "type": "boolean"', '"boos": { "type": "bolean"'), [
    'forms/gesprek.json:38:25: De waarde "bolean" kan hier niet. Kies uit: string, number, integer, boolean, object, array, null. Bedoelde u "boolean"?'
  ]);
  t.strictSame(after(talk, '"boos": { "type": "boolean"', '"boos": { "type": 5'), [
    'forms/gesprek.json:38:25: Hier hoort een tekst tussen aanhalingstekens of een lijst tussen [ en ].'
  ]);
  t.strictSame(after(route, '"repeat": true', '"repeat": "ja"'), ['workflows/klein.json:22:17: Hier hoort true of false of een groep tussen { en }.']);
  t.strictSame(after(route, '"close": "klaar"', '"to": []'), ['workflows/klein.json:46:48: Deze lijst is leeg. Vul hem in of haal het sleutelwoord weg.']);
});

t.test('a form asks its questions where and when they can be asked', async (t) => {
  t.strictSame(after(talk, '"scope": "#/properties/datum"', '"scope": "#/properties/daum"'), [
    'forms/gesprek.json:22:7: De verplichte vraag "datum" staat niet in de opmaak. Niemand kan dit formulier dan inleveren.',
    'forms/gesprek.json:45:37: De opmaak noemt "#/properties/daum", maar dat veld is er niet. Bedoelde u "#/properties/datum"?'
  ]);
  t.strictSame(after(talk, '"options": { "multi": true }', '"options": { "addLabel": "Nog een" }'), [
    'forms/gesprek.json:46:73: "addLabel" betekent niets bij dit onderdeel. Haal het weg.'
  ]);
  t.strictSame(after(talk, '"options": { "multi": true }', '"options": { "format": "radio" }'), [
    'forms/gesprek.json:46:83: "format": "radio" past niet bij dit onderdeel.'
  ]);
  t.strictSame(after(talk, '"when": { "boos": true }', '"when": { "bos": true }'), [
    'forms/gesprek.json:52:57: Het veld "bos" is er niet in dit formulier. Bedoelde u "boos"?'
  ]);
  t.strictSame(after(talk, '"when": { "boos": true }', '"when": { "boos": "ja" }'), [
    'forms/gesprek.json:52:65: "ja" kan hier geen antwoord zijn; het antwoord is true of false.'
  ]);
  t.strictSame(after(talk, '"when": { "boos": true }', '"when": { "waarom": "ja" }'), [
    'forms/gesprek.json:52:47: Deze vraag hangt van zichzelf af: waarom, waarom. Zij zou verdwijnen of op slot gaan door haar eigen antwoord.'
  ]);
  t.strictSame(after(talk, '"when": { "functie": "anders" }', '"when": { "functie": "ander" }'), [
    'forms/gesprek.json:17:98: Het antwoord "ander" kan hier niet. Mogelijk zijn: leraar, anders. Bedoelde u "anders"?'
  ]);
  t.strictSame(after(talk, '{ "type": "Control", "scope": "#/properties/feiten", "options": { "multi": true } },', ''), [
    'forms/gesprek.json:23:7: De verplichte vraag "feiten" staat niet in de opmaak. Niemand kan dit formulier dan inleveren.'
  ]);
  t.strictSame(after(talk, '{ "type": "Control", "scope": "#/properties/postcode" },', ''), [
    'forms/gesprek.json:24:7: Let op: De opmaak noemt de vraag "postcode" niet. Zij wordt dus nooit gesteld.'
  ]);
  t.strictSame(after(talk, '"format": "warning"', '"format": "alarm"'), [
    'forms/gesprek.json:53:78: De waarde "alarm" kan hier niet. Kies uit: radio, select, checkbox, checkboxes, date-parts, body, warning, note.'
  ]);
  t.strictSame(after(talk, '"type": "Label", "text": "Bel het wijkteam."', '"type": "Label"'), ['forms/gesprek.json:53:7: Het sleutelwoord "text" ontbreekt.']);
  t.strictSame(after(talk, '"type": "Label", "text"', '"type": "Label", "scope": "#/properties/boos", "text"'), [
    'forms/gesprek.json:53:26: "scope" betekent niets bij "type": "Label". Haal het weg.'
  ]);
  t.strictSame(after(talk, '"options": { "addLabel": "Nog iemand" }', '"options": { "detail": { "type": "VerticalLayout", "elements": [{ "type": "Control", "scope": "#/properties/nam" }] } }'), [
    'forms/gesprek.json:50:158: De opmaak noemt "#/properties/nam", maar dat veld is er niet. Bedoelde u "#/properties/naam"?'
  ]);
  t.strictSame(after(talk, '"options": { "addLabel": "Nog iemand" }', '"options": { "detail": { "type": "Control", "scope": "#/properties/naam", "when": { "boos": true } } }'), [
    'forms/gesprek.json:50:148: Het veld "boos" is er niet in dit formulier.'
  ]);
});

t.test('a layout names questions of a group by the names that lead to them', async (t) => {
  const group = '"postcode": { "type": "object", "title": "Adres", "required": ["straat"], "properties": { "straat": { "type": "string", "title": "Straat", "x-name": "de straat" }, "nummer": { "type": "integer", "title": "Nummer" } } },\n      "oudePostcode": { "type": "string"';
  const laidOut = (...controls: string[]): string[] => afterFile(talk, readFileSync(join(smallContent, talk), 'utf8').replace('"postcode": { "type": "string"', group).replace('{ "type": "Control", "scope": "#/properties/postcode" }', [...controls, '{ "type": "Control", "scope": "#/properties/oudePostcode" }'].join(', ')));
  const control = (name: string, more = ''): string => `{ "type": "Control", "scope": "#/properties/${name}"${more} }`;
  const [street, number] = ['postcode/properties/straat', 'postcode/properties/nummer'];
  t.strictSame(laidOut(control(street), control(number, ', "when": { "postcode.straat": "Laan" }')), []);
  t.strictSame(laidOut(control(number)), ['forms/gesprek.json:24:97: De verplichte vraag "straat" staat niet in de opmaak. Niemand kan dit formulier dan inleveren.']);
  t.strictSame(laidOut(control(street)), ['forms/gesprek.json:24:171: Let op: De opmaak noemt de vraag "nummer" niet. Zij wordt dus nooit gesteld.']);
  t.strictSame(laidOut(control(street), control(number), control('postcode/properties/numer')), ['forms/gesprek.json:48:187: De opmaak noemt "#/properties/postcode/properties/numer", maar dat veld is er niet. Bedoelde u "#/properties/postcode/properties/nummer"?']);
  t.strictSame(laidOut(control(street), control(number), control('deelnemers/properties/naam')), [
    'forms/gesprek.json:48:187: "#/properties/deelnemers/properties/naam" wijst naar een vraag binnen "deelnemers", maar dat is geen groep van vragen. Rijen krijgen hun opmaak met "detail" bij hun eigen "Control"; een keuze tussen groepen en een gekozen persoon staan in hun geheel in de opmaak.'
  ]);
  t.strictSame(laidOut(control(street, ', "when": { "postcode.nummer": 1 }'), control(number, ', "when": { "postcode": { "straat": "Laan" } }')), [
    'forms/gesprek.json:48:80: Deze vraag hangt van zichzelf af: straat, nummer, straat. Zij zou verdwijnen of op slot gaan door haar eigen antwoord.',
    'forms/gesprek.json:48:189: Deze vraag hangt van zichzelf af: nummer, straat, nummer. Zij zou verdwijnen of op slot gaan door haar eigen antwoord.'
  ]);
  t.strictSame(laidOut(control(street), control(number, ', "rule": { "effect": "SHOW", "condition": { "scope": "#/properties/postcode/properties/straa", "schema": { "const": "Laan" } } }')), [
    'forms/gesprek.json:48:207: Het veld "straa" is er niet in dit formulier. Bedoelde u "straat"?'
  ]);
});

t.test('a practice school names only what is there', async (t) => {
  t.strictSame(after(practice, '"workflow": "klein"', '"workflow": "klien"'), [
    'workflows/klein.demo.json:3:15: De route "klien" is er niet in de map workflows. Bedoelde u "klein"?'
  ]);
  t.strictSame(after(practice, '"person": "smit"', '"person": "smid"'), [
    'workflows/klein.demo.json:15:49: De persoon "smid" staat niet bij "people" in dit bestand. Bedoelde u "smit"?'
  ]);
  t.strictSame(after(practice, '"open": "melding"', '"open": "meling"'), [
    'workflows/klein.demo.json:16:19: De taak "meling" is er niet in deze route. Bedoelde u "melding"?'
  ]);
  t.strictSame(after(practice, '"take": "verder"', '"take": "verde"'), [
    'workflows/klein.demo.json:26:65: De uitgang "verde" is er niet in deze route. Bedoelde u "verder"?'
  ]);
  t.strictSame(after(practice, '"soort": "gewoon"', '"soort": "gewon"'), [
    'workflows/klein.demo.json:17:57: Het antwoord "gewon" kan hier niet. Mogelijk zijn: gewoon, dringend. Bedoelde u "gewoon"?'
  ]);
  t.strictSame(after(practice, '"feiten": "Noor was moe."', '"feitn": "Noor was moe."'), [
    'workflows/klein.demo.json:23:40: Het veld "feitn" is er niet in dit formulier. Bedoelde u "feiten"?'
  ]);
  t.strictSame(after(practice, '"met": "smit"', '"met": "smits"'), [
    'workflows/klein.demo.json:23:74: De persoon "smits" staat niet bij "people" in dit bestand. Bedoelde u "smit"?'
  ]);
  t.strictSame(after(practice, '"functie": "leraar"', '"functie": "lerar"'), [
    'workflows/klein.demo.json:23:131: Het antwoord "lerar" kan hier niet. Mogelijk zijn: leraar, anders. Bedoelde u "leraar"?'
  ]);
  t.strictSame(after(practice, '"day": -1', '"day": -4'), [
    'workflows/klein.demo.json:25:18: Deze handeling komt voor de vorige. Zet de handelingen op volgorde van tijd.'
  ]);
  t.strictSame(after(practice, '"roles": ["ib"]', '"roles": ["id"]'), [
    'workflows/klein.demo.json:8:81: De rol "id" staat niet bij "roles" van deze route. Bedoelde u "ib"?'
  ]);
  t.strictSame(after(practice, '"open": "melding",', '"open": "melding", "take": "verder",'), [
    'workflows/klein.demo.json:14:9: Zeg bij elke handeling precies een ding: open, submit, update, take, waive, confirm, reopen.'
  ]);
  t.strictSame(after(practice, '"submit": "gesprek"', '"open": "melding"'), [
    'workflows/klein.demo.json:22:11: Deze zaak is al geopend. Alleen de eerste handeling heeft "open".',
    'workflows/klein.demo.json:23:40: Het veld "feiten" is er niet in dit formulier.',
    'workflows/klein.demo.json:23:67: Het veld "met" is er niet in dit formulier.',
    'workflows/klein.demo.json:23:82: Het veld "deelnemers" is er niet in dit formulier.'
  ]);
  t.strictSame(after(practice, '"open": "melding"', '"open": "gesprek"'), [
    'workflows/klein.demo.json:16:19: Met de taak "gesprek" kan een zaak niet beginnen: "opensCase" ontbreekt.',
    'workflows/klein.demo.json:17:24: Het veld "wat" is er niet in dit formulier.',
    'workflows/klein.demo.json:17:48: Het veld "soort" is er niet in dit formulier.'
  ]);
  t.strictSame(after(practice, '"open": "melding"', '"submit": "melding"'), ['workflows/klein.demo.json:16:11: Een zaak begint met "open".']);
  t.strictSame(after(practice, '"waive": "R1", "reason": "De ouder was er bij."', '"waive": "R1"'), [
    'workflows/klein.demo.json:25:9: Het sleutelwoord "reason" ontbreekt.'
  ]);
  t.strictSame(after(practice, '"waive": "R1"', '"waive": "R2"'), ['workflows/klein.demo.json:25:67: De regel "R2" is er niet in deze route. Bedoelde u "R1"?']);
  t.strictSame(after(practice, '"roles": ["wijkteam"]', '"roles": ["wijkteams"]'), [
    'workflows/klein.demo.json:5:62: De partnerrol "wijkteams" staat niet bij "partnerRoles" van deze route. Bedoelde u "wijkteam"?'
  ]);
  t.strictSame(after(practice, '"time": "08:30"', '"time": "8:30"'), ['workflows/klein.demo.json:26:29: De tijd "8:30" hoort eruit te zien als 09:30.']);
  t.strictSame(after(practice, '"email": "smit@proef.example"', '"email": "smit"'), ['workflows/klein.demo.json:7:43: Het e-mailadres "smit" is geen e-mailadres.']);
  t.strictSame(after(practice, '"day": 0', '"day": 1'), ['workflows/klein.demo.json:26:18: Dit getal is te groot; het mag ten hoogste 0 zijn.']);
});

t.test('a template is read with the fields of its route', async (t) => {
  t.strictSame(after(template, 'antwoorden.feiten', 'antwoorden.feitn'), ['documents/verslag.hbs:4:15: Het veld "antwoorden.feitn" bestaat niet. Bedoelde u "feiten"?']);
  t.strictSame(after(template, '{{/each}}', '{{/if}}'), [
    'documents/verslag.hbs:3:1: Het blok {{#each}} dat hier begint, heeft geen eind. Zet {{/each}} waar het ophoudt.'
  ]);
});

t.test('a file that cannot be read is refused whole', async (t) => {
  t.strictSame(afterFile('workflows/leeg.json', ''), ['workflows/leeg.json:1:1: Hier hoort een waarde. Staat er een komma te veel, of is het bestand leeg?']);
  t.strictSame(afterFile('workflows/x.json', '{ "id": "x" }'), [
    'workflows/x.json:1:1: Het sleutelwoord "$schema" ontbreekt; het zegt wat voor bestand dit is. Kies uit: ./.schemas/workflow.json, ./.schemas/overlay.json, ./.schemas/demo.json, ./.schemas/partner-map.json, ./.schemas/scenarios.json, ./.schemas/legal-sources.json, ./.schemas/legal-requirements.json, ../.schemas/calendar.json, ./.schemas/terms.json, ./.schemas/translation.json.'
  ]);
  t.strictSame(afterFile('forms/lijst.json', '[]'), ['forms/lijst.json:1:1: Hier hoort een groep tussen { en }.']);
  t.strictSame(afterFile('forms/groot.json', `{ "a": "${'x'.repeat(300_000)}" }`), ['forms/groot.json:1:1: Dit bestand is 293 kB groot; het mag ten hoogste 256 kB zijn. Splits het bestand.']);
  t.strictSame(afterFile('forms/diep.json', '['.repeat(100_000)), ['forms/diep.json:1:33: De haakjes zijn hier dieper genest dan 32 niveaus. Maak het eenvoudiger.']);
  t.strictSame(afterFile('forms/d.json', new Uint8Array([0x22, 0xff])), ['forms/d.json:1:1: Dit bestand is geen UTF-8-tekst. Sla het op als UTF-8.']);
  t.strictSame(afterFile('workflows/kaart.json', '{ "$schema": "./.schemas/partner-map.json", "title": "Kaart", "partners": [{ "organisation": "A", "roles": [], "verifiedOn": "2026-02-30" }] }'), [
    'workflows/kaart.json:1:126: De datum "2026-02-30" bestaat niet of hoort eruit te zien als 2026-03-27.'
  ]);
});
