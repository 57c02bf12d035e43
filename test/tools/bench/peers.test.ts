import { MEMORY_PEERS, requirePeers } from '../../../tools/bench/peers.ts';

test('a peer that is absent is named, with where it comes from', () => {
  expect(() => requirePeers(MEMORY_PEERS, '/nowhere')).toThrow(
    /earlyoom, which is measured beside ours: apt-get download earlyoom/,
  );
  expect(() => requirePeers({ sh: 'apt-get install dash' }, '/nowhere:/bin')).not.toThrow();
});
