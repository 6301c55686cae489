// oidc-provider as a customer's identity provider: one client, PKCE required, one person who is signed in without a page.
import { createServer } from 'node:http';
import { randomBytes } from 'node:crypto';
import Provider from 'oidc-provider';
import { say, serve } from './lines.mjs';
import { makeKey } from './keys.mjs';

const settings = JSON.parse(process.argv[2]);
const server = createServer();
await new Promise((listening) => server.listen(settings.port, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;
let person = settings.person;

const provider = new Provider(issuer, {
  clients: [settings.client],
  jwks: { keys: [(await makeKey('idp')).privateJwk] },
  cookies: { keys: [randomBytes(32).toString('hex')] },
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => true },
  claims: {
    openid: ['sub'],
    email: ['email', 'email_verified'],
    profile: ['name', 'given_name', 'family_name', 'preferred_username', 'groups'],
  },
  interactions: { url: (context, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (context, id) => ({ accountId: id, claims: () => ({ ...person, sub: id }) }),
});

async function grant(details) {
  const made = new provider.Grant({ accountId: person.sub, clientId: details.params.client_id });
  made.addOIDCScope(details.params.scope);
  return made.save();
}

// What a login page would do, at once: log in, or consent, or refuse as a person would by pressing "cancel".
async function interact(request, response) {
  const details = await provider.interactionDetails(request, response);
  let result = { consent: { grantId: details.prompt.name === 'consent' ? await grant(details) : undefined } };
  if (details.prompt.name === 'login') result = { login: { accountId: person.sub, amr: ['pwd'] } };
  if (person.cancels) result = { error: 'access_denied', error_description: 'the person pressed cancel' };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

const handle = provider.callback();
server.on('request', (request, response) => {
  if (!request.url.startsWith('/interaction/')) return handle(request, response);
  return interact(request, response).catch((error) => {
    response.writeHead(500);
    response.end(String(error));
  });
});

say({ issuer });
serve((change) => {
  person = { ...person, ...change.person };
  return { person };
});
