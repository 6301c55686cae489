// Runs one post-login Action as a tenant would: `{code, event, secrets}` on stdin, what it decided on stdout.
//
// What the Action prints goes to stderr. Packages of npm are not here: an Action that is shipped to strangers must do with
// what Node.js has.

'use strict';

const dns = require('node:dns');
const { isBuiltin } = require('node:module');
const { readFileSync, writeSync } = require('node:fs');

// RFC 6761 6.3: names below .localhost are this machine, whatever the system's resolver thinks.
const lookup = dns.lookup;
dns.lookup = (hostname, options, callback) =>
  lookup(/(^|\.)localhost$/i.test(hostname) ? '127.0.0.1' : hostname, options, callback);

console.log = console.info = console.debug = console.error;

const outcome = {
  denied: null,
  id_token: {},
  access_token: {},
  primary_user_id: null,
  app_metadata: {},
  user_metadata: {},
};

const text = (value, name) => {
  if (typeof value !== 'string' || !value) {
    throw new TypeError(`${name} must be a string`);
  }
  return value;
};

const setter = (target) => (name, value) => {
  target[text(name, 'name')] = value;
};

const cache = new Map();
const api = {
  access: {
    deny: (reason) => {
      outcome.denied ??= text(reason, 'reason');
    },
  },
  idToken: { setCustomClaim: setter(outcome.id_token) },
  accessToken: { setCustomClaim: setter(outcome.access_token) },
  authentication: {
    setPrimaryUser: (id) => {
      outcome.primary_user_id = text(id, 'primary_user_id');
    },
  },
  user: { setAppMetadata: setter(outcome.app_metadata), setUserMetadata: setter(outcome.user_metadata) },
  cache: {
    get: (key) => (cache.has(key) ? { value: cache.get(key) } : undefined),
    set: (key, value) => (cache.set(key, text(value, 'value')), { type: 'success' }),
    delete: (key) => (cache.delete(key), { type: 'success' }),
  },
};

const requireBuiltin = (name) => {
  if (!isBuiltin(name)) {
    throw new Error(`Cannot find module '${name}'`);
  }
  return require(name);
};

const main = async () => {
  const { code, event, secrets } = JSON.parse(readFileSync(0, 'utf8'));
  const module = { exports: {} };
  new Function('exports', 'require', 'module', code)(module.exports, requireBuiltin, module);
  await module.exports.onExecutePostLogin({ ...event, secrets }, api);
  return { outcome };
};

main()
  .catch((error) => ({ failed: String((error && error.message) || error) }))
  .then((answer) => {
    writeSync(1, JSON.stringify(answer));
    process.exit(0);
  });
