import { z } from 'zod';

/** Numbers or percents, as AWS::SSM::Association takes them. */
export const INSTANCES = /^([1-9][0-9]{0,6}|[1-9][0-9]?%|100%)$/;
export const ERRORS = /^(0|[1-9][0-9]{0,6}|[0-9]%|[1-9][0-9]%|100%)$/;

/** The keys of a roll-out by State Manager. */
export const rollOutShape = {
  first: z
    .string('allowed is the id of the instance that gets it first, such as i-0123456789abcdef0')
    .regex(/^i-([0-9a-f]{8}|[0-9a-f]{17})$/, 'allowed is the id of an instance, such as i-0123456789abcdef0'),
  maxConcurrency: z.string().regex(INSTANCES, 'allowed are 1 to 9999999, or 1% to 100%').optional(),
  maxErrors: z.string().regex(ERRORS, 'allowed are 0 to 9999999, or 0% to 100%').optional(),
};
