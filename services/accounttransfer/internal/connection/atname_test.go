package connection

import (
	"strings"
	"testing"
	"unicode"
)

func TestNameAtAWS(t *testing.T) {
	const order = "ord_06h2ijlh6pv5ld5vvi86udj1ms"
	for seller, want := range map[string]string{
		"Example Reseller AG":       "Example Reseller AG",
		"Müller & Søn, Łódź":        "Muller & Son, Lodz",
		"Straßen [Cloud] <b>":       "Strassen (Cloud) b",
		"株式会社サンプル":                  anonymous,
		"":                          anonymous,
		"  Two\u00a0 spaces  ":      "Two spaces",
		"<script>alert(1)</script":  "scriptalert(1)/script",
		strings.Repeat("Long ", 40): strings.TrimSpace(strings.Repeat("Long ", 40)[:longestSeller]),
	} {
		c := invited(t)
		c.SellerName, c.OrderID, c.Note = seller, order, "<script>"
		inv := c.Current()
		name := NameAtAWS(c, inv)
		if name != want+", order "+order+", from Dec 2026 ["+inv.Name+"]" || len(name) > 128 {
			t.Errorf("%q: AWS is to show %q, %d characters", seller, name, len(name))
		}
		if strings.ContainsFunc(name, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsPrint(r) }) {
			t.Errorf("AWS does not take %q", name)
		}
		if Reference(name) != inv.Name || NamedBy(name) != c.TransferID {
			t.Errorf("%q leads to %q", name, Reference(name))
		}
		for param, said := range NoteAtAWS(c, inv).Params {
			if strings.ContainsAny(said, "<>") {
				t.Errorf("%s is said as %q", param, said)
			}
		}
	}
	for _, other := range []string{"somebody else's", "", "[trf_1-1]", "half [trf_1-1", "trf_1-1"} {
		if Reference(other) != other {
			t.Errorf("%q leads to %q", other, Reference(other))
		}
	}
}

// TestMemberNoteAtAWS: an account that is invited to an organization reads who asks and for which order, in what AWS takes.
func TestMemberNoteAtAWS(t *testing.T) {
	for seller, want := range map[string]string{
		"Example Reseller AG": "Example Reseller AG", "": anonymous, "<b>Cloud</b>": "bCloud/b",
		strings.Repeat("W", 300): strings.Repeat("W", longestNote),
	} {
		note := MemberNoteAtAWS(&Connection{SellerName: seller, OrderID: "ord_1", Note: "<script>"}, second)
		if p := note.Params; p["seller"] != want || p["order_id"] != "ord_1" || p["account_id"] != second || p["note"] != "script" {
			t.Errorf("%q: AWS is to show %v", seller, p)
		}
	}
}

// TestLongestNameAtAWS: ids of full length and a start in the month with the longest name leave room for the name of the reseller.
func TestLongestNameAtAWS(t *testing.T) {
	c := &Connection{SellerName: strings.Repeat("W", 200), OrderID: "ord_" + strings.Repeat("0", 26)}
	for attempt, fits := range map[string]bool{"-9": true, "-999": true} {
		inv := &Invitation{Name: "trf_" + strings.Repeat("0", 26) + attempt, StartAt: at("2026-09-01")}
		if n := len(NameAtAWS(c, inv)); (n <= 128) != fits {
			t.Errorf("attempt %s: %d characters", attempt, n)
		}
	}
}
