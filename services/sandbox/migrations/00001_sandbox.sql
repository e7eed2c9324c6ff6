-- +goose Up
-- One row: the latest instant that the business clock was set to, in microseconds since the Unix epoch.
CREATE TABLE business_clock (
  one     BIGINT NOT NULL PRIMARY KEY,
  instant BIGINT NOT NULL
);
