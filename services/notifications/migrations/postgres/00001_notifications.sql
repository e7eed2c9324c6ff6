-- +goose Up
CREATE TABLE notifications (
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
  updated_at    BIGINT NOT NULL,
  state              TEXT NOT NULL,
  reminder           TEXT NOT NULL
);
CREATE INDEX notifications_work ON notifications (claimed_until, wake_at)
  WHERE parked = 0 AND (wake_at IS NOT NULL OR claimed_until > 0);
CREATE INDEX notifications_parked ON notifications (id) WHERE parked = 1;
CREATE INDEX notifications_created ON notifications (created_at, id);
CREATE INDEX notifications_customer ON notifications (customer, created_at, id);
CREATE INDEX notifications_correlation ON notifications (correlation);
CREATE INDEX notifications_state ON notifications (state, created_at, id);
CREATE INDEX notifications_reminder ON notifications (reminder);

CREATE TABLE reminders (
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
  updated_at    BIGINT NOT NULL,
  state              TEXT NOT NULL
);
CREATE INDEX reminders_work ON reminders (claimed_until, wake_at)
  WHERE parked = 0 AND (wake_at IS NOT NULL OR claimed_until > 0);
CREATE INDEX reminders_parked ON reminders (id) WHERE parked = 1;
CREATE INDEX reminders_created ON reminders (created_at, id);
CREATE INDEX reminders_customer ON reminders (customer, created_at, id);
CREATE INDEX reminders_correlation ON reminders (correlation);
CREATE INDEX reminders_state ON reminders (state, created_at, id);
