import { z } from 'zod';
import type { ServiceConfig } from './service-config.ts';

const unit = z
  .string('allowed is a systemd unit, such as orders.service')
  .regex(/^[A-Za-z0-9@._:-]{1,92}\.service$/, 'allowed are letters, digits and @._:-, with .service at the end');
const program = z
  .string()
  .regex(/^(\/[A-Za-z0-9._-]{1,60}){1,6}$/, 'allowed is an absolute path of letters, digits and ._-');
const port = z.int().min(1).max(65_535);

const probe = z.union(
  [
    z.strictObject({
      http: z.string().regex(/^[1-9][0-9]{0,4}(\/[A-Za-z0-9._-]{0,60}){1,6}$/, 'allowed is port/path'),
    }),
    z.strictObject({ tcp: port }),
    z.strictObject({ command: program }),
  ],
  'allowed is an object with exactly one of http (such as "8080/health"), tcp (a port), command (an absolute path)',
);

/** One entry of the configuration's `services`. */
export const serviceSchema = z.strictObject({
  unit,
  memoryMebibytes: z.int().min(1).max(1_000_000).optional(),
  probe: probe.optional(),
  after: z.array(unit).max(10).optional(),
  control: program.optional(),
  restartsOnHost: z.boolean().optional(),
});

/** What is wrong with the services among each other, one sentence each; empty: nothing. */
export function serviceProblems(services: readonly ServiceConfig[] = []): string[] {
  const units = services.map((service) => service.unit);
  const twice = units.filter((one, place) => units.indexOf(one) < place);
  return [
    ...[...new Set(twice)].map((one) => `services has ${one} twice`),
    ...services.flatMap((service) =>
      (service.after ?? [])
        .filter((other) => !units.includes(other))
        .map(
          (other) =>
            `services: ${service.unit} comes after ${other}, which is none of them; they are ${units.join(', ')}`,
        ),
    ),
    ...circle(services),
  ];
}

function circle(services: readonly ServiceConfig[]): string[] {
  const afterOf = new Map(services.map(({ unit: one, after = [] }) => [one, after]));
  const reaches = (from: string, to: string, seen: ReadonlySet<string>): boolean =>
    (afterOf.get(from) ?? []).some(
      (next) => next === to || (!seen.has(next) && reaches(next, to, new Set([...seen, next]))),
    );
  const inCircle = [...afterOf.keys()].filter((one) => reaches(one, one, new Set()));
  return inCircle.length === 0 ? [] : [`services: ${inCircle.join(', ')} each come after the other`];
}
