-- +goose Up
CREATE TABLE notifications (
  -- +store kind
  state              TEXT NOT NULL,
  reminder           TEXT NOT NULL,
  subject            TEXT NOT NULL,
  audience           TEXT NOT NULL
);
CREATE INDEX notifications_customer ON notifications (customer, created_at, id);
CREATE INDEX notifications_correlation ON notifications (correlation);
CREATE INDEX notifications_state ON notifications (state, created_at, id);
CREATE INDEX notifications_reminder ON notifications (reminder);
-- Few mails wait for somebody, so that the others cost this index nothing.
CREATE INDEX notifications_unsettled ON notifications (subject) WHERE waiting_owner <> '';

CREATE TABLE reminders (
  -- +store kind
  state              TEXT NOT NULL,
  audience           TEXT NOT NULL
);
CREATE INDEX reminders_customer ON reminders (customer, created_at, id);
CREATE INDEX reminders_correlation ON reminders (correlation);
CREATE INDEX reminders_state ON reminders (state, created_at, id);
