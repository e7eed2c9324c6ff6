-- +goose Up
CREATE TABLE sellers (
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
  countries          TEXT NOT NULL
);
CREATE INDEX sellers_work ON sellers (claimed_until, wake_at)
  WHERE parked = 0 AND (wake_at IS NOT NULL OR claimed_until > 0);
CREATE INDEX sellers_parked ON sellers (id) WHERE parked = 1;
CREATE INDEX sellers_created ON sellers (created_at, id);

CREATE TABLE customers (
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
  partner            TEXT NOT NULL,
  external_id        TEXT, -- NULL: has none
  labels             TEXT NOT NULL
);
CREATE INDEX customers_work ON customers (claimed_until, wake_at)
  WHERE parked = 0 AND (wake_at IS NOT NULL OR claimed_until > 0);
CREATE INDEX customers_parked ON customers (id) WHERE parked = 1;
CREATE INDEX customers_created ON customers (created_at, id);
CREATE INDEX customers_seller ON customers (seller, created_at, id);
CREATE INDEX customers_partner ON customers (partner, created_at, id);
CREATE INDEX customers_external ON customers (external_id);
CREATE UNIQUE INDEX customers_seller_external_id ON customers (seller, external_id);

CREATE TABLE persons (
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
CREATE INDEX persons_work ON persons (claimed_until, wake_at)
  WHERE parked = 0 AND (wake_at IS NOT NULL OR claimed_until > 0);
CREATE INDEX persons_parked ON persons (id) WHERE parked = 1;
CREATE INDEX persons_created ON persons (created_at, id);
CREATE INDEX persons_customer ON persons (customer, id);

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
  updated_at    BIGINT NOT NULL,
  state              TEXT NOT NULL,
  seller             TEXT NOT NULL,
  management_account TEXT NOT NULL,
  account_held       TEXT, -- NULL: holds none
  technical_contact  TEXT NOT NULL,
  external_id        TEXT, -- NULL: has none
  labels             TEXT NOT NULL
);
CREATE INDEX orders_work ON orders (claimed_until, wake_at)
  WHERE parked = 0 AND (wake_at IS NOT NULL OR claimed_until > 0);
CREATE INDEX orders_parked ON orders (id) WHERE parked = 1;
CREATE INDEX orders_created ON orders (created_at, id);
CREATE INDEX orders_customer ON orders (customer, created_at, id);
CREATE INDEX orders_state ON orders (state, created_at, id);
CREATE INDEX orders_management_account ON orders (management_account);
CREATE INDEX orders_technical_contact ON orders (technical_contact, state);
CREATE INDEX orders_external ON orders (external_id);
CREATE UNIQUE INDEX orders_customer_external_id ON orders (customer, external_id);
-- Two submissions at once cannot both win a management account.
CREATE UNIQUE INDEX orders_account_held ON orders (account_held);

-- What is known of AccountTransfer's payers.
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
  active             BIGINT NOT NULL
);
CREATE INDEX payers_work ON payers (claimed_until, wake_at)
  WHERE parked = 0 AND (wake_at IS NOT NULL OR claimed_until > 0);
CREATE INDEX payers_parked ON payers (id) WHERE parked = 1;
CREATE INDEX payers_created ON payers (created_at, id);
CREATE INDEX payers_seller ON payers (seller, active);
