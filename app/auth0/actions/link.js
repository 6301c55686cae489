// Portico: linking. Version 1.
//
// Gives people of an imported connection the account that they had: once, only while their organization is in its dual
// run, only to the user whose identities all belong to the imported connection, and never across organizations.
// Everything that cannot be answered is a no, and a no leaves the login as it is.
//
// It runs after the Action "Portico login". Secrets: AUTH0_DOMAIN (the tenant's own), CLIENT_ID and CLIENT_SECRET of a
// machine-to-machine application with read:users, update:users and read:organizations.

// Connection here -> the tenant's connection that it was, and its organization. Written by `portico auth0 import
// link-action`: write it anew whenever a dual run begins or ends.
const DUAL_RUN = {};

const REQUEST_LIMIT_MS = 4000; // four requests at most, and all Actions of a login have 20 seconds
const TOKEN = 'portico-linking-token';
const TOKEN_LIFETIME_MS = 3600 * 1000;

/** The id of an identity, which Actions and the Management API spell differently. */
const idOf = (identity) => String(identity.user_id || identity.userId || '');

/** What Portico told in this login, or null where it was not Portico, or the person was linked before. */
function toldBy(event) {
  const connection = event.connection || {};
  const identities = event.user.identities || [];
  const ours = (connection.metadata || {}).managed_by === 'portico';
  if (!ours || identities.length !== 1 || identities[0].connection !== connection.name) {
    return null;
  }
  const { portico_connection: from, portico_org: organization, portico_legacy_user_id: oldId } = event.user;
  const all = [from, organization, oldId].every((value) => typeof value === 'string' && value);
  return all && oldId !== event.user.user_id ? { from, organization, oldId, identity: identities[0] } : null;
}

/** The dual run that covers this login, or null. */
function dualRunOf(told, organization) {
  const run = Object.hasOwn(DUAL_RUN, told.from) ? DUAL_RUN[told.from] : null;
  if (!run || run.organization !== told.organization) {
    return null;
  }
  return organization && (organization.metadata || {}).portico_org !== told.organization ? null : run;
}

/** Whether the old user is somebody of the imported connection and of nothing else, and was linked to nobody yet. */
function isOfConnection(old, told, run) {
  const identities = old.identities || [];
  const named = identities.some((identity) => `${identity.provider}|${idOf(identity)}` === told.oldId);
  const only = identities.every((identity) => identity.connection === run.connection);
  return old.user_id === told.oldId && old.blocked !== true && named && only;
}

/** Whether the old user is in no other organization: in none, or in the one that stands for this customer. */
function isOfOrganization(organizations, told) {
  const theirs = (one) => (one.metadata || {}).portico_org === told.organization;
  return Array.isArray(organizations) && organizations.length <= 1 && organizations.every(theirs);
}

/** The answer's JSON; null for 404: there is no such thing. */
async function call(url, options) {
  const response = await fetch(url, { ...options, redirect: 'error', signal: AbortSignal.timeout(REQUEST_LIMIT_MS) });
  if (response.status === 404) {
    return null;
  }
  if (!response.ok) {
    const error = new Error(`${response.status} ${options.method} ${new URL(url).pathname.split('/', 4).join('/')}`);
    throw Object.assign(error, { status: response.status });
  }
  return response.json();
}

/** A token of the machine-to-machine application; kept for an hour, for each costs something and is counted. */
async function tokenOf(origin, secrets, cache) {
  const kept = cache.get(TOKEN);
  if (kept && kept.value) {
    return kept.value;
  }
  const body = JSON.stringify({
    grant_type: 'client_credentials',
    client_id: secrets.CLIENT_ID,
    client_secret: secrets.CLIENT_SECRET,
    audience: `${origin}/api/v2/`,
  });
  const headers = { 'content-type': 'application/json' };
  const { access_token: token } = await call(`${origin}/oauth/token`, { method: 'POST', headers, body });
  cache.set(TOKEN, token, { ttl: TOKEN_LIFETIME_MS });
  return token;
}

/** The Management API, in the name of the machine-to-machine application. */
async function openTenant(secrets, cache) {
  const written = secrets.AUTH0_DOMAIN || '';
  const origin = written.includes('://') ? written : `https://${written}`;
  const token = await tokenOf(origin, secrets, cache);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return {
    get: (path) => call(`${origin}/api/v2${path}`, { method: 'GET', headers }),
    post: (path, content) =>
      call(`${origin}/api/v2${path}`, { method: 'POST', headers, body: JSON.stringify(content) }),
  };
}

async function link(told, run, tenant) {
  const path = `/users/${encodeURIComponent(told.oldId)}`;
  const old = await tenant.get(path);
  if (!old || !isOfConnection(old, told, run)) {
    return false;
  }
  const listed = await tenant.get(`${path}/organizations`);
  if (!listed || !isOfOrganization(Array.isArray(listed) ? listed : listed.organizations, told)) {
    return false;
  }
  await tenant.post(`${path}/identities`, { provider: told.identity.provider, user_id: idOf(told.identity) });
  return true;
}

exports.onExecutePostLogin = async (event, api) => {
  const told = toldBy(event);
  const run = told && dualRunOf(told, event.organization);
  if (!run) {
    return;
  }
  try {
    if (await link(told, run, await openTenant(event.secrets, api.cache))) {
      api.authentication.setPrimaryUser(told.oldId);
    }
  } catch (error) {
    if (error.status === 401) {
      api.cache.delete(TOKEN); // the application has another secret
    }
    console.log(`Portico did not link: ${error.message}`); // the next login tries again
  }
};
