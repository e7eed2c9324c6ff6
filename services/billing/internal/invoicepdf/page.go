package invoicepdf

import (
	"fmt"
	"slices"

	"codeberg.org/go-pdf/fpdf"

	"example.com/handover/services/billing/internal/invoice"
	"example.com/handover/services/billing/internal/statement"
)

// page draws one invoice from top to bottom.
type page struct {
	pdf   *fpdf.Fpdf
	known *glyphs
	*invoice.Invoice
}

// head shows who, to whom, and which.
func (s page) head() {
	s.bold(11)
	s.row(s.Issuer.Name)
	s.plain(9)
	s.row(s.Issuer.CountryCode)
	s.pdf.Ln(2 * lineHigh)
	s.bold(20)
	s.pdf.CellFormat(width, 2*lineHigh, title(s.Invoice), "", 1, "L", false, 0, "")
	s.pdf.Ln(lineHigh)

	top := s.pdf.GetY()
	s.plain(9)
	s.row("Bill to")
	s.bold(10)
	s.row(s.BillTo.Name)
	s.plain(10)
	if s.BillTo.Attention != "" {
		s.row("Attention: " + s.BillTo.Attention)
	}
	s.row(s.BillTo.CountryCode)
	bottom := s.pdf.GetY()

	s.pdf.SetY(top)
	for _, fact := range [][2]string{
		{"Month", s.Month.Start().Format("January 2006")}, {"Issued", date(s.IssuedAt)}, {"Due", date(s.DueAt)},
	} {
		s.pdf.SetX(margin + width/2)
		s.pdf.CellFormat(width/4, lineHigh, fact[0], "", 0, "L", false, 0, "")
		s.pdf.CellFormat(width/4, lineHigh, fact[1], "", 1, "R", false, 0, "")
	}
	s.pdf.SetY(max(bottom, s.pdf.GetY()) + 2*lineHigh)
}

// lines shows what is charged.
func (s page) lines() {
	s.bold(10)
	s.pair("AWS services in "+s.Month.Start().Format("January 2006"), "Amount", "B")
	s.plain(10)
	for _, l := range s.Lines {
		s.pair(l.Description, shown(l.Price), "")
	}
	if len(s.Lines) == 0 {
		s.pair("Nothing was charged", "", "")
	}
}

// sum shows what is to be paid, and how AWS's currency became this one.
func (s page) sum() {
	s.pdf.Ln(lineHigh / 2)
	s.bold(11)
	s.pair("Total due by "+date(s.DueAt), shown(s.Total), "T")
	for i, words := range conversions(s.Exchanges) {
		if s.plain(8); i == 0 {
			s.pdf.Ln(lineHigh / 2)
		}
		s.row(words)
	}
}

// conversions says at which rates, and that a rate is not AWS's. What is alike of all sellers is said once.
func conversions(all []statement.Exchange) (out []string) {
	said := func(x statement.Exchange) string {
		words := fmt.Sprintf("onverted at %s %s for 1 %s", x.Rate, x.To, x.From)
		if x.Source == statement.FromPricebook {
			words += ", a rate of the seller's"
		}
		return words + "."
	}
	alike := !slices.ContainsFunc(all, func(x statement.Exchange) bool { return said(x) != said(all[0]) })
	for _, x := range all {
		switch words := said(x); {
		case alike:
			return []string{"C" + words}
		case x.Entity == statement.Marketplace:
			out = append(out, "AWS Marketplace: c"+words)
		default:
			out = append(out, "AWS: c"+words)
		}
	}
	return out
}

func (s page) footer() {
	s.pdf.SetY(-margin)
	s.plain(8)
	// on the left: the library right-aligns the alias, not the number
	text := fmt.Sprintf("Invoice %s, page %d of {pages}", s.Number, s.pdf.PageNo())
	s.pdf.CellFormat(width, lineHigh, text, "", 0, "L", false, 0, "")
}

// pair is a row with an amount at its right. What is too long for its column goes on below.
func (s page) pair(text, amount, border string) {
	all := s.pdf.SplitText(s.known.drawn(text), width-amounts)
	for n, part := range all {
		right := ""
		if n == len(all)-1 {
			right = amount
		}
		s.pdf.CellFormat(width-amounts, lineHigh, part, border, 0, "L", false, 0, "")
		s.pdf.CellFormat(amounts, lineHigh, right, border, 1, "R", false, 0, "")
	}
}

// row is a line of text; nothing for an empty one.
func (s page) row(text string) {
	if text = s.known.drawn(text); text != "" {
		s.pdf.MultiCell(width/2, lineHigh, text, "", "L", false)
	}
}

func (s page) plain(size float64) { s.pdf.SetFont(face, "", size) }
func (s page) bold(size float64)  { s.pdf.SetFont(face, "B", size) }
