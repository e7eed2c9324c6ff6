-- +goose Up
CREATE TABLE crates (
  -- +store kind
  state TEXT NOT NULL,
  hold  TEXT NOT NULL
);
ALTER TABLE crates ADD COLUMN only_here JSONB;
