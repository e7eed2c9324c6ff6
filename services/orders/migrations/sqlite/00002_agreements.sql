-- +goose Up
CREATE TABLE agreements (
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
  order_id           TEXT NOT NULL,
  external_id        TEXT, -- NULL: has none
  labels             TEXT NOT NULL
);
CREATE INDEX agreements_work ON agreements (claimed_until, wake_at)
  WHERE parked = 0 AND (wake_at IS NOT NULL OR claimed_until > 0);
CREATE INDEX agreements_parked ON agreements (id) WHERE parked = 1;
CREATE INDEX agreements_created ON agreements (created_at, id);
CREATE INDEX agreements_customer ON agreements (customer, created_at, id);
CREATE INDEX agreements_state ON agreements (state, created_at, id);
CREATE INDEX agreements_external ON agreements (external_id);
CREATE UNIQUE INDEX agreements_customer_external_id ON agreements (customer, external_id);
-- An order brings one agreement.
CREATE UNIQUE INDEX agreements_order_id ON agreements (order_id);
