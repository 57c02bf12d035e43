import { Construct } from 'constructs';
import { commandDocument } from '../command-document.ts';
import type { Config } from '../config/config.ts';
import type { KeepConfig } from '../config/keep-config.ts';
import { stackNameOf } from '../config/policy-from-config.ts';
import { rollOut } from '../state-manager/roll-out.ts';
import { keptDocumentContent } from './kept-document.ts';

/** State Manager's roll-out of what is kept on the instances besides the agent. */
export class KeptOnInstances extends Construct {
  constructor(scope: Construct, id: string, props: { readonly config: Config; readonly keep: KeepConfig }) {
    super(scope, id);
    const { config, keep } = props;
    const stackName = stackNameOf(config);
    const content = keptDocumentContent(config);
    const { document } = commandDocument(this, { id: 'Document', name: `${stackName}-keep`, content });
    rollOut(this, { stackName, name: 'keep', document, must: 'MustKeep', config: keep });
  }
}
