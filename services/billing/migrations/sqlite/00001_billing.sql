-- +goose Up
CREATE TABLE pricebooks (
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
  seller        TEXT NOT NULL,
  standard_for  TEXT
);
CREATE INDEX pricebooks_work ON pricebooks (claimed_until, wake_at)
  WHERE parked = 0 AND (wake_at IS NOT NULL OR claimed_until > 0);
CREATE INDEX pricebooks_parked ON pricebooks (id) WHERE parked = 1;
CREATE INDEX pricebooks_created ON pricebooks (created_at, id);
CREATE INDEX pricebooks_seller ON pricebooks (seller, created_at, id);
-- One standard pricebook per seller and currency; NULL: the standard of nothing.
CREATE UNIQUE INDEX pricebooks_standard_for ON pricebooks (standard_for);

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
  order_id      TEXT NOT NULL
);
CREATE INDEX agreements_work ON agreements (claimed_until, wake_at)
  WHERE parked = 0 AND (wake_at IS NOT NULL OR claimed_until > 0);
CREATE INDEX agreements_parked ON agreements (id) WHERE parked = 1;
CREATE INDEX agreements_order_id ON agreements (order_id);

CREATE TABLE relationships (
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
  transfer      TEXT NOT NULL,
  connection    TEXT NOT NULL
);
CREATE INDEX relationships_work ON relationships (claimed_until, wake_at)
  WHERE parked = 0 AND (wake_at IS NOT NULL OR claimed_until > 0);
CREATE INDEX relationships_parked ON relationships (id) WHERE parked = 1;
CREATE INDEX relationships_created ON relationships (created_at, id);
CREATE INDEX relationships_customer ON relationships (customer, created_at, id);
CREATE INDEX relationships_correlation ON relationships (correlation);
CREATE INDEX relationships_transfer ON relationships (transfer);
CREATE INDEX relationships_connection ON relationships (connection);

CREATE TABLE periods (
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
  relationship  TEXT NOT NULL,
  state         TEXT NOT NULL
);
CREATE INDEX periods_work ON periods (claimed_until, wake_at)
  WHERE parked = 0 AND (wake_at IS NOT NULL OR claimed_until > 0);
CREATE INDEX periods_parked ON periods (id) WHERE parked = 1;
CREATE INDEX periods_created ON periods (created_at, id);
CREATE INDEX periods_customer ON periods (customer, created_at, id);
CREATE INDEX periods_correlation ON periods (correlation);
CREATE INDEX periods_relationship ON periods (relationship, created_at, id);
CREATE INDEX periods_state ON periods (state, created_at, id);

CREATE TABLE invoices (
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
  seller        TEXT NOT NULL,
  number        TEXT NOT NULL,
  relationship  TEXT NOT NULL,
  period        TEXT NOT NULL
);
CREATE INDEX invoices_work ON invoices (claimed_until, wake_at)
  WHERE parked = 0 AND (wake_at IS NOT NULL OR claimed_until > 0);
CREATE INDEX invoices_parked ON invoices (id) WHERE parked = 1;
CREATE INDEX invoices_created ON invoices (created_at, id);
CREATE INDEX invoices_customer ON invoices (customer, created_at, id);
CREATE INDEX invoices_correlation ON invoices (correlation);
CREATE INDEX invoices_relationship ON invoices (relationship, created_at, id);
CREATE UNIQUE INDEX invoices_seller_number ON invoices (seller, number);
-- A period is invoiced once, however often it is tried.
CREATE UNIQUE INDEX invoices_period ON invoices (period);

-- The last number that a seller has given in a year. The row is locked by the transaction that creates the invoice, so
-- that a number is given if and only if its invoice is there.
CREATE TABLE invoice_numbers (
  seller TEXT   NOT NULL,
  year   BIGINT NOT NULL,
  last   BIGINT NOT NULL,
  PRIMARY KEY (seller, year)
);

-- What AWS charges for a period, replaced as a whole whenever it is collected anew.
CREATE TABLE charges (
  period       TEXT   NOT NULL,
  n            BIGINT NOT NULL,
  service      TEXT   NOT NULL,
  record_type  TEXT   NOT NULL,
  entity       TEXT   NOT NULL,
  currency     TEXT   NOT NULL,
  amount       TEXT   NOT NULL, -- plain decimal, exact
  collected_at BIGINT NOT NULL, -- business time
  PRIMARY KEY (period, n)
);
