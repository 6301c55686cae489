// openid-client 5 as a relying party: the line whose error sentences Auth0 prints.
import { Issuer, generators } from 'openid-client-5';
import { makeKey, publish } from './keys.mjs';
import { say, serve } from './lines.mjs';

// the second is published beside the first, and signs after `take_next_key`
const keys = [await makeKey('rp5'), await makeKey('rp5-next')];
const published = await publish(keys.map((key) => key.publicJwk), Number(process.argv[2] ?? 0));
let client;
let checks;
let redirectUri;

async function register(request) {
  const issuer = await Issuer.discover(request.issuer);
  redirectUri = request.redirect_uri;
  client = new issuer.Client({
    client_id: request.client_id,
    client_secret: request.client_secret,
    redirect_uris: [redirectUri],
    response_types: ['code'],
    id_token_signed_response_alg: request.alg ?? 'RS256',
    token_endpoint_auth_method: request.method,
    token_endpoint_auth_signing_alg: request.method === 'private_key_jwt' ? 'RS256' : undefined,
  }, { keys: [keys[0].privateJwk] });
}

async function begin(request) {
  if (!request.keep) await register(request); // else the client of the last login, with the key set that it has
  const verifier = generators.codeVerifier();
  checks = { response_type: 'code', code_verifier: verifier, state: generators.state(), nonce: generators.nonce() };
  return {
    authorization_url: client.authorizationUrl({
      scope: 'openid email profile',
      code_challenge: generators.codeChallenge(verifier),
      code_challenge_method: 'S256',
      state: checks.state,
      nonce: checks.nonce,
      ...request.params,
    }),
  };
}

function parameters(request) {
  if (request.form !== undefined) return client.callbackParams({ method: 'POST', url: '/', body: request.form });
  return client.callbackParams(request.callback);
}

async function complete(request) {
  const tokens = await client.callback(redirectUri, parameters(request), checks);
  const userinfo = await client.userinfo(tokens);
  return { claims: tokens.claims(), userinfo, tokens, key_set_fetches: published.fetches() };
}

async function again(request) {
  return { userinfo: await client.userinfo(request.access_token) };
}

async function takeNextKey() {
  keys.reverse();
  return {};
}

const steps = { begin, complete, userinfo: again, take_next_key: takeNextKey };
say({ jwks_uri: published.url, jwks: { keys: keys.map((key) => key.publicJwk) } });
serve((request) => steps[request.step](request));
