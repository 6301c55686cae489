// Portico: login. Version 1.
//
// The wall between customers who share one connection. Whoever chooses `organization=` in an address must not get in by
// it: the customer that Portico vouches for has to be the one that the Auth0 organization stands for. Whatever is missing
// on either side is a refusal.
//
// Written and checked by `portico auth0 connect` and `portico auth0 verify`: a change by hand is reported as drift. What
// your applications need beside it belongs into an Action of your own, after this one.

const CLAIMS = [
  'portico_org',
  'portico_org_external_id',
  'portico_auth0_org',
  'portico_connection',
  'portico_groups',
  'portico_roles',
];

/** What an identity brought along. The root belongs to the primary identity alone: what another one wrote is not there. */
function broughtBy(user, identity) {
  const id = identity.user_id || identity.userId;
  const names = [`${identity.provider}|${id}`, `${identity.provider}|${identity.connection}|${id}`];
  return names.includes(user.user_id) ? user : identity.profileData || null;
}

/** What Portico said in this login: the attributes of the identity that was just used, or null where nobody can tell. */
function attributesOf(user, connectionName) {
  const used = (user.identities || []).filter((identity) =>
    connectionName ? identity.connection === connectionName : (broughtBy(user, identity) || {}).portico_connection,
  );
  // None, or two people of two customers in one user: which of them signed in is not told.
  return used.length === 1 ? broughtBy(user, used[0]) : null;
}

/** Whether this login came from Portico: the connection says so, or the identity carries what only Portico says. */
function isOurs(connection, attributes) {
  if ((connection.metadata || {}).managed_by === 'portico') {
    return true;
  }
  const could = !connection.strategy || connection.strategy === 'oidc'; // the mark may have been lost
  return could && Boolean(attributes && attributes.portico_connection);
}

/** Why this login must not go on, or an empty text. */
function reasonToDeny(attributes, organization) {
  if (!attributes || typeof attributes.portico_org !== 'string' || !attributes.portico_org) {
    return 'The organization of this account is not known.';
  }
  if (!organization) {
    return '';
  }
  const expected = (organization.metadata || {}).portico_org;
  if (typeof expected !== 'string' || !expected) {
    return 'This organization is not set up for this sign-in.';
  }
  const named = attributes.portico_auth0_org;
  if (expected !== attributes.portico_org || (named !== undefined && named !== organization.id)) {
    return 'This account belongs to another organization.';
  }
  return '';
}

exports.onExecutePostLogin = async (event, api) => {
  const connection = event.connection || {};
  const attributes = attributesOf(event.user, connection.name);
  if (!isOurs(connection, attributes)) {
    return;
  }
  const reason = reasonToDeny(attributes, event.organization);
  if (reason) {
    api.access.deny(reason);
    return;
  }
  const namespace = (connection.metadata || {}).claims_namespace || '';
  for (const name of CLAIMS) {
    const value = attributes[name];
    if (value !== undefined && value !== null) {
      api.idToken.setCustomClaim(namespace + name, value);
      api.accessToken.setCustomClaim(namespace + name, value);
    }
  }
};
