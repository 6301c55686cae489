// openid-client 6 as a relying party: strict as its authors ship it, with ID token signatures checked as well.
import * as client from 'openid-client';
import { makeKey, publish } from './keys.mjs';
import { say, serve } from './lines.mjs';

// the second is published beside the first, and signs after `take_next_key`
const keys = [await makeKey('rp6'), await makeKey('rp6-next')];
const published = await publish(keys.map((key) => key.publicJwk), Number(process.argv[2] ?? 0));
let config;
let checks;

function authentication(request) {
  if (request.method === 'private_key_jwt') return client.PrivateKeyJwt({ key: keys[0].privateKey, kid: keys[0].kid });
  if (request.method === 'client_secret_basic') return client.ClientSecretBasic(request.client_secret);
  return client.ClientSecretPost(request.client_secret);
}

async function register(request) {
  config = await client.discovery(new URL(request.issuer), request.client_id, { id_token_signed_response_alg: request.alg ?? 'RS256' }, authentication(request), {
    execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
  });
}

async function begin(request) {
  if (!request.keep) await register(request); // else the client of the last login, with the key set that it has
  checks = {
    pkceCodeVerifier: client.randomPKCECodeVerifier(),
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
    idTokenExpected: true,
  };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: request.redirect_uri,
    scope: 'openid email profile',
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...request.params,
  });
  return { authorization_url: url.href };
}

function callback(request) {
  if (request.form === undefined) return new URL(request.callback);
  return new Request(request.callback, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: request.form,
  });
}

async function complete(request) {
  const tokens = await client.authorizationCodeGrant(config, callback(request), checks);
  const claims = tokens.claims();
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
  return { claims, userinfo, tokens, key_set_fetches: published.fetches() };
}

async function again(request) {
  return { userinfo: await client.fetchUserInfo(config, request.access_token, request.sub) };
}

async function takeNextKey() {
  keys.reverse();
  return {};
}

const steps = { begin, complete, userinfo: again, take_next_key: takeNextKey };
say({ jwks_uri: published.url, jwks: { keys: keys.map((key) => key.publicJwk) } });
serve((request) => steps[request.step](request));
