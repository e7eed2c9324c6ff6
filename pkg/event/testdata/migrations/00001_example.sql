-- +goose Up
CREATE TABLE orders (
  -- +store kind
);

-- What a consumer did: one row for every time its transaction committed.
CREATE TABLE effects (
  aggregate TEXT   NOT NULL,
  revision  BIGINT NOT NULL,
  state     TEXT   NOT NULL,
  place     BIGINT NOT NULL
);
