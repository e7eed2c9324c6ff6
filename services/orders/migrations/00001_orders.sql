-- +goose Up
CREATE TABLE sellers (
  -- +store kind
  countries          TEXT NOT NULL
);

CREATE TABLE customers (
  -- +store kind
  seller             TEXT NOT NULL,
  partner            TEXT NOT NULL,
  country            TEXT NOT NULL,
  name_key           TEXT NOT NULL,
  external_id        TEXT, -- NULL: has none
  labels             TEXT NOT NULL
);
CREATE INDEX customers_seller ON customers (seller, created_at, id);
CREATE INDEX customers_seller_country ON customers (seller, country, created_at, id);
CREATE INDEX customers_partner ON customers (partner, created_at, id);
-- A list is read in the order of an index, whatever it is filtered and ordered by, so that a page of many rows costs no more than one of few.
CREATE INDEX customers_name ON customers (name_key, id);
CREATE INDEX customers_updated ON customers (updated_at, id);
CREATE INDEX customers_seller_updated ON customers (seller, updated_at, id);
CREATE INDEX customers_partner_updated ON customers (partner, updated_at, id);
CREATE INDEX customers_external ON customers (external_id);
CREATE UNIQUE INDEX customers_seller_external_id ON customers (seller, external_id);

CREATE TABLE persons (
  -- +store kind
  address            TEXT -- of mail, in lower case; NULL: erased
);
CREATE INDEX persons_customer ON persons (customer, id);
CREATE INDEX persons_address ON persons (address);

-- Since when and until when an eligibility rule is in force; a rule without a row keeps its own dates.
CREATE TABLE eligibility_rules (
  -- +store kind
  rule               TEXT NOT NULL
);
CREATE UNIQUE INDEX eligibility_rules_rule ON eligibility_rules (rule);

-- When and where a product is sold; a product without a row keeps its own window.
CREATE TABLE sale_windows (
  -- +store kind
  product            TEXT NOT NULL
);
CREATE UNIQUE INDEX sale_windows_product ON sale_windows (product);

-- Pages that help people, and where their links are shown.
CREATE TABLE guidance_pages (
  -- +store kind
  page_key           TEXT NOT NULL
);
CREATE UNIQUE INDEX guidance_pages_page_key ON guidance_pages (page_key);

CREATE TABLE orders (
  -- +store kind
  state              TEXT NOT NULL,
  type               TEXT NOT NULL,
  own_wait           BIGINT NOT NULL, -- what it waits for is to be done at it, and not at its transfer or connection
  cut_off            BIGINT, -- until when a transfer that is not begun can be accepted; NULL: nothing keeps it from that
  seller             TEXT NOT NULL,
  management_account TEXT NOT NULL,
  account_held       TEXT, -- NULL: holds none
  technical_contact  TEXT NOT NULL,
  external_id        TEXT, -- NULL: has none
  labels             TEXT NOT NULL
);
CREATE INDEX orders_customer ON orders (customer, created_at, id);
CREATE INDEX orders_cut_off ON orders (cut_off);
CREATE INDEX orders_state ON orders (state, created_at, id);
CREATE INDEX orders_updated ON orders (updated_at, id);
CREATE INDEX orders_state_updated ON orders (state, updated_at, id);
CREATE INDEX orders_state_urgency ON orders (state, urgency, id);
CREATE INDEX orders_seller ON orders (seller, created_at, id);
CREATE INDEX orders_seller_updated ON orders (seller, updated_at, id);
CREATE INDEX orders_seller_urgency ON orders (seller, urgency, id);
CREATE INDEX orders_waiting_created ON orders (waiting_owner, created_at, id) WHERE waiting_owner <> '';
CREATE INDEX orders_waiting_updated ON orders (waiting_owner, updated_at, id) WHERE waiting_owner <> '';
CREATE INDEX orders_management_account ON orders (management_account);
CREATE INDEX orders_technical_contact ON orders (technical_contact, state);
CREATE INDEX orders_external ON orders (external_id);
CREATE UNIQUE INDEX orders_customer_external_id ON orders (customer, external_id);
-- Two submissions at once cannot both win a management account.
CREATE UNIQUE INDEX orders_account_held ON orders (account_held);

-- What is known of AccountTransfer's payers.
CREATE TABLE payers (
  -- +store kind
  seller             TEXT NOT NULL,
  active             BIGINT NOT NULL,
  account            TEXT NOT NULL,
  shared             BIGINT NOT NULL -- it is no customer's own organization
);
CREATE INDEX payers_seller ON payers (seller, active);
CREATE INDEX payers_account ON payers (account);

CREATE TABLE agreements (
  -- +store kind
  state              TEXT NOT NULL,
  order_id           TEXT NOT NULL,
  external_id        TEXT, -- NULL: has none
  labels             TEXT NOT NULL
);
CREATE INDEX agreements_customer ON agreements (customer, created_at, id);
CREATE INDEX agreements_state ON agreements (state, created_at, id);
CREATE INDEX agreements_updated ON agreements (updated_at, id);
CREATE INDEX agreements_state_updated ON agreements (state, updated_at, id);
CREATE INDEX agreements_state_urgency ON agreements (state, urgency, id);
CREATE INDEX agreements_external ON agreements (external_id);
CREATE UNIQUE INDEX agreements_customer_external_id ON agreements (customer, external_id);
-- An order brings one agreement.
CREATE UNIQUE INDEX agreements_order_id ON agreements (order_id);
