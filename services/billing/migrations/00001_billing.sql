-- +goose Up
CREATE TABLE pricebooks (
  -- +store kind
  seller        TEXT NOT NULL,
  standard_for  TEXT
);
CREATE INDEX pricebooks_seller ON pricebooks (seller, created_at, id);
-- One standard pricebook per seller and currency; NULL: the standard of nothing.
CREATE UNIQUE INDEX pricebooks_standard_for ON pricebooks (standard_for);

-- The pricebooks that customers have, as Orders knows.
CREATE TABLE buyers (
  -- +store kind
);

CREATE TABLE agreements (
  -- +store kind
  order_id      TEXT NOT NULL
);
CREATE INDEX agreements_order_id ON agreements (order_id);

CREATE TABLE relationships (
  -- +store kind
  transfer      TEXT NOT NULL,
  connection    TEXT NOT NULL,
  payer         TEXT NOT NULL
);
CREATE INDEX relationships_payer ON relationships (payer);
CREATE INDEX relationships_customer ON relationships (customer, created_at, id);
CREATE INDEX relationships_correlation ON relationships (correlation);
CREATE INDEX relationships_transfer ON relationships (transfer);
CREATE INDEX relationships_connection ON relationships (connection);

CREATE TABLE periods (
  -- +store kind
  relationship  TEXT NOT NULL,
  state         TEXT NOT NULL,
  hold          TEXT NOT NULL
);
CREATE INDEX periods_customer ON periods (customer, created_at, id);
CREATE INDEX periods_correlation ON periods (correlation);
CREATE INDEX periods_relationship ON periods (relationship, created_at, id);
CREATE INDEX periods_state ON periods (state, created_at, id);

CREATE TABLE invoices (
  -- +store kind
  seller        TEXT NOT NULL,
  number        TEXT NOT NULL,
  relationship  TEXT NOT NULL,
  period        TEXT NOT NULL
);
CREATE INDEX invoices_customer ON invoices (customer, created_at, id);
CREATE INDEX invoices_correlation ON invoices (correlation);
CREATE INDEX invoices_relationship ON invoices (relationship, created_at, id);
CREATE UNIQUE INDEX invoices_seller_number ON invoices (seller, number);
CREATE INDEX invoices_number ON invoices (number);
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

-- Which number the charges of a period are kept under: there are many of them, and it is in every row twice.
CREATE TABLE collections (
  number       BIGINT NOT NULL PRIMARY KEY,
  period       TEXT   NOT NULL,
  collected_at BIGINT NOT NULL -- business time
);
CREATE UNIQUE INDEX collections_period ON collections (period);

-- What AWS charges for a period, replaced as a whole whenever it is collected anew.
CREATE TABLE charges (
  collection   BIGINT NOT NULL,
  n            BIGINT NOT NULL,
  account      TEXT   NOT NULL,
  service      TEXT   NOT NULL,
  record_type  TEXT   NOT NULL,
  entity       TEXT   NOT NULL,
  currency     TEXT   NOT NULL,
  amount       TEXT   NOT NULL, -- plain decimal, exact
  PRIMARY KEY (collection, n)
);
