-- +goose Up
CREATE TABLE cases (
  -- +store kind
  state              TEXT NOT NULL,
  kind               TEXT NOT NULL,
  audience           TEXT NOT NULL,
  external_id        TEXT, -- NULL: has none
  labels             TEXT NOT NULL
);
CREATE INDEX cases_external ON cases (external_id);
CREATE UNIQUE INDEX cases_customer_audience_external_id ON cases (customer, audience, external_id);
CREATE INDEX cases_customer ON cases (customer, created_at, id);
CREATE INDEX cases_correlation ON cases (correlation);
CREATE INDEX cases_state ON cases (state, created_at, id);

CREATE TABLE channels (
  -- +store kind
);
CREATE INDEX channels_customer ON channels (customer, created_at, id);
CREATE INDEX channels_correlation ON channels (correlation);
