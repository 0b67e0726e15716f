/** The kinds of files that can be added to a form: what HTTP calls them, how their names end, and the name people know them by. */
export const fileKinds = [
  { type: 'application/pdf', endings: ['pdf'], title: 'PDF' },
  { type: 'image/jpeg', endings: ['jpg', 'jpeg'], title: 'JPG' },
  { type: 'image/png', endings: ['png'], title: 'PNG' },
  { type: 'image/heic', endings: ['heic', 'heif'], title: 'HEIC' },
  { type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', endings: ['docx'], title: 'Word' },
  { type: 'application/vnd.oasis.opendocument.text', endings: ['odt'], title: 'ODT' }
] as const;

export const mostFileBytes = 10 * 1_048_576;

/** What a file input offers to choose from. With pictures named as such a phone offers its camera as well. */
export const acceptedFiles = ['image/jpeg', 'image/png', 'image/heic', ...fileKinds.flatMap(({ endings }) => endings.map((ending) => `.${ending}`))].join(',');

/** What an edited copy of a document may be, and what the scan or photograph of a signed one. */
export const acceptedPapers = '.docx,.odt,.pdf';
export const acceptedScans = ['application/pdf', 'image/jpeg', 'image/png', 'image/heic', '.pdf', '.jpg', '.jpeg', '.png', '.heic'].join(',');
