-- +goose Up
CREATE TABLE parcels (
  -- +store kind
);
