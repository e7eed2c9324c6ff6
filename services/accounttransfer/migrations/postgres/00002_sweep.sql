-- +goose Up
-- Payers are looked after from now on: those that are there begin at once.
UPDATE payers SET wake_at = 0 WHERE wake_at IS NULL;
