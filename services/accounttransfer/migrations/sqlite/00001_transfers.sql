-- +goose Up
CREATE TABLE payers (
  id            TEXT   NOT NULL PRIMARY KEY,
  customer      TEXT   NOT NULL,
  correlation   TEXT   NOT NULL,
  revision      BIGINT NOT NULL,
  doc           TEXT   NOT NULL,
  doc_version   BIGINT NOT NULL,
  wake_at       BIGINT,
  claimed_until BIGINT NOT NULL DEFAULT 0,
  claim         TEXT   NOT NULL DEFAULT '',
  attempts      BIGINT NOT NULL DEFAULT 0,
  last_error    TEXT   NOT NULL DEFAULT '',
  parked        BIGINT NOT NULL DEFAULT 0,
  created_at    BIGINT NOT NULL,
  updated_at    BIGINT NOT NULL,
  seller             TEXT NOT NULL,
  state              TEXT NOT NULL,
  account            TEXT NOT NULL
);
CREATE INDEX payers_work ON payers (claimed_until, wake_at)
  WHERE parked = 0 AND (wake_at IS NOT NULL OR claimed_until > 0);
CREATE INDEX payers_parked ON payers (id) WHERE parked = 1;
CREATE INDEX payers_created ON payers (created_at, id);
CREATE INDEX payers_seller ON payers (seller, created_at, id);
CREATE UNIQUE INDEX payers_account ON payers (account);

CREATE TABLE transfers (
  id            TEXT   NOT NULL PRIMARY KEY,
  customer      TEXT   NOT NULL,
  correlation   TEXT   NOT NULL,
  revision      BIGINT NOT NULL,
  doc           TEXT   NOT NULL,
  doc_version   BIGINT NOT NULL,
  wake_at       BIGINT,
  claimed_until BIGINT NOT NULL DEFAULT 0,
  claim         TEXT   NOT NULL DEFAULT '',
  attempts      BIGINT NOT NULL DEFAULT 0,
  last_error    TEXT   NOT NULL DEFAULT '',
  parked        BIGINT NOT NULL DEFAULT 0,
  created_at    BIGINT NOT NULL,
  updated_at    BIGINT NOT NULL,
  state              TEXT NOT NULL,
  payer              TEXT NOT NULL,
  source_account     TEXT NOT NULL
);
CREATE INDEX transfers_work ON transfers (claimed_until, wake_at)
  WHERE parked = 0 AND (wake_at IS NOT NULL OR claimed_until > 0);
CREATE INDEX transfers_parked ON transfers (id) WHERE parked = 1;
CREATE INDEX transfers_created ON transfers (created_at, id);
CREATE INDEX transfers_customer ON transfers (customer, created_at, id);
CREATE INDEX transfers_correlation ON transfers (correlation);
CREATE INDEX transfers_state ON transfers (state, created_at, id);
CREATE INDEX transfers_source_account ON transfers (source_account);

CREATE TABLE connections (
  id            TEXT   NOT NULL PRIMARY KEY,
  customer      TEXT   NOT NULL,
  correlation   TEXT   NOT NULL,
  revision      BIGINT NOT NULL,
  doc           TEXT   NOT NULL,
  doc_version   BIGINT NOT NULL,
  wake_at       BIGINT,
  claimed_until BIGINT NOT NULL DEFAULT 0,
  claim         TEXT   NOT NULL DEFAULT '',
  attempts      BIGINT NOT NULL DEFAULT 0,
  last_error    TEXT   NOT NULL DEFAULT '',
  parked        BIGINT NOT NULL DEFAULT 0,
  created_at    BIGINT NOT NULL,
  updated_at    BIGINT NOT NULL,
  state              TEXT NOT NULL,
  payer              TEXT NOT NULL,
  account            TEXT NOT NULL,
  account_held       TEXT, -- NULL: holds none
  uses_quota         BIGINT NOT NULL,
  transfer           TEXT NOT NULL
);
CREATE INDEX connections_work ON connections (claimed_until, wake_at)
  WHERE parked = 0 AND (wake_at IS NOT NULL OR claimed_until > 0);
CREATE INDEX connections_parked ON connections (id) WHERE parked = 1;
CREATE INDEX connections_created ON connections (created_at, id);
CREATE INDEX connections_customer ON connections (customer, created_at, id);
CREATE INDEX connections_correlation ON connections (correlation);
CREATE INDEX connections_payer ON connections (payer, uses_quota);
CREATE INDEX connections_state ON connections (state, created_at, id);
CREATE INDEX connections_account ON connections (account);
CREATE INDEX connections_transfer ON connections (transfer);
-- Two connections at once cannot both hold an account.
CREATE UNIQUE INDEX connections_account_held ON connections (account_held);
