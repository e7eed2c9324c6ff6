-- +goose Up
CREATE TABLE payers (
  -- +store kind
  seller             TEXT NOT NULL,
  state              TEXT NOT NULL,
  account            TEXT NOT NULL,
  shared             BIGINT NOT NULL -- it is no customer's own organization
);
CREATE INDEX payers_seller ON payers (seller, created_at, id);
CREATE UNIQUE INDEX payers_account ON payers (account);

CREATE TABLE transfers (
  -- +store kind
  state              TEXT NOT NULL,
  payer              TEXT NOT NULL,
  source_account     TEXT NOT NULL,
  cut_off            BIGINT, -- until when its invitation can be accepted; NULL: nobody is to accept one
  own_wait           BIGINT NOT NULL, -- what it waits for is to be done at it, and not at its consent, or it is refused something
  own_step           BIGINT NOT NULL -- only the reseller's people have something to do at it, besides what it waits for first
);
CREATE INDEX transfers_own_step ON transfers (urgency, id) WHERE own_step = 1;
CREATE INDEX transfers_customer ON transfers (customer, created_at, id);
CREATE INDEX transfers_correlation ON transfers (correlation);
CREATE INDEX transfers_state ON transfers (state, created_at, id);
CREATE INDEX transfers_source_account ON transfers (source_account);
CREATE INDEX transfers_cut_off ON transfers (cut_off);

CREATE TABLE connections (
  -- +store kind
  state              TEXT NOT NULL,
  payer              TEXT NOT NULL,
  account            TEXT NOT NULL,
  open               BIGINT NOT NULL, -- it has not ended
  lost               BIGINT NOT NULL, -- an account has left it that may return
  uses_quota         BIGINT NOT NULL,
  transfer           TEXT NOT NULL,
  cut_off            BIGINT, -- until when its invitation can be accepted; NULL: nobody is to accept one
  own_wait           BIGINT NOT NULL -- no journey is under way that waits for the same, or it is refused something
);
CREATE INDEX connections_customer ON connections (customer, created_at, id);
CREATE INDEX connections_correlation ON connections (correlation);
CREATE INDEX connections_payer ON connections (payer, open, uses_quota);
CREATE INDEX connections_lost ON connections (payer, lost);
CREATE INDEX connections_state ON connections (state, created_at, id);
CREATE INDEX connections_account ON connections (account);
CREATE INDEX connections_transfer ON connections (transfer);
CREATE INDEX connections_cut_off ON connections (cut_off);

-- Two connections at once cannot both hold an account. One that is a payer is held by it, or by the connection of the customer whose own
-- organization that is.
CREATE TABLE held_accounts (
  account            TEXT PRIMARY KEY,
  holder             TEXT NOT NULL
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
  consent            TEXT NOT NULL,
  address            TEXT -- of mail, in lower case; NULL: erased
);
CREATE INDEX persons_consent ON persons (consent, id);
CREATE INDEX persons_address ON persons (address);

CREATE TABLE account_requests (
  -- +store kind
  state              TEXT NOT NULL,
  region             TEXT NOT NULL,
  mailbox            TEXT NOT NULL, -- of its root user
  account            TEXT -- NULL: it is not there yet
);
CREATE INDEX account_requests_mailbox ON account_requests (mailbox);
CREATE INDEX account_requests_customer ON account_requests (customer, created_at, id);
CREATE INDEX account_requests_state ON account_requests (state, created_at, id);
CREATE INDEX account_requests_region ON account_requests (region, created_at, id);
-- Two requests cannot both have an account.
CREATE UNIQUE INDEX account_requests_account ON account_requests (account);

-- Root addresses: personal data.
CREATE TABLE mailboxes (
  -- +store kind
  address            TEXT, -- NULL: other requests may have it
  found_by           TEXT -- the address, whether others may have it or not; NULL: erased
);
CREATE INDEX mailboxes_customer ON mailboxes (customer, id);
CREATE INDEX mailboxes_found_by ON mailboxes (found_by);
-- Two requests at once cannot both have a root address.
CREATE UNIQUE INDEX mailboxes_address ON mailboxes (address);

-- The files that prove steps of transfers. What is in them lies in the blob store.
CREATE TABLE attachments (
  -- +store kind
  transfer           TEXT NOT NULL,
  shared             BIGINT NOT NULL, -- the customer may read it
  deleted            BIGINT NOT NULL -- its content is gone
);
CREATE INDEX attachments_customer ON attachments (customer, created_at, id);
CREATE INDEX attachments_correlation ON attachments (correlation);
CREATE INDEX attachments_transfer ON attachments (transfer, deleted);

-- What is known of the customers of Orders.
CREATE TABLE profiles (
  -- +store kind
);

-- What is known of Orders' guidance pages.
CREATE TABLE guidance_pages (
  -- +store kind
);
