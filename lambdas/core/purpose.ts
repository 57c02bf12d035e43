/** Which of a slice's scripts to run. */
export type Purpose = 'check' | 'repair' | 'undo';

/** What to run of a chore: `preview` says what `clean` would delete, and deletes nothing. */
export type ChorePurpose = 'preview' | 'clean';
