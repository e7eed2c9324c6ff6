-- +goose Up
CREATE TABLE crates (
  -- +store kind
);
ALTER TABLE crates ADD COLUMN only_here BYTEA;
