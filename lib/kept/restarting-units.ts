import type { Config } from '../config/config.ts';

/** The units that systemd restarts by itself. */
export const restartingUnits = ({ services = [] }: Config): string[] =>
  services.filter(({ restartsOnHost }) => restartsOnHost === true).map(({ unit }) => unit);
