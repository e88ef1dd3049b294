'use strict';
// The services, loaded from the .proto files.

const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const ROOT = path.join(__dirname, '..', '..', '..');
// Strings for 64-bit numbers: they would lose digits as JavaScript's numbers.
const options = { keepCase: true, longs: String, enums: String, defaults: true, arrays: true, oneofs: true };

function load(folder, file) {
  return grpc.loadPackageDefinition(loader.loadSync(path.join(folder, file), options));
}

const protos = path.join(__dirname, '..', 'proto');

module.exports = {
  inference: load(path.join(ROOT, 'framework', 'Sidecars', 'Protocol', 'Grpc'), 'inference.proto').inference,
  health: load(protos, 'health.proto').grpc.health.v1,
  reflection: {
    v1: load(protos, 'reflection_v1.proto').grpc.reflection.v1,
    v1alpha: load(protos, 'reflection_v1alpha.proto').grpc.reflection.v1alpha,
  },
};
