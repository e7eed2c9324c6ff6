-- +goose Up
CREATE TABLE parcels (
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
CREATE INDEX parcels_work ON parcels (claimed_until, wake_at)
  WHERE parked = 0 AND (wake_at IS NOT NULL OR claimed_until > 0);
CREATE INDEX parcels_parked ON parcels (id) WHERE parked = 1;
