import { mappingOf } from '../declarations.ts';
import { generatedName, type ResourceType } from './resource-type.ts';

/** AWS::Lambda::EventInvokeConfig of `$LATEST`, which nothing of the stack invokes: its aliases keep AWS's two retries. */
export const eventInvokeConfig: ResourceType = {
  replacedBy: ['FunctionName', 'Qualifier'],
  create: (context) => {
    const { logicalId, properties } = context;
    if (properties['Qualifier'] !== '$LATEST') {
      throw new Error(
        `${logicalId}: the sandbox knows the retries of $LATEST, not of ${String(properties['Qualifier'])}`,
      );
    }
    return { ref: generatedName(context), attributes: {} };
  },
  update: (_context, current) => current,
  remove: () => {},
};

/** AWS::Lambda::Permission: who else may invoke; read off the stack by whoever does. */
export const permission: ResourceType = {
  replacedBy: 'all',
  create: (context) => ({ ref: generatedName(context), attributes: {} }),
  remove: () => {},
};

/** AWS::Lambda::EventSourceMapping: keeps its place in the source when it is changed. */
export const eventSourceMapping: ResourceType = {
  replacedBy: ['EventSourceArn', 'StartingPosition'],
  create: async (context) => {
    const name = generatedName(context);
    await context.services.sources.start(name, mappingOf(context.properties));
    return { ref: name, attributes: {} };
  },
  update: ({ properties, services }, current) => {
    services.sources.change(current.ref, mappingOf(properties));
    return current;
  },
  remove: ({ services }, { ref }) => services.sources.stop(ref),
};
