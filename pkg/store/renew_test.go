package store_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"example.com/handover/pkg/store"
)

// Whoever edits the file of the URL changes credentials, and never the database of a running process.
func TestARenewedURLLeadsToTheSameDatabase(t *testing.T) {
	const first = "postgres://app:old@a.example.com,b.example.com:5433/handover?sslmode=verify-full"
	for name, tt := range map[string]struct{ url, user, password, warns string }{
		"another password":   {"postgres://app:new@a.example.com,b.example.com:5433/handover?sslmode=verify-full", "app", "new", ""},
		"another user":       {"postgres://next:old@a.example.com,b.example.com:5433/handover?sslmode=verify-full", "next", "old", ""},
		"another database":   {"postgres://app:new@a.example.com,b.example.com:5433/other?sslmode=verify-full", "app", "old", "another database"},
		"another host":       {"postgres://app:new@a.example.com,c.example.com:5433/handover?sslmode=verify-full", "app", "old", "other hosts"},
		"another port":       {"postgres://app:new@a.example.com,b.example.com:5434/handover?sslmode=verify-full", "app", "old", "or ports"},
		"fewer hosts":        {"postgres://app:new@a.example.com/handover?sslmode=verify-full", "app", "old", "other hosts"},
		"no TLS any more":    {"postgres://app:new@a.example.com,b.example.com:5433/handover?sslmode=disable", "app", "old", "without TLS"},
		"a name left aside":  {"postgres://app:new@a.example.com,b.example.com:5433/handover?sslmode=require", "app", "old", "without TLS"},
		"no key yet":         {first + "&sslcert=a.crt&sslkey=missing.key", "app", "old", "cannot be used"},
		"half of a file":     {"postgres://app:new@a.exa mple.com", "app", "old", "cannot be used"},
		"TLS if it is there": {"postgres://app:new@a.example.com,b.example.com:5433/handover?sslmode=prefer", "app", "old", "without TLS"},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			url := first
			connect, err := store.Connections(store.Options{
				DSN: first, Renew: func() string { return url }, Service: "orders", Log: slog.New(slog.NewTextHandler(&log, nil)),
			})
			if err != nil {
				t.Fatal(err)
			}
			url = tt.url
			for range 2 {
				c, err := connect(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if c.User != tt.user || c.Password != tt.password || c.Host != "a.example.com" || c.Database != "handover" ||
					c.TLSConfig == nil || c.TLSConfig.InsecureSkipVerify || c.TLSConfig.ServerName != "a.example.com" || len(c.Fallbacks) != 1 {
					t.Errorf("a connection of %s:%s to %s, database %s", c.User, c.Password, c.Host, c.Database)
				}
			}
			text := log.String()
			if tt.warns == "" && text != "" {
				t.Errorf("it warns: %s", text)
			}
			if tt.warns != "" && (strings.Count(text, "level=WARN") != 1 || !strings.Contains(text, tt.warns)) {
				t.Errorf("it says %q, want %q once", text, tt.warns)
			}
			if strings.Contains(text, "new") && strings.Contains(text, "app:") {
				t.Error("the log shows the password")
			}
		})
	}
}
