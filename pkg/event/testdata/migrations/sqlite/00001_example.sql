-- +goose Up
CREATE TABLE orders (
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
CREATE INDEX orders_work ON orders (claimed_until, wake_at)
  WHERE parked = 0 AND (wake_at IS NOT NULL OR claimed_until > 0);
CREATE INDEX orders_parked ON orders (id) WHERE parked = 1;

-- What a consumer did: one row for every time its transaction committed.
CREATE TABLE effects (
  aggregate TEXT   NOT NULL,
  revision  BIGINT NOT NULL,
  state     TEXT   NOT NULL
);
