package invoicepdf

import (
	"testing"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"pgregory.net/rapid"

	"example.com/handover/pkg/money"
	"example.com/handover/services/billing/internal/invoice"
	"example.com/handover/services/billing/internal/statement"
)

// TestAnyTextIsDrawn: no name stops an invoice, in whatever script it is written.
func TestAnyTextIsDrawn(t *testing.T) {
	amount, err := money.Parse("EUR", "1.00")
	if err != nil {
		t.Fatal(err)
	}
	make := func(text string) error {
		_, err := Make(&invoice.Invoice{
			Number: "2026-000001", Total: amount, Issuer: invoice.Party{Name: text, CountryCode: "CH"},
			BillTo: invoice.Party{Name: text, CountryCode: "CH", Attention: text}, Lines: []statement.Line{{Description: text, Price: amount}},
		})
		return err
	}
	for _, text := range []string{
		"😀 Ltd", "𠮷野", "株式会社サンプル", "Việt Nam Ví Dụ", "شركة المثال", "חברה", "ตัวอย่าง",
		"👩\u200d💻", "\u202egnp.exe", "a\nb\tc\x00", "\xf0\x9f", "\xe0", "",
	} {
		if err := make(text); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		if text := rapid.String().Draw(t, "text"); make(text) != nil {
			t.Fatalf("%q: %v", text, make(text))
		}
	})
}

// TestDrawn: what the face knows stands as it is written, and what it lacks can be seen to be missing.
func TestDrawn(t *testing.T) {
	g, err := newGlyphs()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"Example Customer AG": "Example Customer AG", "Zażółć gęślą jaźń S.A.": "Zażółć gęślą jaźń S.A.", "Ольга Пример": "Ольга Пример",
		"Zoe\u0308": "Zoë", "1 € – “½”": "1 € – “½”", "😀 Ltd": "\ufffd Ltd", "𠮷野": "\ufffd\ufffd", "Việt Nam Ví Dụ": "Viet Nam Ví Du",
		"👩\u200d💻\ufe0f": "\ufffd\ufffd", "a\nb\tc\x00\u202ed": "a b cd", "\xf0\x9f": "\ufffd\ufffd",
	} {
		if got := g.drawn(text); got != want {
			t.Errorf("%q is drawn %q, want %q", text, got, want)
		}
	}
}

// TestBothWeights have the same characters: what is drawn is asked of one of them.
func TestBothWeights(t *testing.T) {
	regular, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	bold, err := sfnt.Parse(gobold.TTF)
	if err != nil {
		t.Fatal(err)
	}
	g, h := glyphs{font: regular}, glyphs{font: bold}
	for r := range rune(0x20000) {
		if g.has(r) != h.has(r) {
			t.Errorf("%U is in one weight alone", r)
		}
	}
	if !g.has(missing) {
		t.Error("the sign for what is missing is missing")
	}
}
