-- +goose Up
CREATE TABLE payers (
  -- +store kind
  seller             TEXT NOT NULL,
  state              TEXT NOT NULL,
  account            TEXT NOT NULL
);
CREATE INDEX payers_seller ON payers (seller, created_at, id);
CREATE UNIQUE INDEX payers_account ON payers (account);

CREATE TABLE transfers (
  -- +store kind
  state              TEXT NOT NULL,
  payer              TEXT NOT NULL,
  source_account     TEXT NOT NULL
);
CREATE INDEX transfers_customer ON transfers (customer, created_at, id);
CREATE INDEX transfers_correlation ON transfers (correlation);
CREATE INDEX transfers_state ON transfers (state, created_at, id);
CREATE INDEX transfers_source_account ON transfers (source_account);

CREATE TABLE connections (
  -- +store kind
  state              TEXT NOT NULL,
  payer              TEXT NOT NULL,
  account            TEXT NOT NULL,
  open               BIGINT NOT NULL, -- it has not ended
  uses_quota         BIGINT NOT NULL,
  transfer           TEXT NOT NULL
);
CREATE INDEX connections_customer ON connections (customer, created_at, id);
CREATE INDEX connections_correlation ON connections (correlation);
CREATE INDEX connections_payer ON connections (payer, open, uses_quota);
CREATE INDEX connections_state ON connections (state, created_at, id);
CREATE INDEX connections_account ON connections (account);
CREATE INDEX connections_transfer ON connections (transfer);

-- Two connections at once cannot both hold an account.
CREATE TABLE held_accounts (
  account            TEXT PRIMARY KEY,
  connection         TEXT NOT NULL
);

-- AWS's consents to assignment, and the people who sign for their sides.
CREATE TABLE consents (
  -- +store kind
  state              TEXT NOT NULL,
  transfer           TEXT NOT NULL
);
CREATE INDEX consents_customer ON consents (customer, created_at, id);
CREATE INDEX consents_correlation ON consents (correlation);
CREATE INDEX consents_state ON consents (state, created_at, id);
CREATE UNIQUE INDEX consents_transfer ON consents (transfer);

CREATE TABLE persons (
  -- +store kind
  consent            TEXT NOT NULL
);
CREATE INDEX persons_consent ON persons (consent, id);
