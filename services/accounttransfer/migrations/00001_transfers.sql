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
  source_account     TEXT NOT NULL,
  account_held       TEXT, -- NULL: holds none
  uses_quota         BIGINT NOT NULL
);
CREATE INDEX transfers_customer ON transfers (customer, created_at, id);
CREATE INDEX transfers_correlation ON transfers (correlation);
CREATE INDEX transfers_payer ON transfers (payer, uses_quota);
CREATE INDEX transfers_state ON transfers (state, created_at, id);
CREATE INDEX transfers_source_account ON transfers (source_account);
-- Two transfers at once cannot both hold a source account.
CREATE UNIQUE INDEX transfers_account_held ON transfers (account_held);
