-- +goose Up
CREATE TABLE cases (
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
  kind               TEXT NOT NULL,
  external_id        TEXT, -- NULL: has none
  labels             TEXT NOT NULL
);
CREATE INDEX cases_work ON cases (claimed_until, wake_at)
  WHERE parked = 0 AND (wake_at IS NOT NULL OR claimed_until > 0);
CREATE INDEX cases_parked ON cases (id) WHERE parked = 1;
CREATE INDEX cases_created ON cases (created_at, id);
CREATE INDEX cases_customer ON cases (customer, created_at, id);
CREATE INDEX cases_correlation ON cases (correlation);
CREATE INDEX cases_external ON cases (external_id);
CREATE UNIQUE INDEX cases_customer_external_id ON cases (customer, external_id);
CREATE INDEX cases_state ON cases (state, created_at, id);

CREATE TABLE channels (
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
  updated_at    BIGINT NOT NULL
);
CREATE INDEX channels_work ON channels (claimed_until, wake_at)
  WHERE parked = 0 AND (wake_at IS NOT NULL OR claimed_until > 0);
CREATE INDEX channels_parked ON channels (id) WHERE parked = 1;
CREATE INDEX channels_created ON channels (created_at, id);
CREATE INDEX channels_customer ON channels (customer, created_at, id);
CREATE INDEX channels_correlation ON channels (correlation);
