'use strict';
// grpc-js and node's http against the server: as its clients, and as the predictors behind it.
// Usage: node interop.js COMMAND [ARGUMENT...], the command that starts the conformance server. Needs `npm ci`.

const { Checks, Server } = require('./harness');
const clientChecks = require('./client-checks');
const matrixChecks = require('./matrix-checks');

async function main(command) {
  if (command.length === 0) {
    console.log('Usage: node interop.js COMMAND [ARGUMENT...]');
    return 2;
  }
  const checks = new Checks();
  const server = await Server.start(command);
  try {
    await clientChecks.run(checks, server);
  } finally {
    await server.stop();
  }
  await matrixChecks.run(checks, command);
  return checks.finish();
}

main(process.argv.slice(2)).then((code) => process.exit(code), (error) => {
  console.log(error.stack);
  process.exit(1);
});
