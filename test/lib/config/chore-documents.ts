import { chores } from '../../../remedies/chores.ts';

/** Documents of every chore, for policies whose test is about something else. */
export const CHORE_DOCUMENTS = Object.fromEntries(
  chores.map(({ id }) => [id, { preview: `${id}-p1`, clean: `${id}-c1` }]),
);
