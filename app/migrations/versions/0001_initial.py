"""The first schema.

Revision ID: 0001
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


TRIGGERS = {
    'sqlite': (
        "CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events BEGIN SELECT RAISE(ABORT, 'UPDATE of audit_events is not allowed'); END",
        "CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events BEGIN SELECT RAISE(ABORT, 'DELETE of audit_events is not allowed'); END",
        "CREATE TRIGGER audit_events_no_replace BEFORE INSERT ON audit_events WHEN EXISTS (SELECT 1 FROM audit_events WHERE (number = NEW.number) OR (id = NEW.id)) BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: audit_events holds this row'); END",
        'CREATE TRIGGER clients_generation_insert AFTER INSERT ON clients BEGIN INSERT INTO configuration_generation (id, value) VALUES (1, lower(hex(randomblob(16)))) ON CONFLICT (id) DO UPDATE SET value = excluded.value; END',
        'CREATE TRIGGER clients_generation_update AFTER UPDATE ON clients BEGIN INSERT INTO configuration_generation (id, value) VALUES (1, lower(hex(randomblob(16)))) ON CONFLICT (id) DO UPDATE SET value = excluded.value; END',
        'CREATE TRIGGER clients_generation_delete AFTER DELETE ON clients BEGIN INSERT INTO configuration_generation (id, value) VALUES (1, lower(hex(randomblob(16)))) ON CONFLICT (id) DO UPDATE SET value = excluded.value; END',
        'CREATE TRIGGER organizations_generation_insert AFTER INSERT ON organizations BEGIN INSERT INTO configuration_generation (id, value) VALUES (1, lower(hex(randomblob(16)))) ON CONFLICT (id) DO UPDATE SET value = excluded.value; END',
        'CREATE TRIGGER organizations_generation_update AFTER UPDATE ON organizations BEGIN INSERT INTO configuration_generation (id, value) VALUES (1, lower(hex(randomblob(16)))) ON CONFLICT (id) DO UPDATE SET value = excluded.value; END',
        'CREATE TRIGGER organizations_generation_delete AFTER DELETE ON organizations BEGIN INSERT INTO configuration_generation (id, value) VALUES (1, lower(hex(randomblob(16)))) ON CONFLICT (id) DO UPDATE SET value = excluded.value; END',
        'CREATE TRIGGER profile_attributes_generation_insert AFTER INSERT ON profile_attributes BEGIN INSERT INTO configuration_generation (id, value) VALUES (1, lower(hex(randomblob(16)))) ON CONFLICT (id) DO UPDATE SET value = excluded.value; END',
        'CREATE TRIGGER profile_attributes_generation_update AFTER UPDATE ON profile_attributes BEGIN INSERT INTO configuration_generation (id, value) VALUES (1, lower(hex(randomblob(16)))) ON CONFLICT (id) DO UPDATE SET value = excluded.value; END',
        'CREATE TRIGGER profile_attributes_generation_delete AFTER DELETE ON profile_attributes BEGIN INSERT INTO configuration_generation (id, value) VALUES (1, lower(hex(randomblob(16)))) ON CONFLICT (id) DO UPDATE SET value = excluded.value; END',
        "CREATE TRIGGER audit_personal_no_update BEFORE UPDATE ON audit_personal BEGIN SELECT RAISE(ABORT, 'UPDATE of audit_personal is not allowed'); END",
        "CREATE TRIGGER audit_personal_no_replace BEFORE INSERT ON audit_personal WHEN EXISTS (SELECT 1 FROM audit_personal WHERE (event_number = NEW.event_number)) BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: audit_personal holds this row'); END",
        "CREATE TRIGGER audit_seals_no_update BEFORE UPDATE ON audit_seals BEGIN SELECT RAISE(ABORT, 'UPDATE of audit_seals is not allowed'); END",
        "CREATE TRIGGER audit_seals_no_delete BEFORE DELETE ON audit_seals BEGIN SELECT RAISE(ABORT, 'DELETE of audit_seals is not allowed'); END",
        "CREATE TRIGGER audit_seals_no_replace BEFORE INSERT ON audit_seals WHEN EXISTS (SELECT 1 FROM audit_seals WHERE (chain = NEW.chain AND seq = NEW.seq) OR (event_number = NEW.event_number)) BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: audit_seals holds this row'); END",
        'CREATE TRIGGER connections_generation_insert AFTER INSERT ON connections BEGIN INSERT INTO configuration_generation (id, value) VALUES (1, lower(hex(randomblob(16)))) ON CONFLICT (id) DO UPDATE SET value = excluded.value; END',
        'CREATE TRIGGER connections_generation_update AFTER UPDATE ON connections BEGIN INSERT INTO configuration_generation (id, value) VALUES (1, lower(hex(randomblob(16)))) ON CONFLICT (id) DO UPDATE SET value = excluded.value; END',
        'CREATE TRIGGER connections_generation_delete AFTER DELETE ON connections BEGIN INSERT INTO configuration_generation (id, value) VALUES (1, lower(hex(randomblob(16)))) ON CONFLICT (id) DO UPDATE SET value = excluded.value; END',
        'CREATE TRIGGER role_rules_generation_insert AFTER INSERT ON role_rules BEGIN INSERT INTO configuration_generation (id, value) VALUES (1, lower(hex(randomblob(16)))) ON CONFLICT (id) DO UPDATE SET value = excluded.value; END',
        'CREATE TRIGGER role_rules_generation_update AFTER UPDATE ON role_rules BEGIN INSERT INTO configuration_generation (id, value) VALUES (1, lower(hex(randomblob(16)))) ON CONFLICT (id) DO UPDATE SET value = excluded.value; END',
        'CREATE TRIGGER role_rules_generation_delete AFTER DELETE ON role_rules BEGIN INSERT INTO configuration_generation (id, value) VALUES (1, lower(hex(randomblob(16)))) ON CONFLICT (id) DO UPDATE SET value = excluded.value; END',
        'CREATE TRIGGER auth0_imported_connections_generation_insert AFTER INSERT ON auth0_imported_connections BEGIN INSERT INTO configuration_generation (id, value) VALUES (1, lower(hex(randomblob(16)))) ON CONFLICT (id) DO UPDATE SET value = excluded.value; END',
        'CREATE TRIGGER auth0_imported_connections_generation_update AFTER UPDATE ON auth0_imported_connections BEGIN INSERT INTO configuration_generation (id, value) VALUES (1, lower(hex(randomblob(16)))) ON CONFLICT (id) DO UPDATE SET value = excluded.value; END',
        'CREATE TRIGGER auth0_imported_connections_generation_delete AFTER DELETE ON auth0_imported_connections BEGIN INSERT INTO configuration_generation (id, value) VALUES (1, lower(hex(randomblob(16)))) ON CONFLICT (id) DO UPDATE SET value = excluded.value; END',
    ),
    'postgresql': (
        "CREATE OR REPLACE FUNCTION portico_append_only() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION '% of % is not allowed', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$",
        'CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION portico_append_only()',
        'CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION portico_append_only()',
        "CREATE OR REPLACE FUNCTION portico_new_generation() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN INSERT INTO configuration_generation (id, value) VALUES (1, replace(gen_random_uuid()::text, '-', '')) ON CONFLICT (id) DO UPDATE SET value = excluded.value; RETURN NULL; END $$",
        'CREATE TRIGGER clients_generation BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON clients FOR EACH STATEMENT EXECUTE FUNCTION portico_new_generation()',
        'CREATE TRIGGER organizations_generation BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON organizations FOR EACH STATEMENT EXECUTE FUNCTION portico_new_generation()',
        'CREATE TRIGGER profile_attributes_generation BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON profile_attributes FOR EACH STATEMENT EXECUTE FUNCTION portico_new_generation()',
        'CREATE TRIGGER audit_personal_append_only BEFORE UPDATE ON audit_personal FOR EACH ROW EXECUTE FUNCTION portico_append_only()',
        'CREATE TRIGGER audit_personal_no_truncate BEFORE TRUNCATE ON audit_personal FOR EACH STATEMENT EXECUTE FUNCTION portico_append_only()',
        'CREATE TRIGGER audit_seals_append_only BEFORE UPDATE OR DELETE ON audit_seals FOR EACH ROW EXECUTE FUNCTION portico_append_only()',
        'CREATE TRIGGER audit_seals_no_truncate BEFORE TRUNCATE ON audit_seals FOR EACH STATEMENT EXECUTE FUNCTION portico_append_only()',
        'CREATE TRIGGER connections_generation BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON connections FOR EACH STATEMENT EXECUTE FUNCTION portico_new_generation()',
        'CREATE TRIGGER role_rules_generation BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON role_rules FOR EACH STATEMENT EXECUTE FUNCTION portico_new_generation()',
        'CREATE TRIGGER auth0_imported_connections_generation BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON auth0_imported_connections FOR EACH STATEMENT EXECUTE FUNCTION portico_new_generation()',
    ),
}


def upgrade() -> None:
    op.create_table('api_answers',
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('request_hash', sa.String(length=64), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key_hash')
    )
    op.create_index('ix_api_answers_created_at', 'api_answers', ['created_at'], unique=False)
    op.create_table('api_keys',
    sa.Column('id', sa.String(length=30), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('key_hash', sa.String(length=64), nullable=False),
    sa.Column('hint', sa.String(length=8), nullable=False),
    sa.Column('scopes', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('uq_api_keys_key_hash', 'api_keys', ['key_hash'], unique=True)
    op.create_table('audit_events',
    sa.Column('number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('id', sa.String(length=30), nullable=False),
    sa.Column('occurred_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('organization_id', sa.String(length=30), nullable=True),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('actor_kind', sa.String(length=16), nullable=False),
    sa.Column('actor_id', sa.String(length=255), nullable=False),
    sa.Column('target', sa.String(length=255), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('personal_hash', sa.String(length=64), nullable=True),
    sa.PrimaryKeyConstraint('number'),
    sa.UniqueConstraint('id', name='uq_audit_events_id'),
    sqlite_autoincrement=True
    )
    op.create_index('ix_audit_events_actor', 'audit_events', ['actor_id', 'number'], unique=False)
    op.create_index('ix_audit_events_name', 'audit_events', ['name', 'number'], unique=False)
    op.create_index('ix_audit_events_occurred_at', 'audit_events', ['occurred_at'], unique=False)
    op.create_index('ix_audit_events_organization', 'audit_events', ['organization_id', 'number'], unique=False)
    op.create_index('ix_audit_events_target', 'audit_events', ['target', 'number'], unique=False)
    op.create_table('auth0_bindings',
    sa.Column('organization_id', sa.String(length=30), nullable=False),
    sa.Column('auth0_organization_id', sa.String(length=64), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('looked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failure', sa.String(length=300), nullable=True),
    sa.PrimaryKeyConstraint('organization_id')
    )
    op.create_table('auth0_trusts',
    sa.Column('id', sa.String(length=30), nullable=False),
    sa.Column('origin', sa.String(length=300), nullable=False),
    sa.Column('custom_domains', sa.JSON(), nullable=False),
    sa.Column('management_client_id', sa.String(length=255), nullable=True),
    sa.Column('management_client_secret', sa.Text(), nullable=True),
    sa.Column('client_id', sa.String(length=30), nullable=True),
    sa.Column('auth_method', sa.String(length=32), nullable=False),
    sa.Column('connection_name', sa.String(length=128), nullable=False),
    sa.Column('connection_id', sa.String(length=100), nullable=True),
    sa.Column('claims_namespace', sa.String(length=255), nullable=False),
    sa.Column('applications', sa.JSON(), nullable=False),
    sa.Column('organizations', sa.JSON(), nullable=False),
    sa.Column('discovery_domains', sa.Boolean(), nullable=False),
    sa.Column('steps', sa.JSON(), nullable=False),
    sa.Column('baseline', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('aliases', sa.JSON(), nullable=False),
    sa.Column('domains_state', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('report', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('clients',
    sa.Column('id', sa.String(length=30), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('redirect_uris', sa.JSON(), nullable=False),
    sa.Column('post_logout_redirect_uris', sa.JSON(), nullable=False),
    sa.Column('post_logout_redirect_origins', sa.JSON(), nullable=False),
    sa.Column('token_endpoint_auth_method', sa.String(length=32), nullable=False),
    sa.Column('jwks_uri', sa.Text(), nullable=True),
    sa.Column('allowed_organizations', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('initiate_login_uri', sa.Text(), nullable=True),
    sa.Column('global_token_revocation_url', sa.Text(), nullable=True),
    sa.Column('require_pkce', sa.Boolean(), nullable=False),
    sa.Column('id_token_signed_response_alg', sa.String(length=8), nullable=False),
    sa.Column('access_token_lifetime_s', sa.Integer(), nullable=False),
    sa.Column('id_token_lifetime_s', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('configuration_generation',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('value', sa.String(length=32), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('grants',
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('client_id', sa.String(length=40), nullable=False),
    sa.Column('organization_id', sa.String(length=40), nullable=False),
    sa.Column('connection_id', sa.String(length=40), nullable=False),
    sa.Column('sub', sa.String(length=64), nullable=False),
    sa.Column('redirect_uri', sa.Text(), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('nonce', sa.Text(), nullable=True),
    sa.Column('code_challenge', sa.String(length=128), nullable=True),
    sa.Column('claims', sa.JSON(), nullable=False),
    sa.Column('trace_id', sa.String(length=32), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('code_expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('redeemed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('access_token_hash', sa.String(length=64), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('code_hash')
    )
    op.create_index('ix_grants_expires_at', 'grants', ['expires_at'], unique=False)
    op.create_index('uq_grants_access_token_hash', 'grants', ['access_token_hash'], unique=True)
    op.create_table('host_heartbeats',
    sa.Column('host', sa.String(length=255), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('host')
    )
    op.create_table('job_leases',
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('holder', sa.String(length=128), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_run_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('tried_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failure', sa.String(length=80), nullable=False),
    sa.PrimaryKeyConstraint('name')
    )
    op.create_table('notices',
    sa.Column('id', sa.String(length=30), nullable=False),
    sa.Column('organization_id', sa.String(length=30), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('target', sa.String(length=80), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('resolved_by', sa.String(length=255), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_notices_organization_id', 'notices', ['organization_id'], unique=False)
    op.create_index('uq_notices_open', 'notices', ['kind', 'target'], unique=True, sqlite_where=sa.text('resolved_at IS NULL'), postgresql_where=sa.text('resolved_at IS NULL'))
    op.create_table('operator_invitations',
    sa.Column('id', sa.String(length=30), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=True),
    sa.Column('totp_secret', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token_hash', name='uq_operator_invitations_token_hash')
    )
    op.create_table('operator_sign_in_tries',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_table('operators',
    sa.Column('id', sa.String(length=30), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('totp_secret', sa.Text(), nullable=False),
    sa.Column('totp_last_step', sa.BigInteger(), nullable=False),
    sa.Column('recovery_codes', sa.JSON(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('enrolled_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_signed_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('email', name='uq_operators_email')
    )
    op.create_table('organizations',
    sa.Column('id', sa.String(length=30), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('slug', sa.String(length=63), nullable=True),
    sa.Column('external_id', sa.String(length=255), nullable=True),
    sa.Column('auth0_organization_id', sa.String(length=64), nullable=True),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('policy', sa.JSON(), nullable=False),
    sa.Column('policy_version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('auth0_organization_id', name='uq_organizations_auth0_organization_id'),
    sa.UniqueConstraint('external_id', name='uq_organizations_external_id'),
    sa.UniqueConstraint('slug', name='uq_organizations_slug')
    )
    op.create_table('outgoing_mails',
    sa.Column('id', sa.String(length=30), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('failure', sa.String(length=500), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_outgoing_mails_next_at', 'outgoing_mails', ['next_at'], unique=False)
    op.create_table('pending_sign_ins',
    sa.Column('handle_hash', sa.String(length=64), nullable=False),
    sa.Column('browser_hash', sa.String(length=64), nullable=False),
    sa.Column('connection_id', sa.String(length=40), nullable=False),
    sa.Column('organization_id', sa.String(length=40), nullable=False),
    sa.Column('client_id', sa.String(length=40), nullable=True),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('trace_id', sa.String(length=32), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('consumed_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('handle_hash')
    )
    op.create_index('ix_pending_sign_ins_expires_at', 'pending_sign_ins', ['expires_at'], unique=False)
    op.create_table('portico_sessions',
    sa.Column('id', sa.String(length=30), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=True),
    sa.Column('client_id', sa.String(length=40), nullable=False),
    sa.Column('organization_id', sa.String(length=40), nullable=False),
    sa.Column('connection_id', sa.String(length=40), nullable=False),
    sa.Column('sub', sa.String(length=64), nullable=False),
    sa.Column('trust', sa.String(length=60), nullable=False),
    sa.Column('name_hash', sa.String(length=64), nullable=True),
    sa.Column('index_hash', sa.String(length=64), nullable=True),
    sa.Column('sealed', sa.Text(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_portico_sessions_expires_at', 'portico_sessions', ['expires_at'], unique=False)
    op.create_index('ix_portico_sessions_index_hash', 'portico_sessions', ['connection_id', 'index_hash'], unique=False)
    op.create_index('ix_portico_sessions_name_hash', 'portico_sessions', ['connection_id', 'name_hash'], unique=False)
    op.create_index('ix_portico_sessions_token_hash', 'portico_sessions', ['token_hash'], unique=False)
    op.create_table('profile_attributes',
    sa.Column('id', sa.String(length=30), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('type', sa.String(length=10), nullable=False),
    sa.Column('required', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('name', name='uq_profile_attributes_name')
    )
    op.create_table('remote_documents',
    sa.Column('scope', sa.String(length=64), nullable=False),
    sa.Column('url_hash', sa.String(length=64), nullable=False),
    sa.Column('url', sa.Text(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=True),
    sa.Column('content_type', sa.String(length=255), nullable=False),
    sa.Column('fetched_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('failure', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('scope', 'url_hash')
    )
    op.create_table('sign_in_trace_parts',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('trace_id', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('request', sa.String(length=20), nullable=False),
    sa.Column('steps', sa.JSON(), nullable=False),
    sa.Column('received', sa.JSON(none_as_null=True), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_sign_in_trace_parts_trace_id', 'sign_in_trace_parts', ['trace_id', 'at'], unique=False)
    op.create_table('sign_in_traces',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('client_id', sa.String(length=40), nullable=True),
    sa.Column('organization_id', sa.String(length=40), nullable=True),
    sa.Column('connection_id', sa.String(length=40), nullable=True),
    sa.Column('outcome', sa.String(length=10), nullable=False),
    sa.Column('code', sa.String(length=80), nullable=True),
    sa.Column('email', sa.String(length=320), nullable=True),
    sa.Column('begun', sa.JSON(), nullable=False),
    sa.Column('ended', sa.JSON(none_as_null=True), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_sign_in_traces_connection_id', 'sign_in_traces', ['connection_id', 'started_at'], unique=False)
    op.create_index('ix_sign_in_traces_organization_id', 'sign_in_traces', ['organization_id', 'started_at'], unique=False)
    op.create_index('ix_sign_in_traces_started_at', 'sign_in_traces', ['started_at', 'id'], unique=False)
    op.create_table('signing_keys',
    sa.Column('kid', sa.String(length=64), nullable=False),
    sa.Column('alg', sa.String(length=8), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('private_jwk', sa.Text(), nullable=False),
    sa.Column('public_jwk', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('active_from', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('remove_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('kid'),
    sa.UniqueConstraint('alg', 'generation', name='uq_signing_keys_alg_generation')
    )
    op.create_table('test_sign_ins',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('connection_id', sa.String(length=40), nullable=False),
    sa.Column('organization_id', sa.String(length=40), nullable=False),
    sa.Column('revision', sa.String(length=40), nullable=False),
    sa.Column('return_path', sa.String(length=300), nullable=False),
    sa.Column('actor', sa.String(length=300), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=False),
    sa.Column('code', sa.String(length=80), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('checks', sa.JSON(), nullable=False),
    sa.Column('raw', sa.Text(), nullable=False),
    sa.Column('attributes', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('claims_from', sa.JSON(), nullable=False),
    sa.Column('claims', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('email_verified', sa.Boolean(), nullable=True),
    sa.Column('explanation', sa.JSON(none_as_null=True), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_test_sign_ins_connection_id', 'test_sign_ins', ['connection_id', 'started_at'], unique=False)
    op.create_table('token_revocations',
    sa.Column('id', sa.String(length=30), nullable=False),
    sa.Column('client_id', sa.String(length=40), nullable=False),
    sa.Column('organization_id', sa.String(length=40), nullable=False),
    sa.Column('sub', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_token_revocations_due_at', 'token_revocations', ['due_at'], unique=False)
    op.create_table('used_assertions',
    sa.Column('client_id', sa.String(length=40), nullable=False),
    sa.Column('jti_hash', sa.String(length=64), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('client_id', 'jti_hash')
    )
    op.create_index('ix_used_assertions_until', 'used_assertions', ['until'], unique=False)
    op.create_table('used_proofs',
    sa.Column('connection_id', sa.String(length=40), nullable=False),
    sa.Column('proof_hash', sa.String(length=64), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('connection_id', 'proof_hash')
    )
    op.create_index('ix_used_proofs_until', 'used_proofs', ['until'], unique=False)
    op.create_table('audit_personal',
    sa.Column('event_number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('hash_key', sa.String(length=64), nullable=False),
    sa.Column('fields', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['event_number'], ['audit_events.number'], name='fk_audit_personal_event'),
    sa.PrimaryKeyConstraint('event_number')
    )
    op.create_table('audit_seals',
    sa.Column('chain', sa.String(length=30), nullable=False),
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('event_number', sa.BigInteger(), nullable=False),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['event_number'], ['audit_events.number'], name='fk_audit_seals_event'),
    sa.PrimaryKeyConstraint('chain', 'seq'),
    sa.UniqueConstraint('event_number', name='uq_audit_seals_event')
    )
    op.create_table('auth0_moves',
    sa.Column('organization_id', sa.String(length=30), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name='fk_auth0_moves_organization_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id')
    )
    op.create_table('brandings',
    sa.Column('organization_id', sa.String(length=30), nullable=False),
    sa.Column('product_name', sa.String(length=60), nullable=True),
    sa.Column('color', sa.String(length=7), nullable=True),
    sa.Column('introduction', sa.String(length=1000), nullable=True),
    sa.Column('logo', sa.LargeBinary(), nullable=True),
    sa.Column('logo_digest', sa.String(length=64), nullable=True),
    sa.Column('logo_width', sa.Integer(), nullable=True),
    sa.Column('logo_height', sa.Integer(), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name='fk_brandings_organization_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id')
    )
    op.create_table('client_secrets',
    sa.Column('id', sa.String(length=30), nullable=False),
    sa.Column('client_id', sa.String(length=30), nullable=False),
    sa.Column('secret_hash', sa.String(length=64), nullable=False),
    sa.Column('hint', sa.String(length=8), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['client_id'], ['clients.id'], name='fk_client_secrets_client_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_client_secrets_client_id', 'client_secrets', ['client_id'], unique=False)
    op.create_table('connections',
    sa.Column('id', sa.String(length=30), nullable=False),
    sa.Column('organization_id', sa.String(length=30), nullable=False),
    sa.Column('adapter', sa.String(length=40), nullable=False),
    sa.Column('distribution', sa.String(length=200), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('is_default', sa.Boolean(), nullable=False),
    sa.Column('domains', sa.JSON(), nullable=False),
    sa.Column('settings', sa.JSON(), nullable=False),
    sa.Column('secrets', sa.Text(), nullable=False),
    sa.Column('claim_rules', sa.JSON(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('trust_version', sa.Integer(), nullable=False),
    sa.Column('subject_source', sa.String(length=500), nullable=True),
    sa.Column('sp_entity_id', sa.String(length=1024), nullable=True),
    sa.Column('sp_keys', sa.Text(), nullable=False),
    sa.Column('next_key_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tested_version', sa.Integer(), nullable=True),
    sa.Column('tested_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('secret_expiries', sa.JSON(), nullable=False),
    sa.Column('metadata_check_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('metadata_state', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name='fk_connections_organization_id', ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('sp_entity_id', name='uq_connections_sp_entity_id')
    )
    op.create_index('ix_connections_metadata_check_at', 'connections', ['metadata_check_at'], unique=False)
    op.create_index('ix_connections_organization_id', 'connections', ['organization_id', 'status'], unique=False)
    op.create_index('uq_connections_default', 'connections', ['organization_id'], unique=True, sqlite_where=sa.text("is_default AND status = 'active'"), postgresql_where=sa.text("is_default AND status = 'active'"))
    op.create_table('contacts',
    sa.Column('id', sa.String(length=30), nullable=False),
    sa.Column('organization_id', sa.String(length=30), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('notify', sa.JSON(), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name='fk_contacts_organization_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('organization_id', 'email', name='uq_contacts_organization_id_email')
    )
    op.create_table('domains',
    sa.Column('id', sa.String(length=30), nullable=False),
    sa.Column('organization_id', sa.String(length=30), nullable=False),
    sa.Column('domain', sa.String(length=253), nullable=False),
    sa.Column('status', sa.String(length=16), nullable=False),
    sa.Column('vouched', sa.Boolean(), nullable=False),
    sa.Column('txt_value', sa.String(length=100), nullable=False),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_check_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('watched_since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('missed', sa.Integer(), nullable=False),
    sa.Column('missed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_answer', sa.JSON(none_as_null=True), nullable=True),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name='fk_domains_organization_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('organization_id', 'domain', name='uq_domains_organization_id_domain')
    )
    op.create_index('ix_domains_domain', 'domains', ['domain'], unique=False)
    op.create_index('ix_domains_next_check_at', 'domains', ['next_check_at'], unique=False)
    op.create_index('uq_domains_owner', 'domains', ['domain'], unique=True, sqlite_where=sa.text("status IN ('verified', 'lapsed')"), postgresql_where=sa.text("status IN ('verified', 'lapsed')"))
    op.create_table('operator_sessions',
    sa.Column('id', sa.String(length=30), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('operator_id', sa.String(length=30), nullable=True),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('agent', sa.String(length=300), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['operator_id'], ['operators.id'], name='fk_operator_sessions_operator_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token_hash', name='uq_operator_sessions_token_hash')
    )
    op.create_index('ix_operator_sessions_operator_id', 'operator_sessions', ['operator_id'], unique=False)
    op.create_index('ix_operator_sessions_started_at', 'operator_sessions', ['started_at'], unique=False)
    op.create_table('role_choices',
    sa.Column('organization_id', sa.String(length=30), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name='fk_role_choices_organization_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organization_id')
    )
    op.create_table('role_rules',
    sa.Column('id', sa.String(length=30), nullable=False),
    sa.Column('organization_id', sa.String(length=30), nullable=False),
    sa.Column('connection_id', sa.String(length=30), nullable=True),
    sa.Column('group_name', sa.String(length=1024), nullable=True),
    sa.Column('role', sa.String(length=200), nullable=False),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name='fk_role_rules_organization_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_role_rules_organization_id', 'role_rules', ['organization_id', 'connection_id', 'priority'], unique=False)
    op.create_table('auth0_imported_connections',
    sa.Column('id', sa.String(length=30), nullable=False),
    sa.Column('connection_id', sa.String(length=30), nullable=False),
    sa.Column('organization_id', sa.String(length=30), nullable=False),
    sa.Column('tenant', sa.String(length=255), nullable=False),
    sa.Column('source_id', sa.String(length=64), nullable=True),
    sa.Column('name', sa.String(length=128), nullable=False),
    sa.Column('strategy', sa.String(length=40), nullable=False),
    sa.Column('findings', sa.JSON(), nullable=False),
    sa.Column('legacy_prefix', sa.String(length=200), nullable=True),
    sa.Column('legacy_namespace', sa.String(length=200), nullable=True),
    sa.Column('legacy_source', sa.String(length=500), nullable=True),
    sa.Column('trusted', sa.String(length=64), nullable=False),
    sa.Column('trusted_certificates', sa.JSON(), nullable=False),
    sa.Column('suspended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('suspended_for', sa.String(length=500), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['connection_id'], ['connections.id'], name='fk_auth0_imported_connections_connection_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('connection_id', name='uq_auth0_imported_connections_connection_id'),
    sa.UniqueConstraint('legacy_namespace', name='uq_auth0_imported_connections_legacy_namespace'),
    sa.UniqueConstraint('tenant', 'name', name='uq_auth0_imported_connections_name')
    )
    op.create_index('ix_auth0_imported_connections_name', 'auth0_imported_connections', ['name'], unique=False)
    op.create_index('ix_auth0_imported_connections_organization_id', 'auth0_imported_connections', ['organization_id'], unique=False)
    op.create_table('certificate_uses',
    sa.Column('connection_id', sa.String(length=30), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('first_used_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['connection_id'], ['connections.id'], name='fk_certificate_uses_connection_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('connection_id', 'sha256')
    )
    op.create_table('connection_drafts',
    sa.Column('connection_id', sa.String(length=30), nullable=False),
    sa.Column('revision', sa.String(length=30), nullable=False),
    sa.Column('base_version', sa.Integer(), nullable=False),
    sa.Column('settings', sa.JSON(), nullable=False),
    sa.Column('secrets', sa.Text(), nullable=False),
    sa.Column('claim_rules', sa.JSON(), nullable=False),
    sa.Column('tested_revision', sa.String(length=30), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['connection_id'], ['connections.id'], name='fk_connection_drafts_connection_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('connection_id')
    )
    op.create_table('connection_versions',
    sa.Column('connection_id', sa.String(length=30), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('adapter', sa.String(length=40), nullable=False),
    sa.Column('distribution', sa.String(length=200), nullable=False),
    sa.Column('settings', sa.JSON(), nullable=False),
    sa.Column('secrets', sa.Text(), nullable=False),
    sa.Column('claim_rules', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['connection_id'], ['connections.id'], name='fk_connection_versions_connection_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('connection_id', 'version')
    )
    op.create_table('expiry_warnings',
    sa.Column('connection_id', sa.String(length=30), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['connection_id'], ['connections.id'], name='fk_expiry_warnings_connection_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('connection_id', 'subject', 'days')
    )
    op.create_table('setup_links',
    sa.Column('id', sa.String(length=30), nullable=False),
    sa.Column('organization_id', sa.String(length=30), nullable=False),
    sa.Column('connection_id', sa.String(length=30), nullable=True),
    sa.Column('parent_id', sa.String(length=30), nullable=True),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('features', sa.JSON(), nullable=False),
    sa.Column('step', sa.String(length=80), nullable=True),
    sa.Column('single_use', sa.Boolean(), nullable=False),
    sa.Column('contact', sa.String(length=320), nullable=True),
    sa.Column('language', sa.String(length=8), nullable=True),
    sa.Column('created_by', sa.String(length=300), nullable=False),
    sa.Column('sender', sa.String(length=320), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lifetime_s', sa.Integer(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('step_reached', sa.String(length=80), nullable=True),
    sa.Column('step_reached_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['connection_id'], ['connections.id'], name='fk_setup_links_connection_id', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name='fk_setup_links_organization_id', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['parent_id'], ['setup_links.id'], name='fk_setup_links_parent_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token_hash', name='uq_setup_links_token_hash')
    )
    op.create_index('ix_setup_links_organization_id', 'setup_links', ['organization_id'], unique=False)
    op.create_index('ix_setup_links_parent_id', 'setup_links', ['parent_id'], unique=False)
    op.create_table('setup_progress',
    sa.Column('connection_id', sa.String(length=30), nullable=False),
    sa.Column('step', sa.String(length=80), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['connection_id'], ['connections.id'], name='fk_setup_progress_connection_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('connection_id', 'step')
    )
    op.create_table('auth0_imported_user_ids',
    sa.Column('import_id', sa.String(length=30), nullable=False),
    sa.Column('user_id_hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['auth0_imported_connections.id'], name='fk_auth0_imported_user_ids_import_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('import_id', 'user_id_hash')
    )
    op.create_table('setup_visits',
    sa.Column('id', sa.String(length=30), nullable=False),
    sa.Column('link_id', sa.String(length=30), nullable=False),
    sa.Column('cookie_hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('code_hash', sa.String(length=64), nullable=True),
    sa.Column('code_sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('code_tries', sa.Integer(), nullable=False),
    sa.Column('codes_sent', sa.Integer(), nullable=False),
    sa.Column('proven_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['link_id'], ['setup_links.id'], name='fk_setup_visits_link_id', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('cookie_hash', name='uq_setup_visits_cookie_hash')
    )
    op.create_index('ix_setup_visits_expires_at', 'setup_visits', ['expires_at'], unique=False)
    op.create_index('ix_setup_visits_link_id', 'setup_visits', ['link_id'], unique=False)
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(sa.DDL(statement.replace('%', '%%')))  # type: ignore[no-untyped-call]


def downgrade() -> None:
    op.drop_index('ix_setup_visits_link_id', table_name='setup_visits')
    op.drop_index('ix_setup_visits_expires_at', table_name='setup_visits')
    op.drop_table('setup_visits')
    op.drop_table('auth0_imported_user_ids')
    op.drop_table('setup_progress')
    op.drop_index('ix_setup_links_parent_id', table_name='setup_links')
    op.drop_index('ix_setup_links_organization_id', table_name='setup_links')
    op.drop_table('setup_links')
    op.drop_table('expiry_warnings')
    op.drop_table('connection_versions')
    op.drop_table('connection_drafts')
    op.drop_table('certificate_uses')
    op.drop_index('ix_auth0_imported_connections_organization_id', table_name='auth0_imported_connections')
    op.drop_index('ix_auth0_imported_connections_name', table_name='auth0_imported_connections')
    op.drop_table('auth0_imported_connections')
    op.drop_index('ix_role_rules_organization_id', table_name='role_rules')
    op.drop_table('role_rules')
    op.drop_table('role_choices')
    op.drop_index('ix_operator_sessions_started_at', table_name='operator_sessions')
    op.drop_index('ix_operator_sessions_operator_id', table_name='operator_sessions')
    op.drop_table('operator_sessions')
    op.drop_index('uq_domains_owner', table_name='domains', sqlite_where=sa.text("status IN ('verified', 'lapsed')"), postgresql_where=sa.text("status IN ('verified', 'lapsed')"))
    op.drop_index('ix_domains_next_check_at', table_name='domains')
    op.drop_index('ix_domains_domain', table_name='domains')
    op.drop_table('domains')
    op.drop_table('contacts')
    op.drop_index('uq_connections_default', table_name='connections', sqlite_where=sa.text("is_default AND status = 'active'"), postgresql_where=sa.text("is_default AND status = 'active'"))
    op.drop_index('ix_connections_organization_id', table_name='connections')
    op.drop_index('ix_connections_metadata_check_at', table_name='connections')
    op.drop_table('connections')
    op.drop_index('ix_client_secrets_client_id', table_name='client_secrets')
    op.drop_table('client_secrets')
    op.drop_table('brandings')
    op.drop_table('auth0_moves')
    op.drop_table('audit_seals')
    op.drop_table('audit_personal')
    op.drop_index('ix_used_proofs_until', table_name='used_proofs')
    op.drop_table('used_proofs')
    op.drop_index('ix_used_assertions_until', table_name='used_assertions')
    op.drop_table('used_assertions')
    op.drop_index('ix_token_revocations_due_at', table_name='token_revocations')
    op.drop_table('token_revocations')
    op.drop_index('ix_test_sign_ins_connection_id', table_name='test_sign_ins')
    op.drop_table('test_sign_ins')
    op.drop_table('signing_keys')
    op.drop_index('ix_sign_in_traces_started_at', table_name='sign_in_traces')
    op.drop_index('ix_sign_in_traces_organization_id', table_name='sign_in_traces')
    op.drop_index('ix_sign_in_traces_connection_id', table_name='sign_in_traces')
    op.drop_table('sign_in_traces')
    op.drop_index('ix_sign_in_trace_parts_trace_id', table_name='sign_in_trace_parts')
    op.drop_table('sign_in_trace_parts')
    op.drop_table('remote_documents')
    op.drop_table('profile_attributes')
    op.drop_index('ix_portico_sessions_token_hash', table_name='portico_sessions')
    op.drop_index('ix_portico_sessions_name_hash', table_name='portico_sessions')
    op.drop_index('ix_portico_sessions_index_hash', table_name='portico_sessions')
    op.drop_index('ix_portico_sessions_expires_at', table_name='portico_sessions')
    op.drop_table('portico_sessions')
    op.drop_index('ix_pending_sign_ins_expires_at', table_name='pending_sign_ins')
    op.drop_table('pending_sign_ins')
    op.drop_index('ix_outgoing_mails_next_at', table_name='outgoing_mails')
    op.drop_table('outgoing_mails')
    op.drop_table('organizations')
    op.drop_table('operators')
    op.drop_table('operator_sign_in_tries')
    op.drop_table('operator_invitations')
    op.drop_index('uq_notices_open', table_name='notices', sqlite_where=sa.text('resolved_at IS NULL'), postgresql_where=sa.text('resolved_at IS NULL'))
    op.drop_index('ix_notices_organization_id', table_name='notices')
    op.drop_table('notices')
    op.drop_table('job_leases')
    op.drop_table('host_heartbeats')
    op.drop_index('uq_grants_access_token_hash', table_name='grants')
    op.drop_index('ix_grants_expires_at', table_name='grants')
    op.drop_table('grants')
    op.drop_table('configuration_generation')
    op.drop_table('clients')
    op.drop_table('auth0_trusts')
    op.drop_table('auth0_bindings')
    op.drop_index('ix_audit_events_target', table_name='audit_events')
    op.drop_index('ix_audit_events_organization', table_name='audit_events')
    op.drop_index('ix_audit_events_occurred_at', table_name='audit_events')
    op.drop_index('ix_audit_events_name', table_name='audit_events')
    op.drop_index('ix_audit_events_actor', table_name='audit_events')
    op.drop_table('audit_events')
    op.drop_index('uq_api_keys_key_hash', table_name='api_keys')
    op.drop_table('api_keys')
    op.drop_index('ix_api_answers_created_at', table_name='api_answers')
    op.drop_table('api_answers')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION IF EXISTS portico_append_only()')
        op.execute('DROP FUNCTION IF EXISTS portico_new_generation()')
