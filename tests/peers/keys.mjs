// Keys of a relying party that authenticates by private_key_jwt, and the loopback address that publishes their public halves.
import { createServer } from 'node:http';

const { subtle } = globalThis.crypto;
const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) };

export async function makeKey(kid) {
  const pair = await subtle.generateKey(RS256, true, ['sign', 'verify']);
  const jwk = async (key) => ({ ...(await subtle.exportKey('jwk', key)), kid, alg: 'RS256', use: 'sig', key_ops: undefined, ext: undefined });
  return { kid, privateKey: pair.privateKey, privateJwk: await jwk(pair.privateKey), publicJwk: await jwk(pair.publicKey) };
}

// Resolves to the address of the key set; `fetches()` counts how often anybody asked for it.
export async function publish(publicJwks, port) {
  let fetches = 0;
  const server = createServer((request, response) => {
    fetches += 1;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: publicJwks }));
  });
  await new Promise((listening) => server.listen(port, '127.0.0.1', listening));
  return { url: `http://127.0.0.1:${server.address().port}/jwks.json`, fetches: () => fetches };
}
