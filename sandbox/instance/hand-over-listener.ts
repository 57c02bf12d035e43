import { createServer } from 'node:net';

// Listens where it was started, on any port of the loopback, gives the socket to its parent, and ends when that lets go.
process.once('disconnect', () => process.exit(0));
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  process.send?.('listening', server);
});
