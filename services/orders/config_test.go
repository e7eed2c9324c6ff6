package orders

import (
	"strings"
	"testing"
	"time"

	suite "example.com/handover/pkg/config"
	"example.com/handover/pkg/id"
	"example.com/handover/services/orders/internal/link"
)

// TestConfig: what could not work is refused at start, by the name of the setting.
func TestConfig(t *testing.T) {
	if err := defaults().Validate(); err != nil {
		t.Fatalf("the defaults: %v", err)
	}
	for name, tt := range map[string]struct {
		turn func(*config)
		want string
	}{
		"no service to ask":          {func(c *config) { c.Sources = nil }, "sources"},
		"an unknown source":          {func(c *config) { c.Sources = []string{"payroll"} }, "payroll"},
		"an address without a host":  {func(c *config) { c.LinkBase = "handover" }, "link_base"},
		"an address of another kind": {func(c *config) { c.LinkBase = "ftp://handover.example.com" }, "link_base"},
		"links that hardly live":     {func(c *config) { c.LinkLife = suite.Duration(time.Minute) }, "link_life"},
	} {
		c := defaults()
		tt.turn(c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want a word about %s", name, err, tt.want)
		}
	}
}

// TestKeyOfLinks: only a sandbox makes a key of its own; anything else would end every link with its data folder.
func TestKeyOfLinks(t *testing.T) {
	folder := t.TempDir()
	if _, err := defaults().signer(false, folder); err == nil || !strings.Contains(err.Error(), "link_key") {
		t.Errorf("a live system without a key starts: %v", err)
	}
	first, err := defaults().signer(true, folder)
	if err != nil {
		t.Fatal(err)
	}
	second, err := defaults().signer(true, folder) // after a restart
	if err != nil {
		t.Fatal(err)
	}
	sent := testLink()
	named, err := second.Read(first.Token(sent))
	if err != nil || named.OrderID != sent.OrderID {
		t.Errorf("after a restart the link is %v, %v", named, err)
	}
}

func testLink() link.Named {
	return link.Named{OrderID: id.New(prefixOrder), Number: 1, ExpiresAt: time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)}
}
