import * as z from 'zod/mini';

/** JSON sends numbers, Query sends text. */
export const number = z.coerce.number();

/** JSON sends booleans, Query sends text. */
export const boolean = z.pipe(
  z.union([z.boolean(), z.enum(['true', 'false', 'True', 'False'])]),
  z.transform((value): boolean => String(value).toLowerCase() === 'true'),
);

/** A time: epoch seconds in JSON, ISO 8601 in Query. In epoch milliseconds. */
export const time = z.pipe(
  z.union([z.number(), z.string()]),
  z.transform((value): number => (typeof value === 'number' ? value * 1000 : Date.parse(value))),
);

/** Dimensions as a list of Name and Value, made a record. */
export const dimensions = z.pipe(
  z._default(z.array(z.object({ Name: z.string(), Value: z.string() })), []),
  z.transform((list): Record<string, string> => Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]))),
);
