import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { configuredSlice, stackNameOf } from '../config/policy-from-config.ts';
import { remediesOf } from '../config/remedies-of.ts';
import { associationScript, type Told } from '../state-manager/script.ts';
import { measurementsOf } from './measurements.ts';
import { restartingUnits } from './restarting-units.ts';
import { keptMeasurement, keptProgram, keptUnit, measurementList, programPath } from './on-instance.ts';

const BALLAST = join(import.meta.dirname, '../../remedies/ballast.sh');

/** The command document that brings an instance to what the configuration wants kept there. */
export function keptDocumentContent(config: Config): Record<string, unknown> {
  return {
    schemaVersion: '2.2',
    description: `${stackNameOf(config)}: what is kept on its instances`,
    parameters: {
      MustKeep: {
        type: 'String',
        description: 'Whether an instance that is left alone counts as a failure, as the first one does.',
        interpolationType: 'ENV_VAR',
        allowedPattern: '^(yes|no)$',
        default: 'no',
      },
    },
    mainSteps: [
      {
        action: 'aws:runShellScript',
        name: 'keep',
        precondition: { StringEquals: ['platformType', 'Linux'] },
        inputs: { timeoutSeconds: '300', runCommand: keptScript(config).split('\n') },
      },
    ],
  };
}

/** The document's one script. */
export function keptScript(config: Config): string {
  const here = (name: string): string => join(import.meta.dirname, `${name}.sh`);
  const parts = [
    ...['files', 'timers', 'keep-measurements'].map(here),
    BALLAST,
    ...['keep-ballast', 'keep-restarts', 'keep'].map(here),
  ];
  const told = {
    ...toldMeasurements(config),
    ...toldBallast(config),
    restarting: restartingUnits(config),
  };
  return associationScript(stackNameOf(config), told, parts);
}

/** What is kept where something is wanted, and an empty text where it is to be taken away. */
function toldMeasurements(config: Config): Told {
  const port = config.keep?.measurements?.port;
  const measurements = port === undefined ? [] : measurementsOf(remediesOf(config), config);
  if (port === undefined || measurements.length === 0) return { measurement_list: '', measured: [] };
  return {
    measurement_list: measurementList(port, measurements),
    measured: measurements.flatMap((one) => [one.metricName, keptMeasurement(one)]),
    run_measurements: keptProgram(programPath('run-measurements')),
    measure_service: keptUnit('self-healing-measure.service'),
    measure_timer: keptUnit('self-healing-measure.timer'),
  };
}

function toldBallast(config: Config): Told {
  const mebibytes = config.keep?.ballast?.mebibytes;
  if (mebibytes === undefined) return { ballast_mebibytes: '' };
  const diskFull = remediesOf(config).find(({ slice }) => slice.id === 'disk-full');
  if (diskFull === undefined) throw new Error('there is no remedy disk-full, which gives the ballast up');
  return {
    ballast_mebibytes: String(mebibytes),
    full_at_percent: String(configuredSlice(diskFull.slice, config).detection.threshold),
    give_up: keptProgram(BALLAST, programPath('give-up-ballast')),
    ballast_service: keptUnit('self-healing-ballast.service'),
    ballast_timer: keptUnit('self-healing-ballast.timer'),
  };
}
