/** Passwords of twelve characters or more that are tried first, also as words that only digits and signs were added to. */
export const commonPasswords: ReadonlySet<string> = new Set([
  '123456789012', '1234567890123', '1234567890ab', '1q2w3e4r5t6y', '1qaz2wsx3edc', '1qaz2wsx3edc4rfv', 'abcdefghijkl', 'abcdefghijklm', 'abcdefghijklmnop', 'qwertyuiopas', 'qwertyuiopasdfgh',
  'qwertyuiop', 'qwertyuiopasdf', 'qwertyqwerty', 'qwerty', 'asdfghjkl', 'asdfghjklasdfghjkl', 'zxcvbnm', 'azerty', 'azertyuiop', 'password', 'passwordpassword', 'mypassword', 'newpassword', 'thisismypassword', 'passw', 'passwd',
  'wachtwoord', 'mijnwachtwoord', 'geheim', 'geheimgeheim', 'ditismijnwachtwoord', 'nieuwwachtwoord', 'wachtwoordwachtwoord', 'ditiseenwachtwoord', 'geenwachtwoord', 'welkom', 'welkomwelkom', 'welkomopschool', 'welkomthuis',
  'welcome', 'welcomewelcome', 'letmein', 'letmeinplease', 'iloveyou', 'iloveyouforever', 'administrator', 'beheerder', 'admin', 'adminadmin', 'changeme', 'changemenow', 'changethis', 'default', 'testtest', 'testtesttest', 'test', 'testen',
  'basisschool', 'opschool', 'mijnschool', 'onzeschool', 'deschool', 'school', 'schoolschool', 'directeur', 'leerkracht', 'internbegeleider', 'intern', 'juf', 'meester', 'leerling', 'leerlingen', 'groep', 'onderwijs', 'zorgteam', 'stappenplan',
  'amsterdam', 'rotterdam', 'denhaag', 'nederland', 'holland', 'feyenoord', 'ajaxamsterdam', 'ajax', 'zomer', 'winter', 'lente', 'herfst', 'januari', 'februari', 'maart', 'april', 'augustus', 'september', 'oktober', 'november', 'december',
  'maandag', 'dinsdag', 'woensdag', 'donderdag', 'vrijdag', 'zaterdag', 'zondag', 'sinterklaas', 'kerstmis', 'vakantie', 'zomervakantie', 'computer', 'football', 'voetbal', 'sunshine', 'princess', 'superman', 'dragon', 'monkey'
]);
