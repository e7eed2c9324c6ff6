-- +goose Up
-- One row: what tells this database from another, and where a look whether it can be written leaves its mark.
CREATE TABLE self (
  one        BIGINT NOT NULL PRIMARY KEY,
  identity   TEXT   NOT NULL,
  checked_at BIGINT NOT NULL
);

-- What happened, fact by fact: timeline and audit trail.
CREATE TABLE events (
  id                 TEXT   NOT NULL,
  kind               TEXT   NOT NULL,
  aggregate          TEXT   NOT NULL,
  revision           BIGINT NOT NULL,
  n                  BIGINT NOT NULL,
  name               TEXT   NOT NULL,
  customer           TEXT   NOT NULL,
  actor_subject      TEXT   NOT NULL,
  actor_role         TEXT   NOT NULL,
  actor_on_behalf_of TEXT   NOT NULL,
  reason             TEXT   NOT NULL,
  text               TEXT   NOT NULL,
  correlation        TEXT   NOT NULL,
  cause              TEXT   NOT NULL,
  details            TEXT   NOT NULL, -- JSON; empty: none
  audience           TEXT   NOT NULL,
  private            BIGINT NOT NULL,
  occurred_at        BIGINT NOT NULL,
  recorded_at        BIGINT NOT NULL,
  PRIMARY KEY (aggregate, revision, n)
);
CREATE INDEX events_correlation ON events (correlation, recorded_at);
CREATE INDEX events_recorded ON events (recorded_at);

-- What is still to go out, one row a save. A row leaves when the stream has its message.
CREATE TABLE revisions (
  id                 TEXT   NOT NULL,
  kind               TEXT   NOT NULL,
  aggregate          TEXT   NOT NULL,
  revision           BIGINT NOT NULL,
  facts              TEXT   NOT NULL,
  customer           TEXT   NOT NULL,
  actor_subject      TEXT   NOT NULL,
  actor_role         TEXT   NOT NULL,
  actor_on_behalf_of TEXT   NOT NULL,
  correlation        TEXT   NOT NULL,
  cause              TEXT   NOT NULL,
  occurred_at        BIGINT NOT NULL,
  recorded_at        BIGINT NOT NULL,
  type               TEXT   NOT NULL,
  body               BYTEA,
  trace              TEXT   NOT NULL,
  PRIMARY KEY (aggregate, revision)
);
CREATE INDEX revisions_recorded ON revisions (recorded_at, aggregate, revision);

CREATE TABLE idempotency (
  id           BYTEA  NOT NULL PRIMARY KEY, -- half a SHA-256 of the key's owner, the method and the key
  request_hash BYTEA  NOT NULL,
  customers    TEXT   NOT NULL DEFAULT '', -- those that a limited caller saw in it, with spaces between
  response     BYTEA, -- compressed, with the request as dictionary
  created_at   BIGINT NOT NULL
);
CREATE INDEX idempotency_created ON idempotency (created_at);

CREATE TABLE inbox (
  consumer   TEXT   NOT NULL,
  aggregate  TEXT   NOT NULL,
  revision   BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (consumer, aggregate)
);
CREATE INDEX inbox_updated ON inbox (updated_at);

CREATE TABLE dead_letters (
  id         TEXT   NOT NULL PRIMARY KEY,
  consumer   TEXT   NOT NULL,
  message    TEXT   NOT NULL,
  subject    TEXT   NOT NULL,
  headers    TEXT   NOT NULL,
  body       BYTEA,
  tries      BIGINT NOT NULL,
  dead       BIGINT NOT NULL,
  last_error TEXT   NOT NULL,
  first_at   BIGINT NOT NULL,
  last_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX dead_letters_consumer_message ON dead_letters (consumer, message);
CREATE INDEX dead_letters_last ON dead_letters (last_at);
CREATE INDEX dead_letters_dead ON dead_letters (id) WHERE dead = 1;

CREATE TABLE leases (
  name       TEXT   NOT NULL PRIMARY KEY,
  holder     TEXT   NOT NULL,
  held_until BIGINT NOT NULL,
  taken_at   BIGINT NOT NULL
);

CREATE TABLE permits (
  party    TEXT   NOT NULL,
  api      TEXT   NOT NULL,
  drawn_to BIGINT NOT NULL,
  each     BIGINT NOT NULL, -- microseconds until the next permit
  burst    BIGINT NOT NULL, -- permits in a full bucket
  PRIMARY KEY (party, api)
);

CREATE TABLE reindexes (
  name     TEXT   NOT NULL PRIMARY KEY,
  position TEXT   NOT NULL,
  finished BIGINT NOT NULL
);

-- By which words an aggregate is found, where it has several of a kind.
CREATE TABLE found_by (
  word TEXT NOT NULL,
  id   TEXT NOT NULL,
  PRIMARY KEY (word, id)
);

-- Which partner a customer belongs to; a customer without one has no row.
CREATE TABLE partner_customers (
  customer TEXT NOT NULL PRIMARY KEY,
  partner  TEXT NOT NULL
);
CREATE INDEX partner_customers_partner ON partner_customers (partner, customer);
