import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';

const TAGS = '/latest/meta-data/tags/instance';
const LONGEST_TOKEN_SECONDS = 21_600;

/**
 * The metadata service of one instance, version 2 only, as far as its own tags go; `tags` gives `undefined` where the
 * instance does not show them, https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/work-with-tags-in-IMDS.html
 */
export function metadataService(tags: () => Promise<Readonly<Record<string, string>> | undefined>): RequestListener {
  const tokens = new Set<string>();
  const answer = async (method: string, path: string, token: unknown, seconds: unknown): Promise<[number, string]> => {
    if (method === 'PUT' && path === '/latest/api/token') {
      const lifetime = Number(seconds);
      if (!Number.isInteger(lifetime) || lifetime < 1 || lifetime > LONGEST_TOKEN_SECONDS) return [400, 'Bad Request'];
      const made = randomUUID();
      tokens.add(made);
      return [200, made];
    }
    if (typeof token !== 'string' || !tokens.has(token)) return [401, 'Unauthorized'];
    if (method !== 'GET') return [405, 'Method Not Allowed'];
    const shown = path === TAGS || path.startsWith(`${TAGS}/`) ? await tags() : undefined;
    const keys = Object.keys(shown ?? {});
    if (path === TAGS && keys.length > 0) return [200, keys.join('\n')];
    const value = Object.entries(shown ?? {}).find(([key]) => path === `${TAGS}/${key}`)?.[1];
    return value === undefined ? [404, 'Not Found'] : [200, value];
  };
  return ({ method = '', url = '', headers }, response) => {
    const { 'x-aws-ec2-metadata-token': token, 'x-aws-ec2-metadata-token-ttl-seconds': seconds } = headers;
    const end = ([status, text]: [number, string]): void => {
      response.writeHead(status, { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(text) }).end(text);
    };
    answer(method, url, token, seconds).then(end, (error: unknown) => end([500, String(error)]));
  };
}
