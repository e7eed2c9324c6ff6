-- +goose Up
CREATE TABLE parcels (
  -- +store kind
  label         TEXT   NOT NULL DEFAULT '',
  weight        BIGINT NOT NULL DEFAULT 0,
  fragile       BIGINT NOT NULL DEFAULT 0,
  due           BIGINT
);
CREATE UNIQUE INDEX parcels_label ON parcels (label) WHERE label <> '';
