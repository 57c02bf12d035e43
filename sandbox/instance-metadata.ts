import { createServer, type Server as HttpServer } from 'node:http';
import type { Server } from 'node:net';
import type { SandboxInstance } from './instance/instance.ts';
import { metadataService } from './metadata-service.ts';

/** The metadata services of the instances, each on the loopback of its own. */
export class InstanceMetadata {
  readonly #shownTags: (instanceId: string) => Promise<Readonly<Record<string, string>> | undefined>;
  readonly #endpoints = new Map<SandboxInstance, Promise<string>>();
  readonly #servers: (Server | HttpServer)[] = [];

  /** `shownTags` gives `undefined` where the instance does not show its tags in its metadata. */
  constructor(shownTags: (instanceId: string) => Promise<Readonly<Record<string, string>> | undefined>) {
    this.#shownTags = shownTags;
  }

  /** Where an instance finds its metadata; started when it is first asked for. */
  endpointOf(instance: SandboxInstance): Promise<string> {
    const endpoint = this.#endpoints.get(instance) ?? this.#start(instance);
    this.#endpoints.set(instance, endpoint);
    return endpoint;
  }

  stop(): void {
    for (const server of this.#servers) server.close();
  }

  async #start(instance: SandboxInstance): Promise<string> {
    const listener = await instance.listen();
    const service = createServer(metadataService(() => this.#shownTags(instance.instanceId)));
    this.#servers.push(listener, service);
    // The socket was made elsewhere: what connects to it is handed over.
    listener.on('connection', (socket) => service.emit('connection', socket));
    const address = listener.address();
    if (address === null || typeof address === 'string') throw new Error(`${instance.instanceId} listens on no port`);
    return `http://127.0.0.1:${address.port}`;
  }
}
