// Package invoicepdf makes the document of an invoice: a PDF on A4 that shows just what was issued. The same invoice gives
// the same bytes, whenever and wherever it is made, so that its hash says whether a document is the one that was sent.
//
// It owns how an invoice looks. It owns no amount and no date: it computes nothing.
package invoicepdf

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"example.com/handover/pkg/money"
	"example.com/handover/services/billing/internal/invoice"
)

// ContentType is what a document is.
const ContentType = "application/pdf"

// FileName is the name for a file.
func FileName(number string) string { return "invoice-" + number + ".pdf" }

// Measures of the page, in millimetres.
const (
	pageWidth = 210.0
	margin    = 20.0
	width     = pageWidth - 2*margin
	amounts   = 45.0 // width of the column of amounts
	lineHigh  = 6.0
)

// The type face knows the scripts of Europe, so that names stand as they are written. What it lacks is shown to be missing:
// no name stops an invoice.
const face = "Go"

// Make returns the document.
func Make(i *invoice.Invoice) ([]byte, error) {
	known, err := newGlyphs()
	if err != nil {
		return nil, err
	}
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetCreationDate(i.IssuedAt)
	pdf.SetModificationDate(i.IssuedAt)
	pdf.SetCatalogSort(true) // the order of a map would change the bytes
	pdf.SetProducer("Handover", true)
	pdf.SetTitle(title(i), true)
	pdf.SetAuthor(known.drawn(i.Issuer.Name), true)
	pdf.SetLang("en")
	pdf.AddUTF8FontFromBytes(face, "", goregular.TTF)
	pdf.AddUTF8FontFromBytes(face, "B", gobold.TTF)
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(true, margin+lineHigh)
	pdf.AliasNbPages("{pages}")
	s := page{pdf, known, i}
	pdf.SetFooterFunc(s.footer)
	pdf.AddPage()
	s.head()
	s.lines()
	s.sum()
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("make the document of invoice %s: %w", i.Number, err)
	}
	return out.Bytes(), nil
}

// title is what the document is headed with.
func title(i *invoice.Invoice) string {
	if i.Final {
		return "Final invoice " + i.Number
	}
	return "Invoice " + i.Number
}

// shown is an amount as people read it: "1,234.50 EUR".
func shown(m money.Money) string {
	digits, sign := m.Amount(), ""
	if rest, negative := strings.CutPrefix(digits, "-"); negative {
		digits, sign = rest, "-"
	}
	whole, fraction, hasFraction := strings.Cut(digits, ".")
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	if hasFraction {
		whole += "." + fraction
	}
	return sign + whole + " " + m.Currency()
}

func date(t time.Time) string { return t.UTC().Format("2 January 2006") }
